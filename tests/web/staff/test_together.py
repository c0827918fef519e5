import pytest

from sangto.desk.models import Case
from sangto.people.actions import found_unit, grant
from tests.factories import LAMP, NOW, holder, make_member, make_unit, make_version, send
from tests.web.staff.pages import Page, at, signed_in

pytestmark = pytest.mark.django_db

CLAIMS = ("Có đúng là đội nhà sẽ thắng trận tới?", "Có phải phim mới rất hay không?")


@pytest.fixture(autouse=True)
def first():
    return make_unit()


def outcomes(response) -> list[tuple[str, bool]]:
    return [(each["number"], each["is_done"]) for each in response.context["outcomes"]]


def states() -> list[str]:
    return list(Case.objects.order_by("pk").values_list("state", flat=True))


def test_each_case_is_closed_or_refused_by_itself():
    one, two, lamp, begun = (send(text).case for text in (*CLAIMS, LAMP, "Có đúng là cầu Rồng đóng cửa sáng mai?"))
    Case.objects.filter(pk=lamp.pk).update(kind="problem")
    make_version(begun)
    client = signed_in(make_member("lan"))
    numbers = [one.number, lamp.number, begun.number, two.number, one.number]

    response = client.post(at("together"), {"do": "close", "case": numbers})

    assert outcomes(response) == [(one.number, True), (lamp.number, False), (begun.number, False), (two.number, True)]
    assert states() == ["closed", "closed", "open", "open"]
    page = Page(response)
    assert page.shows("Something to fix cannot be closed as not checkable.") and page.shows("Discard the draft first.")


def test_a_case_of_another_unit_is_not_there_and_its_number_is_not_shown_back():
    theirs = found_unit("xa", name="Phường khác", on=NOW.date())
    case = send(CLAIMS[0]).case
    Case.objects.filter(pk=case.pk).update(unit=theirs)

    numbers = [case.number, "<b>", "2026-999999"]
    response = signed_in(make_member("lan")).post(at("together"), {"do": "close", "case": numbers})

    assert outcomes(response) == [("", False)] * 3
    assert (states(), case.number in Page(response).html, "<b><" in Page(response).html) == (["open"], False, False)


def test_a_dispatcher_hands_over_and_an_editor_may_not():
    theirs = found_unit("xa", name="Phường khác", on=NOW.date())
    one, two = (send(text).case for text in CLAIMS)
    typed = {"do": "hand-over", "unit": theirs.code, "why": "Đường bên ấy.", "case": [one.number, two.number]}

    refused = signed_in(make_member("lan")).post(at("together"), typed)
    assert outcomes(refused) == [(one.number, False), (two.number, False)]

    dispatcher = holder("dispatcher")
    done = signed_in(dispatcher).post(at("together"), typed)
    assert outcomes(done) == [(one.number, True), (two.number, True)]
    assert set(Case.objects.values_list("unit", flat=True)) == {theirs.pk}


def test_roles_count_in_the_unit_of_each_case():
    theirs = found_unit("xa", name="Phường khác", on=NOW.date())
    here, there = (send(text).case for text in CLAIMS)
    Case.objects.filter(pk=there.pk).update(unit=theirs)
    reader = holder("intake")
    grant(reader, unit=theirs, role="auditor", by=None, now=NOW)

    response = signed_in(reader).post(at("together"), {"do": "close", "case": [here.number, there.number]})

    assert outcomes(response) == [(here.number, True), (there.number, False)]


@pytest.mark.parametrize("typed", [{}, {"do": "close"}, {"do": "erase", "case": ["2026-000001"]}, {"case": ["x"]}])
def test_nothing_chosen_is_said(typed):
    send(CLAIMS[0])
    response = signed_in(make_member("lan")).post(at("together"), typed)

    assert (response.status_code, states()) == (200, ["open"])
    assert Page(response).shows("Nothing was done")


def test_boxes_are_shown_to_whom_they_serve():
    number = send(CLAIMS[0]).case.number

    shown = {role: f'value="{number}"' in Page(signed_in(holder(role)).get(at("inbox"))).html
             for role in ("intake", "dispatcher", "auditor")}  # fmt: skip

    assert shown == {"intake": True, "dispatcher": True, "auditor": False}


def test_cases_are_taken_together():
    one, two = (send(text).case for text in CLAIMS)
    lan = make_member("lan")

    response = signed_in(lan).post(at("together"), {"do": "take", "case": [one.number, two.number]})

    assert outcomes(response) == [(one.number, True), (two.number, True)]
    assert set(Case.objects.values_list("assigned_to", flat=True)) == {lan.pk}
