"""Cases and the Units that answer for them: which need another Unit, and how many Messages there are of each."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import BigIntegerField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from sangto.desk import rules
from sangto.desk.models import Case, Message, Reassignment
from sangto.people.models import UnitPeriod
from sangto.people.queries import Heir, UnitThen, heirs, last_known


@dataclass(frozen=True)
class Placeless:
    """An open Case whose Unit ended, what that was, and which Units it led to (none where nobody knows)."""

    case: Case
    was: UnitThen | None
    heirs: tuple[tuple[UnitThen, str], ...]  # with "whole" or "part"


@dataclass(frozen=True)
class UnitCounts:
    """Messages by Unit: by those of the time when each came, and by those of the day `on`. Both add up to `total`.

    None stands for Cases of no Unit. `not_placed` are behind a Unit that was divided, or that nobody knows a successor
    of, and about which nobody decided; each is counted once.
    """

    on: date
    total: int
    then: dict[int | None, int]
    today: dict[int | None, int]
    not_placed: int


def cases_without_unit(*, on: date) -> QuerySet[Case]:
    """Open Cases whose Unit does not live on the day, the oldest first."""
    lives = UnitPeriod.objects.filter(unit=OuterRef("unit"), voided_by=None, valid_from__lte=on)
    lives = lives.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on))
    return Case.objects.filter(~Exists(lives), state=rules.OPEN, unit__isnull=False).order_by("pk")


def only_heir(found: list[Heir]) -> int | None:
    """The Unit that took all over, or None where there are several, parts, or none known."""
    return found[0].unit if len(found) == 1 and found[0].share == "whole" else None


def cases_to_place(*, on: date) -> QuerySet[Case]:
    """The queue "which unit now?": Cases that do not follow by themselves. Every Member sees it."""
    return cases_without_unit(on=on).filter(unit__in=_undecided(on))


def to_place(cases: Iterable[Case], *, on: date) -> list[Placeless]:
    """These Cases with what their Unit was and became, in a few queries."""
    rows = list(cases)
    led = heirs({row.unit_id for row in rows if row.unit_id}, on=on)
    names = last_known({*led, *(heir.unit for found in led.values() for heir in found)})
    return [
        Placeless(
            row,
            names.get(row.unit_id or 0),
            tuple((names[heir.unit], heir.share) for heir in led.get(row.unit_id or 0, [])),
        )
        for row in rows
    ]


def reassignments_of(case: Case) -> list[Reassignment]:
    """How the Unit of a Case changed, the newest first."""
    rows = Reassignment.objects.filter(case=case).select_related("by__user", "from_unit", "to_unit")
    return list(rows.prefetch_related("from_unit__periods", "to_unit__periods").order_by("-at", "-pk"))


def messages_by_unit(*, on: date) -> UnitCounts:
    """How many Messages there are of each Unit, by the Units of their time and by those of the day."""
    later = Reassignment.objects.filter(case=OuterRef("case"), at__gt=OuterRef("received_at")).order_by("at", "pk")
    messages = Message.objects.filter(withdrawn_at__isnull=True).order_by()
    came = messages.annotate(
        of=Coalesce(Subquery(later.values("from_unit")[:1]), F("case__unit"), output_field=BigIntegerField())
    )
    then = dict(came.values("of").annotate(n=Count("pk")).values_list("of", "n"))
    now = dict(messages.values("case__unit").annotate(n=Count("pk")).values_list("case__unit", "n"))
    led = heirs([unit for unit in now if unit], on=on)
    today: Counter[int | None] = Counter()
    not_placed = 0
    for unit, count in now.items():
        heir = only_heir(led[unit]) if unit else None
        if unit and heir is None:
            not_placed += count
        else:
            today[heir] += count
    return UnitCounts(on, sum(then.values()), then, dict(today), not_placed)


def _undecided(on: date) -> list[int]:
    """Units of waiting Cases that led to several, in part, or nowhere known."""
    ended = set(cases_without_unit(on=on).order_by().values_list("unit", flat=True).distinct())
    return [unit for unit, found in heirs((unit for unit in ended if unit), on=on).items() if only_heir(found) is None]
