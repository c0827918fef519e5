"""The public page of a unit: an ended one leads to its successor, a divided one shows the choice."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils.translation import override

from sangto.engine.unit_changes import Changes
from tests.factories import make_member
from tests.people.steps import BEGIN, begin, event, place, ref

pytestmark = pytest.mark.django_db
DAY = date(2021, 3, 1)


@pytest.fixture
def two():
    begin()
    return {"by": make_member(), "checked_by": make_member(role="approver")}


def get(client, code: str, **query: str):
    return client.get(address(code), query)


def address(code: str) -> str:
    with override("en"):
        return reverse("unit", args=[code])


def merge(two, *, code: str) -> None:
    hill, lake = ref("11", on=BEGIN), ref("12", on=BEGIN)
    new = place(code, "Both", ref("1", on=BEGIN))
    changes = Changes((("n1", new),), (), (hill, lake), ((hill, "n1", "whole"), (lake, "n1", "whole")))
    event("merge", changes, on=DAY, **two)


def test_unit_that_lives_is_shown_with_what_it_belongs_to(two, client):
    page = get(client, "11").content.decode()

    assert "Hill" in page
    assert "Province North" in page


def test_ended_unit_leads_to_its_only_successor(two, client):
    merge(two, code="31")

    assert get(client, "11").url == address("31")
    assert "Hill" in get(client, "11", on="2020-06-01").content.decode()


def test_code_that_was_given_again_names_who_had_it(two, client):
    merge(two, code="11")

    now, lake = get(client, "11").content.decode(), get(client, "12")

    assert now.index("Both") < now.index("Others that had this code before") < now.index("Hill")
    assert lake.url == address("11")


def test_divided_unit_shows_the_choice(two, client):
    hill, north = ref("11", on=BEGIN), ref("1", on=BEGIN)
    parts = (("n1", place("14", "Upper", north)), ("n2", place("15", "Lower", north)))
    event("split", Changes(parts, (), (hill,), ((hill, "n1", "part"), (hill, "n2", "part"))), on=DAY, **two)

    page = get(client, "11").content.decode()

    assert all(address(code) in page for code in ("14", "15"))


def test_unit_without_a_known_successor_says_so(two, client):
    event("close", Changes(end=(ref("21", on=BEGIN),)), on=DAY, **two)

    assert "We do not know what became of it" in get(client, "21").content.decode()


@pytest.mark.parametrize(("code", "query"), [("99", {}), ("x" * 300, {}), ("11", {"on": "soon"}), ("a\0b", {})])
def test_what_is_no_unit_is_not_found(two, client, code, query):
    assert get(client, code, **query).status_code == 404
