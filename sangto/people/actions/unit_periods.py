"""Write what an event does to the periods of Units, and take it back. Called inside the event's transaction."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q

from sangto.engine.unit_changes import Changes, Facts, id_of
from sangto.engine.unit_names import bare_key, spelt, stem
from sangto.people.models import Unit, UnitEvent, UnitLink, UnitPeriod, UnitSource
from sangto.people.rules import AREA, DESK, OWN_SCHEME

BATCH = 500


class CannotChangeUnits(Exception):
    """The Units cannot be changed so.

    `code`: not_allowed, same_member, no_document, over, too_early, moved_on, parts_left, later_events, not_possible,
    not_empty, or a code of NotChanges.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def carry_out(event: UnitEvent, changes: Changes, *, scheme: str, source: UnitSource | None) -> None:
    """End, begin and link what the event says.

    Raises CannotChangeUnits: moved_on (a Unit no longer lives), too_early (its period began on that day or later),
    parts_left (a Unit ends whose parts live on); IntegrityError where a constraint or a trigger refuses.
    """
    on = event.effective_on
    _lock_parents(changes)
    open_ = _open_periods(changes, on=on)
    _end(open_.values(), on=on, event=event)
    ids = _units_of(changes, scheme=scheme, on=on)
    rows = [_row(ids[ref], facts, on=on, ids=ids) for ref, facts in changes.begin]
    rows += [_continued(open_[id_of(ref)], facts, on=on, ids=ids) for ref, facts in changes.change]
    for row in rows:
        row.begun_by, row.source, row.scheme = event, source, row.scheme or scheme
    begin_periods(rows)
    links = [
        UnitLink(event=event, from_unit_id=ids[one], to_unit_id=ids[other], share=share)
        for one, other, share in changes.arrows
    ]
    UnitLink.objects.bulk_create(links, batch_size=BATCH)
    _check_parts({id_of(ref) for ref in changes.end}, on=on)


def undo(event: UnitEvent) -> None:
    """Take back what the event that this one reverses did; its rows stay, and count no longer.

    Raises CannotChangeUnits (later_events) where something later builds on it: that is reversed first.
    """
    wrong = event.reverses
    begun = UnitPeriod.objects.filter(begun_by=wrong, voided_by=None)
    ended = UnitPeriod.objects.filter(ended_by=wrong, voided_by=None)
    gone = set(begun.values_list("unit", flat=True)) - set(ended.values_list("unit", flat=True))
    later = begun.filter(valid_to__isnull=False).exists()
    parts = UnitPeriod.objects.filter(parent__in=gone, voided_by=None).exclude(begun_by=wrong)
    onto = UnitLink.objects.filter(to_unit__in=gone, event__reversed_by__isnull=True).exclude(event=wrong)
    if later or parts.exists() or onto.exists():
        raise CannotChangeUnits("later_events")
    for level in sorted(set(begun.values_list("level", flat=True)), reverse=True):
        begun.filter(level=level).update(voided_by=event)
    for level in sorted(set(ended.values_list("level", flat=True))):
        ended.filter(level=level).update(valid_to=None, ended_by=None)


def begin_periods(rows: Iterable[UnitPeriod]) -> None:
    """Write periods, those of parents first: a trigger looks whether the parent lives."""
    by_level: dict[int, list[UnitPeriod]] = defaultdict(list)
    for row in rows:
        by_level[row.level].append(row)
    for level in sorted(by_level):
        UnitPeriod.objects.bulk_create(by_level[level], batch_size=BATCH)


def new_period(unit: int, facts: Facts, *, on: date, parent: int | None) -> UnitPeriod:
    """A period, not yet written, with the keys by which it is found."""
    name = spelt(facts.name)
    return UnitPeriod(
        unit_id=unit,
        valid_from=on,
        kind=facts.kind,
        level=facts.level,
        name=name,
        name_en=spelt(facts.name_en),
        parent_id=parent,
        code=facts.code,
        key=bare_key(name),
        stem=stem(name),
    )


def new_units(count: int, *, role: str, on: date) -> list[int]:
    """The ids of so many new Units."""
    rows = Unit.objects.bulk_create([Unit(role=role, created_on=on) for _ in range(count)], batch_size=BATCH)
    return [row.pk for row in rows]


def _lock_parents(changes: Changes) -> None:
    """Nobody ends what a Unit is about to begin in: triggers of two transactions do not see each other's rows."""
    refs = {facts.parent for _, facts in changes.begin} | {facts.get("parent", "") for _, facts in changes.change}
    ids = sorted(id_of(ref) for ref in refs if ref.startswith("u"))
    list(UnitPeriod.objects.select_for_update().filter(unit__in=ids, voided_by=None, valid_to=None).order_by("pk"))


def _open_periods(changes: Changes, *, on: date) -> dict[int, UnitPeriod]:
    ids = sorted(changes.known())
    found: dict[int, UnitPeriod] = {}
    for at in range(0, len(ids), BATCH):
        rows = UnitPeriod.objects.select_for_update().filter(
            unit__in=ids[at : at + BATCH], voided_by=None, valid_to=None
        )
        found |= {row.unit_id: row for row in rows}
    if len(found) < len(ids):
        raise CannotChangeUnits("moved_on")
    if any(row.valid_from >= on for row in found.values()):
        raise CannotChangeUnits("too_early")
    return found


def _end(rows: Iterable[UnitPeriod], *, on: date, event: UnitEvent) -> None:
    """Parts before what they are part of."""
    by_level: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        by_level[row.level].append(row.pk)
    for level in sorted(by_level, reverse=True):
        for at in range(0, len(by_level[level]), BATCH):
            part = by_level[level][at : at + BATCH]
            UnitPeriod.objects.filter(pk__in=part, valid_to=None).update(valid_to=on, ended_by=event)


def _units_of(changes: Changes, *, scheme: str, on: date) -> dict[str, int]:
    """The id behind every reference; new Units are made for what begins."""
    made = new_units(len(changes.begin), role=DESK if scheme == OWN_SCHEME else AREA, on=on)
    ids = {ref: unit for (ref, _), unit in zip(changes.begin, made, strict=True)}
    refs = {ref for one, other, _ in changes.arrows for ref in (one, other)} | set(changes.end)
    refs |= {facts.parent for _, facts in changes.begin} | {ref for ref, _ in changes.change}
    refs |= {facts.get("parent", "") for _, facts in changes.change}
    return ids | {ref: id_of(ref) for ref in refs if ref.startswith("u")}


def _row(unit: int, facts: Facts, *, on: date, ids: dict[str, int]) -> UnitPeriod:
    return new_period(unit, facts, on=on, parent=ids[facts.parent] if facts.parent else None)


def _continued(old: UnitPeriod, new: dict[str, Any], *, on: date, ids: dict[str, int]) -> UnitPeriod:
    """The next period of a Unit that goes on: as before, but for what is new."""
    kept = {name: getattr(old, name) for name in ("code", "name", "name_en", "kind", "level")}
    facts = Facts(**{**kept, **{name: value for name, value in new.items() if name != "parent"}})
    parent = old.parent_id if "parent" not in new else ids[new["parent"]] if new["parent"] else None
    row = new_period(old.unit_id, facts, on=on, parent=parent)
    row.scheme = old.scheme
    return row


def _check_parts(ended: set[int], *, on: date) -> None:
    later = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    ids = sorted(ended)
    for at in range(0, len(ids), BATCH):
        if UnitPeriod.objects.filter(later, parent__in=ids[at : at + BATCH], voided_by=None).exists():
            raise CannotChangeUnits("parts_left")
