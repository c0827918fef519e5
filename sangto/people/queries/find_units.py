"""Units by what people type: any spelling, any time; never a silent choice between two."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from sangto.engine.unit_names import bare_key, folded_key, spelt, stem
from sangto.people.models import UnitAlias, UnitPeriod
from sangto.people.queries.units import Heir, UnitThen, heirs, last_known, lived, then, units_then

HITS_MOST = 200


@dataclass(frozen=True)
class Hit:
    """One Unit under one name: as it was then, what it belongs to, and which Units of the day it is now.

    `today` are names; it is empty where nobody knows what became of it.
    """

    then: UnitThen
    within: str
    heirs: tuple[Heir, ...]
    today: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """All that a text may mean, the Units of the day first; `unit` is the one it means where there is but one."""

    hits: tuple[Hit, ...] = ()
    unit: int | None = None


def find_unit(text: str, *, on: date) -> Found:
    """The Units that ever had this name, and what they are on the day.

    The same letters and marks win over a text without diacritics, that over one without the word for the kind. Where
    a tone mark stands tells no two units apart. After a comma may stand what it belongs to. A number is never enough.
    """
    typed, *around = [spelt(part) for part in text[:400].split(",")]
    rows = _matching(typed)
    if around and rows:
        rows = _within(rows, [part for part in around if part]) or rows
    hits = _hits(rows[:HITS_MOST], on=on)
    return Found(tuple(hits), None if stem(typed).isdigit() and not around else _only(hits))


def _matching(typed: str) -> list[UnitPeriod]:
    """The periods of the nearest kind of likeness that has any."""
    key, short = bare_key(typed), stem(typed)
    if not key:
        return []
    named = _named(Q(key=key))
    exact = [row for row, name in named if folded_key(name) == folded_key(typed)]
    if exact:
        return _each_once(exact)
    # "Xa La" may be a name and not the commune La: the whole text is looked for as a short name first.
    return _each_once(row for row, _ in named or _named(Q(stem=key)) or _named(Q(stem=short)))


def _named(which: Q) -> list[tuple[UnitPeriod, str]]:
    """Periods with the name that fits, an alias at the Unit's last period."""
    rows = [(row, row.name) for row in lived().filter(which).order_by("code", "valid_from")[:HITS_MOST]]
    aliases = list(UnitAlias.objects.filter(which)[:HITS_MOST])
    last = {
        row.unit_id: row for row in lived().filter(unit__in=[alias.unit_id for alias in aliases]).order_by("valid_from")
    }
    return rows + [(last[alias.unit_id], alias.text) for alias in aliases if alias.unit_id in last]


def _each_once(rows: Iterable[UnitPeriod]) -> list[UnitPeriod]:
    """The last of the periods in which a Unit had the name."""
    return list({row.unit_id: row for row in rows}.values())


def _within(rows: Sequence[UnitPeriod], around: Sequence[str]) -> list[UnitPeriod]:
    """Those that belonged, or what they became belongs, to something of these names."""
    wanted = {stem(part) for part in around}
    above = {row.parent_id for row in rows if row.parent_id}
    named = set(lived().filter(unit__in=above, stem__in=wanted).values_list("unit", flat=True))
    return [row for row in rows if row.parent_id in named]


def _hits(rows: Sequence[UnitPeriod], *, on: date) -> list[Hit]:
    led = heirs([row.unit_id for row in rows], on=on)
    today = units_then({heir.unit for found in led.values() for heir in found}, on=on)
    parents = {row.parent_id for row in rows if row.parent_id} | {each.parent for each in today.values() if each.parent}
    names = {unit: each.name for unit, each in last_known(parents).items()}
    hits = [
        Hit(
            then(row),
            names.get(row.parent_id or 0, ""),
            tuple(led[row.unit_id]),
            tuple(_with_parent(today[heir.unit], names) for heir in led[row.unit_id]),
        )
        for row in rows
    ]
    return sorted(hits, key=lambda hit: (hit.then.unit not in today, hit.then.level, hit.then.code))


def _with_parent(unit: UnitThen, names: dict[int, str]) -> str:
    return ", ".join(part for part in (unit.name, names.get(unit.parent or 0, "")) if part)


def _only(hits: Sequence[Hit]) -> int | None:
    """The one Unit of the day that all hits went to whole, or None."""
    ends = {(heir.unit, heir.share) for hit in hits for heir in hit.heirs}
    if len(ends) != 1 or any(not hit.heirs for hit in hits):
        return None
    ((unit, share),) = ends
    return unit if share == "whole" else None
