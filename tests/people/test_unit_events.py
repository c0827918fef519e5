"""Events on Units: who may, each kind, rotations of codes, reversal, and what the database refuses by itself."""

from datetime import date

import pytest
from django.db import Error, transaction

from sangto.engine.unit_changes import Changes
from sangto.engine.unit_compare import Suggested
from sangto.people.actions import CannotChangeUnits, apply_event, propose, refuse_proposal, reverse_event
from sangto.people.models import Unit, UnitEvent, UnitLink, UnitPeriod, UnitProposal, UnitSource
from sangto.people.queries import Heir, history_of, name_at, predecessors, proposals_waiting, successors, unit_at
from tests.factories import make_member
from tests.people.steps import AT, BEGIN, DECREE, begin, event, place, ref

pytestmark = pytest.mark.django_db
DAY, BEFORE = date(2021, 3, 1), date(2021, 2, 28)


@pytest.fixture
def two():
    begin()
    return {"by": make_member(), "checked_by": make_member(role="approver")}


def rename(on: date, name: str = "Green Hill") -> Changes:
    return Changes(change=((ref("11", on=on), {"name": name}),))


def refused(code: str):
    return pytest.raises(CannotChangeUnits, match=f"^{code}$")


def test_rename_keeps_the_unit_and_counts_from_its_day(two):
    event("rename", rename(BEGIN), on=DAY, **two)

    before, after = unit_at("11", on=BEFORE), unit_at("11", on=DAY)
    assert (before.name, after.name) == ("Hill", "Green Hill")
    assert before.unit == after.unit
    assert [period.valid_from for period in history_of(before.unit)] == [BEGIN, DAY]


def test_upgrade_and_move_keep_the_unit(two):
    changes = Changes(change=((ref("11", on=BEGIN), {"kind": "ward"}),))
    event("upgrade", changes, on=DAY, **two)
    moved = Changes(change=((ref("11", on=DAY), {"parent": ref("2", on=DAY)}),))
    event("move", moved, on=date(2021, 4, 1), **two)

    unit = unit_at("11", on=date(2021, 4, 1))
    assert (unit.kind, unit.parent) == ("ward", unit_at("2", on=DAY).unit)
    assert len(history_of(unit.unit)) == 3


def test_codes_go_round_in_a_circle_in_one_event(two):
    units = {code: unit_at(code, on=BEGIN).unit for code in ("11", "12", "13")}
    turned = {"11": "12", "12": "13", "13": "11"}
    changes = Changes(change=tuple((f"u{units[code]}", {"code": turned[code]}) for code in units))

    event("recode", changes, on=DAY, **two)

    assert {code: unit_at(turned[code], on=DAY).unit for code in units} == units
    assert {code: unit_at(code, on=BEFORE).unit for code in units} == units


def test_merge_ends_two_and_begins_one_under_a_code_that_was_theirs(two):
    hill, lake = ref("11", on=BEGIN), ref("12", on=BEGIN)
    new = place("11", "Hill and Lake", ref("1", on=BEGIN))
    changes = Changes((("n1", new),), (), (hill, lake), ((hill, "n1", "whole"), (lake, "n1", "whole")))

    event("merge", changes, on=DAY, **two)

    after = unit_at("11", on=DAY).unit
    assert after != int(hill[1:])
    assert successors(int(hill[1:]), on=DAY) == [Heir(after, "whole")]
    assert successors(int(hill[1:]), on=BEFORE) == [Heir(int(hill[1:]), "whole")]
    assert {heir.unit for heir in predecessors(after, on=BEFORE)} == {int(hill[1:]), int(lake[1:])}
    assert unit_at("12", on=DAY) is None


def test_split_parts_stay_parts_until_they_meet_again(two):
    hill, north = ref("11", on=BEGIN), ref("1", on=BEGIN)
    parts = (("n1", place("14", "Upper Hill", north)), ("n2", place("15", "Lower Hill", north)))
    changes = Changes(parts, (), (hill,), ((hill, "n1", "part"), (hill, "n2", "part")))
    event("split", changes, on=DAY, **two)
    upper, lower = ref("14", on=DAY), ref("15", on=DAY)
    found = [(heir.unit, heir.share) for heir in successors(int(hill[1:]), on=DAY)]
    again = Changes(
        (("n1", place("16", "Hill Again", north)),), (), (upper, lower),
        ((upper, "n1", "whole"), (lower, "n1", "whole")),
    )  # fmt: skip
    event("merge", again, on=date(2022, 1, 1), **two)

    assert found == [(int(upper[1:]), "part"), (int(lower[1:]), "part")]
    assert successors(int(hill[1:]), on=date(2022, 1, 1)) == [
        Heir(unit_at("16", on=date(2022, 1, 1)).unit, "whole"),
    ]


def test_transfer_leaves_both_alive_and_no_successor(two):
    hill, lake = ref("11", on=BEGIN), ref("12", on=BEGIN)
    changes = Changes((), ((hill, {}), (lake, {})), (), ((hill, lake, "part"),))

    event("transfer", changes, on=DAY, **two)

    assert successors(int(hill[1:]), on=DAY) == [Heir(int(hill[1:]), "whole")]
    assert [period.valid_from for period in history_of(int(lake[1:]))] == [BEGIN, DAY]
    assert UnitLink.objects.count() == 1


def test_found_and_close_begin_and_end_without_arrows(two):
    event("found", Changes((("n1", place("19", "New Town", ref("1", on=BEGIN))),)), on=DAY, **two)
    port = ref("21", on=BEGIN)
    event("close", Changes(end=(port,)), on=DAY, **two)

    assert unit_at("19", on=DAY).name == "New Town"
    assert successors(int(port[1:]), on=DAY) == []
    assert name_at(int(port[1:]), on=BEFORE) == "Port"


def test_a_parent_does_not_end_while_its_parts_live(two):
    with refused("parts_left"):
        event("close", Changes(end=(ref("2", on=BEGIN),)), on=DAY, **two)

    assert unit_at("2", on=DAY) is not None
    assert UnitEvent.objects.count() == 0


def test_a_taken_code_is_refused_and_leaves_nothing(two):
    with refused("not_possible"):
        event("recode", Changes(change=((ref("11", on=BEGIN), {"code": "12"}),)), on=DAY, **two)

    assert (unit_at("11", on=DAY).name, UnitEvent.objects.count()) == ("Hill", 0)


def test_two_changes_of_one_day_are_one_event(two):
    event("rename", rename(BEGIN), on=DAY, **two)

    with refused("too_early"):
        event("rename", rename(BEGIN, "Other"), on=DAY, **two)


def test_a_second_member_has_to_check_it(two):
    approver = two["checked_by"]
    mine = propose(
        Suggested("rename", rename(BEGIN), ""), effective_on=DAY, scheme="xx", by=approver, now=AT, document=DECREE
    )
    with refused("same_member"):
        apply_event(mine, by=approver, now=AT)
    with refused("not_allowed"):
        apply_event(mine, by=two["by"], now=AT)

    assert unit_at("11", on=DAY).name == "Hill"


def test_an_event_needs_its_document(two):
    bare = propose(Suggested("rename", rename(BEGIN), ""), effective_on=DAY, scheme="xx", by=two["by"], now=AT)
    with refused("no_document"):
        apply_event(bare, by=two["checked_by"], now=AT)

    applied = apply_event(bare, by=two["checked_by"], now=AT, document=DECREE)

    assert (applied.document, applied.entered_by, applied.checked_by) == (DECREE.address, two["by"], two["checked_by"])


def test_the_same_proposal_waits_once_and_ends_once(two):
    values = {"effective_on": DAY, "scheme": "xx", "by": two["by"], "now": AT, "document": DECREE}
    first, second = (propose(Suggested("rename", rename(BEGIN), ""), **values) for _ in range(2))
    refuse_proposal(first, by=two["checked_by"], now=AT)

    assert first == second
    for act in (apply_event, refuse_proposal):
        with refused("over"):
            act(first, by=two["checked_by"], now=AT)
    assert list(proposals_waiting()) == []


def test_reversal_restores_every_read(two):
    hill, lake, north = ref("11", on=BEGIN), ref("12", on=BEGIN), ref("1", on=BEGIN)
    changes = Changes(
        (("n1", place("11", "Both", north)),), ((ref("13", on=BEGIN), {"name": "Old Mill"}),), (hill, lake),
        ((hill, "n1", "whole"), (lake, "n1", "whole")),
    )  # fmt: skip
    before = sorted(UnitPeriod.objects.values_list("unit", "name", "valid_from", "valid_to", "ended_by", "voided_by"))
    wrong = event("merge", changes, on=DAY, **two)
    new = unit_at("11", on=DAY).unit

    back = reverse_event(wrong, document=DECREE, by=two["by"], now=AT)
    apply_event(back, by=two["checked_by"], now=AT)

    stands = UnitPeriod.objects.filter(voided_by=None)
    assert sorted(stands.values_list("unit", "name", "valid_from", "valid_to", "ended_by", "voided_by")) == before
    assert successors(int(hill[1:]), on=DAY) == [Heir(int(hill[1:]), "whole")]
    assert str(Unit.objects.get(pk=new)) == "Both"  # whoever points to it still reads a name


def test_reversal_waits_for_what_was_built_on_it(two):
    wrong = event("rename", rename(BEGIN), on=DAY, **two)
    event("rename", rename(DAY, "Third"), on=date(2022, 1, 1), **two)
    back = reverse_event(wrong, document=DECREE, by=two["by"], now=AT)

    with refused("later_events"):
        apply_event(back, by=two["checked_by"], now=AT)


@pytest.mark.parametrize(
    ("kind", "changes", "code"),
    [
        ("rename", Changes(), "nothing"),
        ("rename", Changes(change=(("u1", {"code": "9"}),)), "wrong_kind"),
        ("close", Changes(change=(("u1", {"name": "x"}),)), "wrong_kind"),
        ("close", Changes(end=("u1", "u1")), "twice"),
        ("found", Changes(begin=(("n1", place("9", "x", "n7")),)), "not_begun"),
        ("merge", Changes((("n1", place("9", "x", "")),), (), ("u1",), (("u2", "n1", "whole"),)), "arrow"),
        ("merge", Changes((("n1", place("9", "x", "")),), (), ("u1",), (("u1", "n1", "part"),)), "not_shared"),
    ],
)
def test_changes_that_make_no_sense_are_refused_when_entered(two, kind, changes, code):
    with refused(code):
        propose(Suggested(kind, changes, ""), effective_on=DAY, scheme="xx", by=two["by"], now=AT)


@pytest.mark.parametrize(
    "write",
    [
        lambda: Unit.objects.first().delete(),
        lambda: UnitPeriod.objects.all()._raw_delete("default"),
        lambda: UnitPeriod.objects.update(name="x"),
        lambda: UnitEvent.objects.update(note="x"),
        lambda: UnitEvent.objects.all()._raw_delete("default"),
        lambda: UnitLink.objects.update(share="part"),
        lambda: UnitLink.objects.all()._raw_delete("default"),
        lambda: UnitSource.objects.update(name="x"),
        lambda: Unit.objects.all()._raw_delete("default"),
    ],
)
def test_database_keeps_what_was(two, write):
    hill, lake = ref("11", on=BEGIN), ref("12", on=BEGIN)
    new = place("11", "Both", ref("1", on=BEGIN))
    changes = Changes((("n1", new),), (), (hill, lake), ((hill, "n1", "whole"), (lake, "n1", "whole")))
    event("merge", changes, on=DAY, **two)

    with pytest.raises(Error), transaction.atomic():
        write()


@pytest.mark.parametrize(
    "changed",
    [
        {"valid_from": date(2019, 1, 1), "valid_to": date(2020, 1, 2)},  # overlaps
        {"valid_from": DAY},  # overlaps
        {"valid_from": date(2019, 1, 1), "valid_to": date(2019, 6, 1), "code": "12", "unit": "12"},  # no parent yet
    ],
)
def test_database_refuses_overlaps_and_orphans(two, changed):
    row = UnitPeriod.objects.get(code=changed.pop("unit", "11"))
    row.pk = None
    for name, value in changed.items():
        setattr(row, name, value)

    with pytest.raises(Error), transaction.atomic():
        row.save(force_insert=True)


def test_database_refuses_a_second_holder_of_a_code_and_a_gap(two):
    event("close", Changes(end=(ref("21", on=BEGIN),)), on=DAY, **two)
    closed, open_ = UnitPeriod.objects.get(code="21"), UnitPeriod.objects.get(code="11")
    closed.pk, closed.valid_from, closed.valid_to = None, date(2022, 1, 1), None
    with pytest.raises(Error), transaction.atomic():
        closed.save(force_insert=True)

    open_.pk, open_.unit, open_.valid_to = None, Unit.objects.create(role="area", created_on=DAY), date(2023, 1, 1)
    with pytest.raises(Error), transaction.atomic():
        open_.save(force_insert=True)


def test_database_wants_two_members_and_a_document(two):
    values = {"kind": "close", "effective_on": DAY, "decree_number": "1", "document": "https://x", "applied_at": AT}
    member = two["by"]
    for wrong in ({"entered_by": member}, {"entered_by": member, "checked_by": member}, {}):
        with pytest.raises(Error), transaction.atomic():
            UnitEvent.objects.create(**values, **wrong)
    with pytest.raises(Error), transaction.atomic():
        UnitEvent.objects.create(**{**values, "document": ""}, entered_by=member, checked_by=two["checked_by"])

    assert UnitProposal.objects.count() == UnitEvent.objects.count() == 0
