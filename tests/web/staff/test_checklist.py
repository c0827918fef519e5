"""The checklist: what the desk sees by itself, and what writer and approver say with their own ticks."""

import pytest
from django.utils import timezone

from sangto.desk import actions, rules
from sangto.desk.actions import CannotPublish, CannotWrite
from sangto.desk.models import AnswerVersion, Approval
from sangto.people.actions import issue_token
from sangto.web.checklist_wording import COMMITMENTS, LINES
from tests.factories import LAMP, NOW, TICKS, content, make_answer, make_member, make_version, make_withdrawal, send
from tests.web.staff.pages import NO_SOURCE, Page, at, just_confirmed, signed_in, typed

pytestmark = pytest.mark.django_db
SAID_OF_A_PROBLEM = ("sources_read", "other_side")


@pytest.fixture
def lan():
    return make_member("lan")


@pytest.fixture
def minh():
    return make_member("minh", role="approver")


def lines_on(client, case) -> dict[str, bool | None]:
    """The lines of the page's checklist: whether each is met, None for what is ticked."""
    found = client.get(at("case", case)).context["checklist"]
    return {line.code: line.is_met for each in found for line in each.lines}


def boxes(page: Page) -> set[str]:
    return {code for code in rules.TICKS if page.shows(f'id="tick-{code}"')}


def code_of(error, action, *args, **kwargs) -> str:
    with pytest.raises(error) as refusal:
        action(*args, **kwargs)
    return refusal.value.code


# --- what is asked ---


def test_every_line_has_words_and_every_commitment_is_there(lan):
    case = send().case

    found = signed_in(lan).get(at("case", case)).context["checklist"]

    assert [each.title for each in found] == list(COMMITMENTS.values())
    assert {*rules.TICKS} <= set(LINES)
    assert all(each.lines for each in found)


def test_lines_that_the_desk_sees_say_what_is_saved(lan):
    case = send().case
    client = signed_in(lan)
    at_first = lines_on(client, case)
    client.post(at("write", case), typed(verdict="", **NO_SOURCE))
    without = lines_on(client, case)
    client.post(at("write", case), typed(text="Ông Nguyễn Văn Khải đã sửa."))
    with_a_name = lines_on(client, case)

    computed = ("verdict", "sources", "names")
    assert [at_first[code] for code in computed] == [False, False, False]
    assert [without[code] for code in computed] == [False, False, True]
    assert [with_a_name[code] for code in computed] == [True, True, False]
    assert {code for code, met in at_first.items() if met is None} == set(TICKS)


def test_correction_asks_for_its_change(lan):
    case = send().case
    make_answer(case)
    actions.start_correction(case, by=lan, now=NOW)

    assert lines_on(signed_in(lan), case)["change"] is False


def test_problem_is_not_asked_whether_it_rates_a_claim(lan):
    case = send(LAMP).case

    page = Page(signed_in(lan).get(at("case", case)))

    assert boxes(page) == set(SAID_OF_A_PROBLEM)


def test_withdrawal_has_no_checklist(lan, minh):
    case = send().case
    make_answer(case)
    actions.start_withdrawal(case, change="Sai.", by=lan, now=NOW)

    assert boxes(Page(signed_in(minh).get(at("case", case)))) == set()


# --- who has to say it ---


@pytest.mark.parametrize("left_out", TICKS)
def test_writer_ticks_every_line(left_out, lan):
    case = send().case
    version = actions.draft(case, content=content(case), by=lan, now=NOW)
    ticks = [each for each in TICKS if each != left_out]

    assert code_of(CannotWrite, actions.submit, version, by=lan, ticks=ticks) == "unchecked"
    assert (AnswerVersion.objects.get().state, Approval.objects.count()) == ("draft", 0)


@pytest.mark.parametrize("left_out", TICKS)
def test_approver_ticks_every_line_too(left_out, minh):
    version = make_version(send().case)
    ticks = [each for each in TICKS if each != left_out]

    assert code_of(CannotPublish, actions.publish, version, by=minh, now=NOW, ticks=ticks) == "unchecked"
    assert (AnswerVersion.objects.get().state, Approval.objects.count()) == ("in_review", 1)


def test_rows_keep_which_list_was_answered_and_how(minh):
    version = make_version(send().case)

    actions.publish(version, by=minh, now=NOW, ticks=[*TICKS, "something else"])

    kept = Approval.objects.order_by("pk").values_list("role", "checklist", "ticks")
    assert list(kept) == [(role, rules.CHECKLIST, " ".join(TICKS)) for role in ("author", "approver")]


def test_withdrawal_needs_no_tick():
    case = send().case
    make_answer(case)

    withdrawal = make_withdrawal(case)

    assert list(Approval.objects.filter(version=withdrawal).values_list("checklist", "ticks")) == [(0, ""), (0, "")]


def test_refused_writer_keeps_text_and_ticks_and_reads_why(lan):
    case = send().case

    response = signed_in(lan).post(at("write", case), typed(do="submit", tick=["sources_read"]))

    page = Page(response)
    assert response.status_code == 409
    assert page.shows("Answer each question of the checklist with a tick.")
    assert page.ticked == {"sources_read"}
    assert AnswerVersion.objects.get().state == "draft"


def test_one_more_source_keeps_the_ticks(lan):
    page = Page(signed_in(lan).post(at("write", send().case), typed(do="add-source", tick=["other_side"])))

    assert page.ticked == {"other_side"}


def test_refused_approver_keeps_ticks_and_reads_why(minh):
    case = send().case
    make_version(case)
    client = signed_in(minh)
    seen = Page(client.get(at("case", case))).values["seen"]

    response = client.post(at("publish", case), {"seen": seen, "tick": ["other_side"]})

    page = Page(response)
    assert response.status_code == 409
    assert page.shows("If one cannot be ticked, send the text back.")
    assert page.ticked == {"other_side"}


def test_who_shows_again_that_it_is_they_comes_back_with_their_ticks(minh):
    case = send().case
    make_version(case)
    client = signed_in(minh)
    seen = Page(client.get(at("case", case))).values["seen"]
    just_confirmed(client, minh, ago_s=3600)

    response = client.post(at("publish", case), {"seen": seen, "tick": ["sources_read", "other_side"]})
    back = client.get(at("case", case), {"done": "confirmed", "ticked": "sources_read other_side"})

    assert response.status_code in (302, 303)
    assert "ticked%3Dsources_read" in response.url
    assert Page(back).ticked == {"sources_read", "other_side"}
    assert AnswerVersion.objects.get().state == "in_review"


def test_ticks_of_a_draft_are_not_kept(lan):
    """They are said at the moment of sending; a saved draft says nothing yet."""
    case = send().case
    client = signed_in(lan)
    client.post(at("write", case), typed())

    assert Page(client.get(at("case", case))).ticked == set()


def test_api_asks_the_same(client, lan, minh):
    case = send().case
    version = actions.draft(case, content=content(case), by=lan, now=timezone.now())
    path = f"/api/v1/cases/{case.number}"

    def post(member, where, body):
        token = issue_token(member, now=NOW, may_approve=True)
        headers = {"authorization": f"Bearer {token}"}
        return client.post(f"{path}/{where}", body, content_type="application/json", headers=headers)

    refused = [post(lan, "review", {"ticks": []}), post(lan, "review", {})]
    sent = post(lan, "review", {"ticks": list(TICKS)})
    not_yet = post(minh, "approval", {"ticks": ["sources_read"]})
    published = post(minh, "approval", {"ticks": list(TICKS)})

    assert [each.json()["error"]["code"] for each in [*refused, not_yet]] == ["unchecked"] * 3
    assert (sent.status_code, published.status_code) == (200, 200)
    version.refresh_from_db()
    assert version.state == "published"
