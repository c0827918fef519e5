"""Cases of ended Units: they follow one whole successor, wait for a decision otherwise, and are counted once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import Error, transaction

from sangto.desk.actions import CannotReassign, close_not_checkable, follow_units, reassign
from sangto.desk.models import Case, Reassignment
from sangto.desk.queries.placing import cases_to_place, messages_by_unit, reassignments_of, to_place
from sangto.engine.unit_changes import Changes
from sangto.people.queries import unit_at
from tests.factories import make_member, send
from tests.people.steps import BEGIN, all_work_in, begin, event, place, ref

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 1)
NOW, BEFORE = datetime(2026, 11, 21, 9, 0, tzinfo=UTC), datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
TEXTS = ("Đèn đường hỏng ở ngõ 5", "Rác chất đống trước cổng chợ", "Nước máy đục từ hôm qua", "Cây đổ chắn lối đi")


@pytest.fixture
def two():
    begin()
    return {"by": make_member(), "checked_by": make_member(role="approver")}


def case_of(code: str, text: str) -> Case:
    case = send(text, now=BEFORE).case
    unit = unit_at(code, on=BEFORE.date()).unit
    Case.objects.filter(pk=case.pk).update(unit=unit)
    all_work_in(unit)
    return Case.objects.get(pk=case.pk)


def merge(two) -> int:
    hill, lake = ref("11", on=BEGIN), ref("12", on=BEGIN)
    new = place("11", "Both", ref("1", on=BEGIN))
    changes = Changes((("n1", new),), (), (hill, lake), ((hill, "n1", "whole"), (lake, "n1", "whole")))
    event("merge", changes, on=DAY, **two)
    return unit_at("11", on=DAY).unit


def split(two) -> None:
    hill, north = ref("11", on=BEGIN), ref("1", on=BEGIN)
    parts = (("n1", place("14", "Upper", north)), ("n2", place("15", "Lower", north)))
    event("split", Changes(parts, (), (hill,), ((hill, "n1", "part"), (hill, "n2", "part"))), on=DAY, **two)


def test_open_cases_follow_a_whole_successor_once_and_keep_their_dates(two):
    cases = [case_of(code, text) for code, text in zip(("11", "12", "21"), TEXTS, strict=False)]
    new = merge(two)

    moved = [follow_units(now=NOW), follow_units(now=NOW)]

    assert moved == [2, 0]
    after = [Case.objects.get(pk=case.pk) for case in cases]
    assert [case.unit_id for case in after[:2]] == [new, new]
    assert after[2].unit_id == cases[2].unit_id
    assert [case.opened_at for case in after] == [case.opened_at for case in cases]
    (row,) = reassignments_of(after[0])
    assert (row.from_unit_id, row.to_unit_id, row.by) == (cases[0].unit_id, new, None)


def test_closed_cases_stay_where_they_were(two):
    case = case_of("11", TEXTS[0])
    Case.objects.filter(pk=case.pk).update(kind="claim")
    close_not_checkable(Case.objects.get(pk=case.pk), by=two["by"], now=BEFORE)
    merge(two)

    assert follow_units(now=NOW) == 0
    assert Case.objects.get(pk=case.pk).unit_id == case.unit_id


def test_nothing_follows_before_the_day(two):
    case_of("11", TEXTS[0])
    merge(two)

    assert follow_units(now=BEFORE) == 0


def test_cases_of_a_divided_unit_wait_for_a_decision(two):
    case, other = case_of("11", TEXTS[0]), case_of("21", TEXTS[1])
    split(two)
    event("close", Changes(end=(ref("21", on=BEGIN),)), on=DAY, **two)

    assert follow_units(now=NOW) == 0
    assert list(cases_to_place(on=NOW.date())) == [case, other]
    waiting = to_place(cases_to_place(on=NOW.date()), on=NOW.date())
    assert [[(unit.name, share) for unit, share in each.heirs] for each in waiting] == [
        [("Upper", "part"), ("Lower", "part")],
        [],
    ]
    assert [each.was.name for each in waiting] == ["Hill", "Port"]


def test_a_member_decides_and_says_why(two):
    case = case_of("11", TEXTS[0])
    split(two)
    to = unit_at("14", on=DAY).unit

    reassign(case, to=to, why="The lamp stands in the upper part.", by=two["by"], now=NOW)

    assert Case.objects.get(pk=case.pk).unit_id == to
    assert list(cases_to_place(on=NOW.date())) == []
    (row,) = reassignments_of(case)
    assert (row.why, row.by) == ("The lamp stands in the upper part.", two["by"])
    with pytest.raises(Error), transaction.atomic():
        Reassignment.objects.update(why="x")
    with pytest.raises(Error), transaction.atomic():
        Reassignment.objects.all()._raw_delete("default")


@pytest.mark.parametrize(
    ("why", "to", "code"), [(" ", "14", "no_reason"), ("so", "11", "no_unit"), ("so", "21", "same_unit")]
)
def test_a_decision_that_cannot_be_is_refused(two, why, to, code):
    case = case_of("21", TEXTS[0])
    split(two)
    unit = unit_at(to, on=DAY) or unit_at(to, on=BEGIN)

    with pytest.raises(CannotReassign, match=code):
        reassign(case, to=unit.unit, why=why, by=two["by"], now=NOW)

    assert Reassignment.objects.count() == 0


def test_counts_of_both_views_add_up_and_nothing_counts_twice(two):
    cases = [case_of("11", TEXTS[0]), case_of("11", TEXTS[1]), case_of("21", TEXTS[2]), case_of("13", TEXTS[3])]
    hill, port = cases[0].unit_id, cases[2].unit_id
    split(two)
    changes = Changes(change=((ref("13", on=BEGIN), {"name": "Old Mill"}),))
    event("rename", changes, on=DAY, **two)
    upper = unit_at("14", on=DAY).unit
    reassign(cases[0], to=upper, why="there", by=two["by"], now=NOW)

    counts = messages_by_unit(on=NOW.date())

    assert counts.total == 4
    assert counts.then == {hill: 2, port: 1, cases[3].unit_id: 1}
    assert counts.today == {upper: 1, port: 1, cases[3].unit_id: 1}
    assert counts.not_placed == 1
    assert sum(counts.today.values()) + counts.not_placed == sum(counts.then.values()) == counts.total


def test_following_costs_the_same_however_many_wait(two, django_assert_max_num_queries):
    for text in TEXTS:
        case_of("11", text)
    merge(two)

    with django_assert_max_num_queries(6 + 4 * len(TEXTS)):
        assert follow_units(now=NOW + timedelta(minutes=1)) == len(TEXTS)
