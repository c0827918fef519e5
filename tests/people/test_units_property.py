"""Whatever happens to a small country: no overlap, no gap, every place in a chain to a province, reversal restores."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from sangto.engine.unit_changes import Changes
from sangto.people.actions import CannotChangeUnits, apply_event, reverse_event
from sangto.people.models import UnitPeriod
from sangto.people.queries import heirs, predecessors, units_at
from tests.factories import make_member
from tests.people.steps import AT, BEGIN, DECREE, begin, event, place

KINDS = ("rename", "recode", "upgrade", "move", "merge", "split", "close", "found", "transfer", "reverse")
STEPS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 50), st.integers(0, 50)), min_size=3, max_size=9)
pytestmark = pytest.mark.django_db


def changes_for(kind: str, one: int, two: int, *, on: date, n: int) -> Changes | None:
    """An event of this kind on what lives that day; None where there is nothing for it."""
    places, provinces = units_at(on=on, scheme="xx", level=2), units_at(on=on, scheme="xx", level=1)
    parent = f"u{provinces[two % len(provinces)].unit}"
    fresh = place(f"5{n}", f"Place {n}", parent)
    if kind == "found":
        return Changes((("n1", fresh),))
    if len(places) < 2:
        return None
    first, second = places[one % len(places)], places[(one + 1 + two % (len(places) - 1)) % len(places)]
    a, b = f"u{first.unit}", f"u{second.unit}"
    return {
        "rename": Changes(change=((a, {"name": f"Named {n}"}),)),
        "recode": Changes(change=((a, {"code": second.code}), (b, {"code": first.code}))),
        "upgrade": Changes(change=((a, {"kind": f"kind{n}"}),)),
        "move": Changes(change=((a, {"parent": parent}),)),
        "merge": Changes((("n1", fresh),), (), (a, b), ((a, "n1", "whole"), (b, "n1", "whole"))),
        "split": Changes(
            (("n1", fresh), ("n2", place(f"6{n}", f"Other {n}", parent))), (), (a,),
            ((a, "n1", "part"), (a, "n2", "part")),
        ),
        "close": Changes(end=(a,)),
        "transfer": Changes((), ((a, {}), (b, {})), (), ((a, b, "part"),)),
    }[kind]  # fmt: skip


def everything_read() -> object:
    days = [BEGIN + timedelta(days=30 * n) for n in range(12)]
    stands = UnitPeriod.objects.filter(voided_by=None).values_list("unit", flat=True).distinct()
    units = sorted(set(stands))
    return [(units_at(on=on, scheme="xx"), {unit: heirs([unit], on=on)[unit] for unit in units}) for on in days]


def check_country() -> None:
    for n in range(12):
        on = BEGIN + timedelta(days=30 * n)
        units = {unit.unit: unit for unit in units_at(on=on, scheme="xx")}
        assert len({(unit.level, unit.code) for unit in units.values()}) == len(units)
        for unit in units.values():
            assert (unit.parent in units) if unit.level == 2 else unit.parent is None
        past = units_at(on=BEGIN, scheme="xx")
        led = {(unit.unit, heir.unit) for unit in past for heir in heirs([unit.unit], on=on)[unit.unit]}
        came = {(heir.unit, unit) for unit in units for heir in predecessors(unit, on=BEGIN)}
        assert led == came
    by_unit: dict[int, list[tuple[date, date | None]]] = {}
    for row in UnitPeriod.objects.filter(voided_by=None, scheme="xx").order_by("valid_from"):
        by_unit.setdefault(row.unit_id, []).append((row.valid_from, row.valid_to))
    for spans in by_unit.values():
        assert all(end == start for (_, end), (start, _) in zip(spans, spans[1:], strict=False))


class Countries(TestCase):
    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def test_any_history_is_sound_and_can_be_taken_back(self, steps):
        begin()
        by, checked_by = make_member(), make_member(role="approver")
        done: list[tuple[object, object]] = []
        for n, (kind, one, two) in enumerate(steps, 1):
            on = BEGIN + timedelta(days=30 * n)
            before = everything_read()
            if kind == "reverse" and done:
                wrong, then = done.pop()
                apply_event(reverse_event(wrong, document=DECREE, by=by, now=AT), by=checked_by, now=AT)
                assert everything_read() == then
                continue
            changes = None if kind == "reverse" else changes_for(kind, one, two, on=on, n=n)
            if changes is None:
                continue
            try:
                done.append((event(kind, changes, on=on, by=by, checked_by=checked_by), before))
            except CannotChangeUnits:
                assert everything_read() == before
        check_country()
