"""Units as more than one door needs them: who held a code on a day, what one was called, what it came from and became.

All take the day. A code without a day is ambiguous: codes are given again to other Units.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from sangto.people.models import Unit, UnitLink, UnitPeriod
from sangto.people.rules import AREA

WHOLE, PART = "whole", "part"
NEXT_MOST = 500  # how many values one condition of a query takes; SQLite knows a limit


@dataclass(frozen=True)
class UnitThen:
    """A Unit as it was on a day, and for how long it was so; `valid_to` is the first day on which it was not."""

    unit: int
    code: str
    name: str
    name_en: str
    kind: str
    level: int
    scheme: str
    parent: int | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Heir:
    """A Unit that another led to, and whether all of it went there (`whole`) or a part."""

    unit: int
    share: str


def first_unit() -> Unit | None:
    """The Unit that new Cases belong to until routing by place exists: the oldest one that is no area."""
    return Unit.objects.exclude(role=AREA).order_by("pk").first()


def first_code() -> str:
    """The last code of that Unit, in one query; empty where there is none yet."""
    found = lived().exclude(unit__role=AREA).order_by("unit", "-valid_from").values_list("code", flat=True).first()
    return found or ""


def all_units() -> list[Unit]:
    """Every Unit that answers, oldest first: areas are left out."""
    return list(Unit.objects.exclude(role=AREA).prefetch_related("periods").order_by("pk"))


def unit_by_code(code: str, *, on: date) -> Unit | None:
    """The Unit that holds this code on the day, or None."""
    found = unit_at(code, on=on) if "\0" not in code else None
    return Unit.objects.get(pk=found.unit) if found else None


def unit_at(code: str, *, on: date, scheme: str = "", level: int = 0) -> UnitThen | None:
    """The Unit that held the code on the day, the topmost one where several levels know it; None where nobody did."""
    held = _holding(on).filter(code=code)
    held = held.filter(scheme=scheme) if scheme else held
    found = (held.filter(level=level) if level else held).order_by("level", "scheme").first()
    return then(found) if found else None


def holders(code: str) -> list[UnitThen]:
    """Everybody who ever held the code, the first one first."""
    return [then(each) for each in lived().filter(code=code).order_by("valid_from", "level")]


def units_at(*, on: date, parent: int | None = None, scheme: str = "", level: int = 0) -> list[UnitThen]:
    """The Units of a day in the order of their codes: those in `parent`, or all of a level, or all."""
    found = _holding(on)
    found = found.filter(parent=parent) if parent else found
    found = found.filter(scheme=scheme) if scheme else found
    found = found.filter(level=level) if level else found
    return [then(each) for each in found.order_by("scheme", "code")]


def top_units(*, on: date) -> list[UnitThen]:
    """The Units of the day that belong to no other, each scheme in the order of its codes."""
    return [then(each) for each in _holding(on).filter(parent=None).order_by("scheme", "level", "code")]


def units_then(units: Iterable[int], *, on: date) -> dict[int, UnitThen]:
    """These Units as they were on the day, one query for any number up to 500; those that did not live are left out."""
    return {each.unit_id: then(each) for part in _parts(units) for each in _holding(on).filter(unit__in=part)}


def last_known(units: Iterable[int]) -> dict[int, UnitThen]:
    """These Units as they were last."""
    rows = (each for part in _parts(units) for each in lived().filter(unit__in=part).order_by("valid_from"))
    return {each.unit_id: then(each) for each in rows}


def name_at(unit: int, *, on: date) -> str:
    """What the Unit was called on the day; empty where it did not live."""
    found = units_then([unit], on=on).get(unit)
    return found.name if found else ""


def history_of(unit: int) -> list[UnitPeriod]:
    """The periods of a Unit, the first one first, with what began and ended each."""
    return list(lived().filter(unit=unit).select_related("begun_by", "ended_by", "source").order_by("valid_from"))


def successors(unit: int, *, on: date) -> list[Heir]:
    """The Units of the day that this one led to, by id: itself where it lives still, nobody where nobody knows."""
    return heirs([unit], on=on)[unit]


def predecessors(unit: int, *, on: date) -> list[Heir]:
    """The Units of the day that led to this one, by id: what `successors` says, read from the other end."""
    found = [heir.unit for heir in _follow([unit], on=on, back=True)[unit]]
    first = lived().filter(unit=unit).order_by("valid_from").first()
    if first is None or found == [unit]:
        return [Heir(each, WHOLE) for each in found]
    led = heirs(found, on=max(first.valid_from, on))
    return [Heir(each, heir.share) for each in sorted(found) for heir in led[each] if heir.unit == unit]


def heirs(units: Iterable[int], *, on: date) -> dict[int, list[Heir]]:
    """The successors of several Units at once; a handful of queries however many they are."""
    return {unit: sorted(found, key=lambda heir: heir.unit) for unit, found in _follow(units, on=on).items()}


def lived() -> QuerySet[UnitPeriod]:
    """The periods that stand: those of events that were reversed are left out."""
    return UnitPeriod.objects.filter(voided_by__isnull=True)


def names_among(stems: Iterable[str]) -> list[str]:
    """The names that Units ever had among what may be names, folded and without the word for the kind; in one query."""
    among = UnitPeriod.objects.filter(stem__in=sorted(set(stems)), level__gt=0)
    return sorted(set(among.values_list("name", flat=True)))


def then(period: UnitPeriod) -> UnitThen:
    """A period as doors see it."""
    return UnitThen(
        period.unit_id, period.code, period.name, period.name_en, period.kind, period.level, period.scheme,
        period.parent_id, period.valid_from, period.valid_to,
    )  # fmt: skip


def _holding(on: date) -> QuerySet[UnitPeriod]:
    return lived().filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on)


def _follow(units: Iterable[int], *, on: date, back: bool = False) -> dict[int, list[Heir]]:
    """Walk the arrows from each Unit to those that live on the day."""
    starts = set(units)
    arrows, living = _reached(starts, on=on, back=back)
    return {start: _ends(start, arrows, living) for start in starts}


def _reached(starts: set[int], *, on: date, back: bool) -> tuple[dict[int, list[Heir]], set[int]]:
    """The arrows from these Units on as far as they lead, and which of all those Units live on the day."""
    arrows: dict[int, list[Heir]] = {}
    living: set[int] = set()
    edge = set(starts)
    while edge:
        alive = set(units_then(edge, on=on))
        living |= alive
        # A Unit that lives on the day is an end. One that gave a part away lives on, and is not followed.
        found = dict(_arrows(edge - alive, back=back))
        arrows |= {unit: found.get(unit, []) for unit in edge}
        edge = {heir.unit for heirs_ in found.values() for heir in heirs_} - arrows.keys()
    return arrows, living


def _arrows(units: set[int], *, back: bool) -> Iterator[tuple[int, list[Heir]]]:
    here, there = ("to_unit_id", "from_unit_id") if back else ("from_unit_id", "to_unit_id")
    by_unit: dict[int, list[Heir]] = {}
    for part in _parts(units):
        # A transfer between two that live on is no succession.
        links = UnitLink.objects.filter(event__reversed_by__isnull=True, **{f"{here[:-3]}__in": part})
        for unit, heir, share in links.exclude(event__kind="transfer").values_list(here, there, "share"):
            by_unit.setdefault(unit, []).append(Heir(heir, share))
    yield from by_unit.items()


def _ends(start: int, arrows: Mapping[int, list[Heir]], living: set[int]) -> list[Heir]:
    """Where the arrows from a Unit end: whole where all of it came to one place, also in parts that met again."""
    if start in living:
        return [Heir(start, WHOLE)]
    ends: set[int] = set()
    seen, walk, lost = {start}, [start], False
    while walk:
        led = arrows.get(walk.pop(), [])
        lost = lost or not led or [heir.share for heir in led] == [PART]
        ends |= {heir.unit for heir in led if heir.unit in living}
        fresh = {heir.unit for heir in led} - living - seen
        seen |= fresh
        walk += fresh
    share = WHOLE if len(ends) == 1 and not lost else PART
    return [Heir(unit, share) for unit in ends]


def _parts(units: Iterable[int]) -> Iterator[list[int]]:
    every = sorted(set(units))
    return (every[at : at + NEXT_MOST] for at in range(0, len(every), NEXT_MOST))
