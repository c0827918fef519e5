"""Take in a list that somebody published: the first one as it is, later ones as proposals that people check."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db import IntegrityError, transaction

from sangto.engine.unit_changes import Facts
from sangto.engine.unit_compare import Comparison, Disagreement, Key, Known, Listed, Suggested, Went, compare
from sangto.engine.unit_names import bare_key, folded_key, stem
from sangto.engine.unit_reform import compare_reform
from sangto.people.actions.unit_events import Document, propose
from sangto.people.actions.unit_periods import (
    BATCH,
    CannotChangeUnits,
    begin_periods,
    carry_out,
    new_period,
    new_units,
)
from sangto.people.models import Member, UnitAlias, UnitEvent, UnitPeriod, UnitProposal, UnitSource
from sangto.people.rules import AREA

Progress = Callable[[str, int, int], None]  # what is being done, how many of it are, how many there will be


@dataclass(frozen=True)
class Origin:
    """Where a list comes from: who published it, of which day it is, its address, the SHA-256 of its bytes."""

    name: str
    as_of: date
    digest: str
    address: str = ""


class Loaded(NamedTuple):
    """What a list led to: what now waits for a second Member, and what people have to look into."""

    proposals: list[UnitProposal]
    disagreements: tuple[Disagreement, ...]


@dataclass(frozen=True)
class State:
    """One list of a country's history for a first load: its lines, its arrows, and what ordered each kind of change."""

    origin: Origin
    effective_on: Mapping[str, date]  # by kind of event; "" for all others
    documents: Mapping[str, Document]  # the same
    listed: Sequence[Listed]
    went: Sequence[Went] = ()


@transaction.atomic
def load_units(
    listed: Sequence[Listed],
    *,
    scheme: str,
    origin: Origin,
    effective_on: date,
    by: Member,
    now: datetime,
    went: Sequence[Went] = (),
    document: Document | None = None,
) -> Loaded:
    """Proposals for all in which the list differs from what is known on that day; nothing is applied.

    Raises CannotChangeUnits (not_allowed).
    """
    found = _compared(listed, went, scheme=scheme, on=effective_on)
    source = source_of(origin, now=now)
    proposals = [
        propose(
            each,
            effective_on=effective_on,
            scheme=scheme,
            by=by,
            now=now,
            document=document,
            source=source,
        )
        for each in found.suggested
    ]
    return Loaded(proposals, found.disagreements)


@transaction.atomic
def seed_units(
    states: Iterable[State], *, scheme: str, now: datetime, progress: Progress = lambda what, done, of: None
) -> list[Disagreement]:
    """Take a country over whole, one list after the other, on a desk that has none of it: all of it or nothing.

    The lists' own names stand where two Members would. Raises CannotChangeUnits: not_empty, or what an event refuses.
    """
    if UnitPeriod.objects.filter(scheme=scheme).exists():
        raise CannotChangeUnits("not_empty")
    found: list[Disagreement] = []
    for n, state in enumerate(states):
        source = source_of(state.origin, now=now)
        if n == 0:
            _begin_all(state, scheme=scheme, source=source, progress=progress)
            continue
        comparison = _compared(state.listed, state.went, scheme=scheme, on=max(state.effective_on.values()))
        found += comparison.disagreements
        _apply_all(comparison.suggested, state, scheme=scheme, source=source, now=now, progress=progress)
        _note_spellings(state.listed, scheme=scheme, on=max(state.effective_on.values()))
    return found


def source_of(origin: Origin, *, now: datetime) -> UnitSource:
    """The row that stands for a list, made on first use."""
    found, _ = UnitSource.objects.get_or_create(
        name=origin.name[:200],
        as_of=origin.as_of,
        digest=origin.digest,
        defaults={"url": origin.address[:1000], "loaded_at": now},
    )
    return found


def known_on(on: date, *, scheme: str) -> list[Known]:
    """What the desk knows of a country just before a day begins to count, as a list knows it."""
    rows = list(UnitPeriod.objects.filter(scheme=scheme, voided_by=None, valid_to=None, valid_from__lte=on))
    keys: dict[int, Key] = {row.unit_id: (row.level, row.code) for row in rows}
    return [Known(row.unit_id, _line(row, keys), row.parent_id) for row in rows]


def _line(row: UnitPeriod, keys: Mapping[int, Key]) -> Listed:
    parent = keys.get(row.parent_id) if row.parent_id else None
    return Listed(row.code, row.name, row.kind, row.level, parent, row.name_en)


def _compared(listed: Sequence[Listed], went: Sequence[Went], *, scheme: str, on: date) -> Comparison:
    known = known_on(on, scheme=scheme)
    return compare_reform(known, listed, went) if went else compare(known, listed)


def _begin_all(state: State, *, scheme: str, source: UnitSource, progress: Progress) -> None:
    on = state.effective_on[""]
    ids = dict(zip((line.key for line in state.listed), new_units(len(state.listed), role=AREA, on=on), strict=True))
    progress("units of the first list", len(ids), len(ids))
    rows = []
    for line in state.listed:
        parent = ids[line.parent] if line.parent else None
        facts = Facts(line.code, line.name, line.kind, line.level, name_en=line.name_en)
        row = new_period(ids[line.key], facts, on=on, parent=parent)
        row.scheme, row.source = scheme, source
        rows.append(row)
    try:
        with transaction.atomic():
            begin_periods(rows)
    except IntegrityError as error:  # a code twice in one list, a parent that is not in it
        raise CannotChangeUnits("not_possible") from error


def _apply_all(
    suggested: Sequence[Suggested],
    state: State,
    *,
    scheme: str,
    source: UnitSource,
    now: datetime,
    progress: Progress,
) -> None:
    days = [state.effective_on.get(each.kind, state.effective_on[""]) for each in suggested]
    for n, (on, each) in enumerate(sorted(zip(days, suggested, strict=True), key=lambda pair: pair[0]), 1):
        document = state.documents.get(each.kind, state.documents[""])
        event = UnitEvent.objects.create(
            kind=each.kind,
            effective_on=on,
            decree_number=document.number,
            decree_date=document.dated_on,
            document=document.address,
            document_digest=document.digest,
            note=each.about,
            source=source,
            applied_at=now,
        )
        carry_out(event, each.changes, scheme=scheme, source=source)
        progress(f"events of {state.origin.as_of}", n, len(suggested))


def _note_spellings(listed: Sequence[Listed], *, scheme: str, on: date) -> None:
    """Names that a list writes otherwise, and its English ones, find the unit too."""
    lines = {line.key: line for line in listed}
    rows = UnitPeriod.objects.filter(scheme=scheme, voided_by=None, valid_to=None, valid_from__lte=on)
    new = [alias for row in rows if (line := lines.get((row.level, row.code))) for alias in _aliases(row, line)]
    UnitAlias.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)


def _aliases(row: UnitPeriod, line: Listed) -> Iterator[UnitAlias]:
    texts = {line.name, line.name_en} - {row.name, ""}
    for text in sorted(texts):
        if text == line.name and folded_key(text) == folded_key(row.name):
            continue  # the same name to whoever searches
        yield UnitAlias(unit_id=row.unit_id, text=text, key=bare_key(text), stem=stem(text))
