"""Cases in a real country through a real reform: what follows, what waits, what is counted."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from sangto.desk.actions import follow_units
from sangto.desk.models import Case, Reassignment
from sangto.desk.queries.placing import cases_to_place, messages_by_unit
from sangto.people.queries import find_unit, heirs, unit_at, units_at
from tests.factories import LAMP, send
from tests.people.vietnam import NEW, OLD, TODAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("country")]
SENT, NOW = datetime(2025, 6, 20, 9, 0, tzinfo=UTC), datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def open_cases(units: list[int]) -> None:
    values = {"kind": "problem", "lang": "vi", "question": "x", "opened_at": SENT}
    Case.objects.bulk_create([Case(unit_id=unit, **values) for unit in units])


def test_message_before_the_reform_is_found_under_the_unit_of_today():
    before = unit_at("26740", on=OLD).unit
    case = send(LAMP, now=SENT).case
    Case.objects.filter(pk=case.pk).update(unit=before)

    follow_units(now=NOW)

    today = find_unit("phuong sai gon", on=TODAY).unit
    assert Case.objects.get(pk=case.pk).unit_id == today == unit_at("26740", on=NEW).unit
    counts = messages_by_unit(on=TODAY)
    assert (counts.then, counts.today) == ({before: 1}, {today: 1})
    assert sum(counts.then.values()) == sum(counts.today.values()) + counts.not_placed == counts.total


def test_cases_of_every_divided_unit_wait_and_none_is_moved():
    old = [unit.unit for unit in units_at(on=OLD, scheme="vn", level=3)]
    divided = [unit for unit, found in heirs(old, on=TODAY).items() if len(found) > 1]
    open_cases(divided)

    assert follow_units(now=NOW) == 0
    assert len(divided) == 460
    assert Counter(cases_to_place(on=TODAY).values_list("unit", flat=True)) == Counter(divided)


def test_cases_of_whole_predecessors_follow_in_rounds():
    hoan_kiem = unit_at("00070", on=NEW).unit
    old = [unit.unit for unit in units_at(on=OLD, scheme="vn", level=3)]
    whole = [unit for unit, found in heirs(old, on=TODAY).items() if [each.share for each in found] == ["whole"]]
    ended = sorted(set(whole) - {unit.unit for unit in units_at(on=TODAY, scheme="vn")})[:600]
    open_cases(ended)

    rounds = [follow_units(now=NOW) for _ in range(3)]

    assert rounds == [500, 100, 0]
    assert Reassignment.objects.count() == 600
    assert cases_to_place(on=TODAY).count() == 0
    assert hoan_kiem in set(Case.objects.values_list("unit", flat=True))
    assert set(Case.objects.values_list("opened_at", flat=True)) == {SENT}
