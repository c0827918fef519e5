"""Templates: kept by a unit, filled into what is empty, and never sent on with a placeholder."""

import pytest
from django.db import IntegrityError, transaction

from sangto.desk import actions, rules
from sangto.desk.actions import CannotKeepTemplate, CannotWrite, TemplateContent
from sangto.desk.models import AnswerVersion, Template
from sangto.people.actions import found_unit
from sangto.people.models import Deed
from tests.factories import LAMP, NOW, TICKS, content, make_member, make_unit, send
from tests.web.staff.pages import Page, at, signed_in, typed

pytestmark = pytest.mark.django_db
WORDS = {
    "kind": "claim",
    "lang": "vi",
    "name": "Tin y tế",
    "summary": "Chưa có bằng chứng [điều gì].",
    "text": "Theo [nguồn].",
}


@pytest.fixture
def lan():
    return make_member("lan")


@pytest.fixture
def client(lan):
    return signed_in(lan)


def make(by, unit=None, **changes) -> Template:
    return actions.make_template(unit or make_unit(), content=TemplateContent(**{**WORDS, **changes}), by=by, now=NOW)


def form(**changes: str) -> dict[str, str]:
    return {**WORDS, "unit": str(make_unit().pk), "do": "keep", **changes}


def test_template_is_kept_changed_and_put_away(client, lan):
    made = client.post(at("templates"), form())
    template = Template.objects.get()
    changed = client.post(f"{at('templates')}/{template.pk}", form(name="Tin sức khoẻ"))
    listed = Page(client.get(at("templates"))).shows("Tin sức khoẻ")
    away = client.post(f"{at('templates')}/{template.pk}", {"do": "archive"})

    template.refresh_from_db()
    assert [each.status_code for each in (made, changed, away)] == [303] * 3
    assert (template.name, template.by, listed, template.archived_at is not None) == ("Tin sức khoẻ", lan, True, True)
    assert not Page(client.get(at("templates"))).shows("Tin sức khoẻ")
    assert client.get(f"{at('templates')}/{template.pk}").status_code == 404


def test_each_step_on_a_template_is_in_the_trail_of_its_unit(lan):
    template = make(lan)
    actions.change_template(template, content=TemplateContent(**{**WORDS, "name": "Khác"}), by=lan, now=NOW)
    actions.archive_template(template, by=lan, now=NOW)

    found = Deed.objects.filter(kind="template", number=str(template.pk), unit=template.unit, member=lan).order_by("pk")
    assert list(found.values_list("what", flat=True)) == ["made_template", "changed_template", "archived_template"]


def test_template_that_is_refused_leaves_no_trace(lan):
    with pytest.raises(CannotKeepTemplate):
        make(lan, name=" ")

    assert not Deed.objects.filter(kind="template").exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": " "}, "Give the template a name."),
        ({"summary": "", "text": " "}, "Write a summary or a text"),
        ({"summary": "x" * 301}, "Something is longer than it may be."),
        ({"text": "x" * 20_001}, "Something is longer than it may be."),
        ({"kind": "opinion"}, "Choose something to check or something to fix."),
        ({"lang": "xx"}, "Choose one of the languages."),
        ({"unit": "999"}, "Your role on the desk does not allow this."),
        ({"unit": "x"}, "Your role on the desk does not allow this."),
    ],
)
def test_mistake_is_said_and_what_was_typed_stays(client, changes, said):
    response = client.post(at("templates"), form(**changes))

    page = Page(response)
    assert response.status_code == 409
    assert page.shows(said)
    assert page.values["text"] == form(**changes)["text"]
    assert not Template.objects.exists()


def test_name_is_used_once_a_unit(client, lan):
    template = make(lan)
    other = make(lan, name="Khác")

    again = client.post(at("templates"), form())
    renamed = client.post(f"{at('templates')}/{other.pk}", form())

    assert [each.status_code for each in (again, renamed)] == [409, 409]
    assert Page(again).shows("This unit has a template with this name.")
    assert set(Template.objects.values_list("pk", flat=True)) == {template.pk, other.pk}


def test_other_unit_neither_sees_nor_changes_it(lan):
    template = make(lan)
    there = found_unit("xa", name="Xa", on=NOW.date())
    stranger = signed_in(make_member(unit=there))

    page = Page(stranger.get(at("templates")))

    assert not page.shows("Tin y tế")
    assert stranger.post(f"{at('templates')}/{template.pk}", form(name="Của tôi")).status_code == 404
    assert stranger.post(at("templates"), form()).status_code == 409


def test_panel_offers_those_of_the_unit_and_the_kind(client, lan):
    make(lan)
    make(lan, name="Sự cố", kind="problem")
    there = found_unit("xa", name="Xa", on=NOW.date())
    make(make_member(unit=there), there, name="Ở nơi khác")

    found = [
        [each.name for each in client.get(at("case", send(text).case)).context["templates"]]
        for text in ("Muối trị cúm?", LAMP)
    ]

    assert found == [["Tin y tế"], ["Sự cố"]]


def test_template_fills_only_what_is_empty_and_saves_nothing(client, lan):
    case, template = send().case, make(lan)

    page = Page(
        client.post(at("write", case), typed(do="template", template=str(template.pk), text=" ", summary="Của tôi."))
    )

    assert (page.values["summary"], page.values["text"]) == ("Của tôi.", "Theo [nguồn].")
    assert page.values["sources-0-title"] == "Trang chủ Bộ Y tế"
    assert page.ticked == set(TICKS)
    assert not AnswerVersion.objects.exists()


@pytest.mark.parametrize("pk", ["", "x", "999"])
def test_template_that_is_not_there_changes_nothing(client, pk):
    page = Page(client.post(at("write", send().case), typed(do="template", template=pk, text="")))

    assert (page.values["summary"], page.values["text"]) == ("Không.", "")


@pytest.mark.parametrize("field", ["summary", "text"])
def test_placeholder_left_is_not_sent_to_review(client, field):
    case = send().case

    response = client.post(at("write", case), typed(do="submit", **{field: "Theo [nguồn], không."}))

    assert response.status_code == 409
    assert Page(response).shows("Something in square brackets is still to be filled in")
    assert AnswerVersion.objects.get().state == "draft"


def test_action_refuses_a_placeholder_too(lan):
    version = actions.draft(send().case, content=content(send().case, text="Ngày [ngày]."), by=lan, now=NOW)

    with pytest.raises(CannotWrite) as refusal:
        actions.submit(version, by=lan, ticks=TICKS)
    assert refusal.value.code == "placeholder"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Theo [nguồn] ngày [ngày].", ["[nguồn]", "[ngày]"]),
        ("Xem [1] và [12].", []),
        ("Ông nói [...] rồi [sic].", []),
        ("[]", []),
        ("[a\nb]", []),
        ("[Địa điểm]", ["[Địa điểm]"]),
    ],
)
def test_what_is_a_placeholder(text, found):
    assert rules.placeholders(text) == found


@pytest.mark.parametrize("values", [{"kind": "x"}, {"lang": "x"}, {"name": ""}, {"summary": "", "text": ""}])
def test_database_keeps_templates_whole(lan, values):
    make(lan)

    with pytest.raises(IntegrityError), transaction.atomic():
        Template.objects.update(**values)
