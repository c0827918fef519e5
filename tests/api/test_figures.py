"""The figures over the API."""

import pytest

from tests.factories import NOW, make_answer, send

pytestmark = pytest.mark.django_db


def test_figures_of_a_period(caller):
    make_answer(send().case, now=NOW)

    body = caller.get("/api/v1/figures?from=2026-11-01&to=2026-11-30").json()

    assert (body["from"], body["to"], body["answered"], body["median_hours"]) == ("2026-11-01", "2026-11-30", 1, 0)
    assert [each["from_days"] for each in body["backlog"]] == [0, 3, 8, 31]


@pytest.mark.parametrize("asked", ["?from=x", "?from=2026-11-30&to=2026-11-01", "?from=0001-01-01", "?to=9999-12-31"])
def test_days_that_cannot_be(caller, asked):
    assert caller.get(f"/api/v1/figures{asked}").status_code == 400
