"""The page of figures and its table."""

import csv

import pytest

from sangto.desk.queries.figures import AGES
from sangto.web.figure_wording import NAMES
from tests.factories import NOW, make_answer, send

pytestmark = pytest.mark.django_db
PERIOD = "?from=2026-11-01&to=2026-11-30"


def test_page_shows_what_the_table_says(client):
    make_answer(send().case, now=NOW)

    html = client.get(f"/en/figures{PERIOD}").content.decode()
    rows = dict(csv.reader(client.get(f"/figures.csv{PERIOD}").content.decode().splitlines()))

    assert rows["answered"] == "1"
    assert rows["from"] == "2026-11-01"
    assert set(NAMES) <= set(rows)
    assert len(rows) == 1 + 2 + len(NAMES) + len(AGES)
    assert "Half of the first answers came within (hours)" in html
    assert html.count("<rect") == len(AGES)


def test_empty_desk_has_a_page(client):
    assert client.get("/en/figures").status_code == 200


@pytest.mark.parametrize(
    "asked",
    ["?from=x", "?from=2026-13-01", "?from=2026-11-30&to=2026-11-01", "?from=0001-01-01&to=9999-12-31", "?to=%00"],
)
def test_days_that_cannot_be(client, asked):
    page, table = client.get(f"/en/figures{asked}"), client.get(f"/en/figures.csv{asked}")

    assert (page.status_code, table.status_code) == (400, 400)
    assert "That did not work" in page.content.decode()


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_days_at_the_ends_of_time(client, day):
    assert client.get(f"/en/figures?from={day}&to={day}").status_code in (200, 400)
