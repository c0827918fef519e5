"""The staff's pages of units: today's, what changed, one with its history, and cases that need another unit."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sangto.desk.models import Case, Reassignment
from sangto.engine.unit_changes import Changes
from sangto.engine.unit_compare import Suggested
from sangto.people.actions import propose
from sangto.people.queries import unit_at
from tests.factories import LAMP, make_member, send
from tests.people.steps import AT, BEGIN, all_work_in, begin, event, place, ref
from tests.web.staff.pages import Page, at, signed_in

pytestmark = pytest.mark.django_db
DAY = date(2021, 3, 1)


@pytest.fixture
def lan():
    begin()
    return make_member("lan")


def unit_page(unit: int) -> str:
    return reverse("staff:unit", args=[unit])


def split(lan) -> None:
    hill, north = ref("11", on=BEGIN), ref("1", on=BEGIN)
    parts = (("n1", place("14", "Upper", north)), ("n2", place("15", "Lower", north)))
    changes = Changes(parts, (), (hill,), ((hill, "n1", "part"), (hill, "n2", "part")))
    event("split", changes, on=DAY, by=lan, checked_by=make_member(role="approver"))


def waiting_case(text: str = LAMP) -> Case:
    case = send(text).case
    unit = unit_at("11", on=BEGIN).unit
    Case.objects.filter(pk=case.pk).update(unit=unit)
    all_work_in(unit)
    return Case.objects.get(pk=case.pk)


def test_list_shows_what_is_on_top_and_where_it_comes_from(lan):
    page = Page(signed_in(lan).get(at("units")))

    assert all(page.shows(text) for text in ("Province North", "Province South", "a list"))
    assert not page.shows("Hill")
    assert unit_page(unit_at("1", on=BEGIN).unit) in page.links


def test_search_finds_old_names_with_what_they_are_today(lan):
    split(lan)

    page = Page(signed_in(lan).get(at("units"), {"q": "hill"}))

    assert page.shows("→ Upper, Province North; Lower, Province North")
    assert Page(signed_in(lan).get(at("units"), {"q": "nowhere\0"})).shows("No unit has this name")


def test_unit_shows_its_history_and_what_it_became(lan):
    split(lan)
    client, old, new = signed_in(lan), unit_at("11", on=BEGIN).unit, unit_at("14", on=DAY).unit

    before, after = Page(client.get(unit_page(old))), Page(client.get(unit_page(new)))

    assert before.shows("a part of it")
    assert {unit_page(new), unit_page(unit_at("15", on=DAY).unit)} <= before.links
    assert unit_page(old) in after.links
    assert after.shows("Divided: 12/NQ")


def test_unit_of_which_nobody_knows_the_successor_says_so(lan):
    port = ref("21", on=BEGIN)
    event("close", Changes(end=(port,)), on=DAY, by=lan, checked_by=make_member(role="approver"))

    assert Page(signed_in(lan).get(unit_page(int(port[1:])))).shows("Nobody knows what became of it")


@pytest.mark.parametrize("number", ["0", "999999", "x", "9" * 40, "²"])
def test_unknown_unit_is_not_found(lan, number):
    assert signed_in(lan).get(reverse("staff:unit", args=[number])).status_code == 404


def test_events_and_proposals_are_listed(lan):
    split(lan)
    propose(
        Suggested("close", Changes(end=(ref("21", on=BEGIN),)), "Port"), effective_on=DAY, scheme="xx", by=lan, now=AT
    )
    client = signed_in(lan)

    assert Page(client.get(at("units"), {"view": "events"})).shows("entered by lan")
    assert Page(client.get(at("units"), {"view": "proposals"})).shows("no document yet")


def test_case_of_a_divided_unit_waits_and_is_passed_on(lan):
    case = waiting_case()
    split(lan)
    client, here, new = signed_in(lan), at("place", case), unit_at("14", on=DAY).unit

    assert here in Page(client.get(at("units"), {"view": "cases"})).links
    assert Page(client.get(here)).html.count('type="radio"') == 2
    done = client.post(here, {"unit": str(new), "why": "It stands in the upper part."})

    assert (done.status_code, done.url) == (303, at("inbox") + "?handed=1")  # it is not theirs to read any more
    assert Case.objects.get(pk=case.pk).unit_id == new
    all_work_in(new)
    assert Page(client.get(at("case", case))).shows("It stands in the upper part.")


@pytest.mark.parametrize(
    ("unit", "why", "said"),
    [
        ("", "because", "Choose a unit that exists today."),
        ("x", "because", "Choose a unit that exists today."),
        ("9" * 30, "because", "Choose a unit that exists today."),
        ("new", " ", "Say in a few words why this unit answers."),
    ],
)
def test_refusal_keeps_what_was_typed(lan, unit, why, said):
    case = waiting_case()
    split(lan)
    new = str(unit_at("14", on=DAY).unit)

    response = signed_in(lan).post(at("place", case), {"unit": new if unit == "new" else unit, "why": why, "q": "lake"})

    page = Page(response)
    assert (response.status_code, page.shows(said)) == (409, True)
    assert (page.values["why"].strip(), page.values["q"]) == (why.strip(), "lake")
    assert page.shows("Lake")
    assert Reassignment.objects.count() == 0


def test_number_of_queries_does_not_grow_with_the_queue(lan):
    waiting_case()
    split(lan)
    client = signed_in(lan)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(at("units"), {"view": "cases"}).status_code == 200
        return len(queries)

    client.get(at("units"))
    one = cost()
    for text in ("Rác chất đống trước cổng chợ", "Cây đổ chắn lối đi trong ngõ"):
        waiting_case(text)

    assert cost() == one
