"""How the desk does, for everybody: true medians over all rows, and nothing about one person's work.

Each figure says what it counts in docs/use/figures.md. Days are the desk's own; a period begins with its first day and
ends before the day after its last.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Min, Q, QuerySet
from django.utils import timezone

from sangto.desk import rules
from sangto.desk.models import AnswerVersion, Case, Joining, Message, Ruling
from sangto.people.models import Deed

AGES = ((0, 2), (3, 7), (8, 30), (31, None))  # days, both ends counted
MOST = timedelta(days=3660)
REOPENED = "reopened"
FEWEST_WRITERS = 3  # below this a share of one writer would be a figure about a person


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both counted."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        """The moment at which it begins on the desk's clock."""
        return timezone.make_aware(datetime.combine(self.first, time.min))

    @property
    def end(self) -> datetime:
        """The moment at which it is over."""
        return timezone.make_aware(datetime.combine(self.last + timedelta(days=1), time.min))

    def holds(self, field: str) -> Q:
        """Rows whose time in this field lies in the period."""
        return Q(**{f"{field}__gte": self.start, f"{field}__lt": self.end})


@dataclass(frozen=True)
class Figures:
    """The figures of one period. Times are in hours; None where there was nothing to measure."""

    period: Period
    messages: int
    cases: int
    answered: int  # Cases that got their first answer
    median_hours: float | None
    p90_hours: float | None
    in_time: float | None  # share of these that came by the last day of their term
    corrected: int  # versions
    withdrawn: int
    reopened: int  # Cases that were closed and are open again
    not_checkable: int  # Cases closed so, of those that came in the period
    answered_at_once: int  # Messages
    found_wrong: int  # of those: moved to another Case by their sender or by the staff
    objections_kept: int
    objections_overturned: int
    writers: int
    largest_share: float | None  # of the writer with the most answers; None for a desk of very few
    backlog: tuple[tuple[int, int | None, int], ...]  # open Cases now by age in days: from, to, how many


def is_countable(first: date, last: date) -> bool:
    """Whether both days lie in this millennium, at most ten years apart."""
    return 2000 <= first.year <= last.year < 3000 and last - first <= MOST


def figures(period: Period, *, now: datetime) -> Figures:
    """The figures of the period; the backlog is that of `now`."""
    firsts, versions = first_answers(period), _published(period)
    hours = [each.hours for each in firsts]
    at_once = Message.objects.filter(period.holds("received_at"), outcome=rules.ANSWERED_AT_ONCE)
    ruled = Ruling.objects.filter(period.holds("at"))
    writers = _answers_by_writer(versions)
    return Figures(
        period=period,
        messages=Message.objects.filter(period.holds("received_at")).count(),
        cases=Case.objects.filter(period.holds("opened_at")).count(),
        answered=len(hours),
        median_hours=median(hours),
        p90_hours=percentile(hours, 90),
        in_time=_share([each.in_time for each in firsts if each.in_time is not None]),
        corrected=versions.filter(step=rules.CORRECT).count(),
        withdrawn=versions.filter(step=rules.WITHDRAW).count(),
        reopened=Deed.objects.filter(period.holds("at"), what=REOPENED).count(),
        not_checkable=Case.objects.filter(period.holds("opened_at"), closing=rules.NOT_CHECKABLE).count(),
        answered_at_once=at_once.count(),
        found_wrong=_found_wrong(period),
        objections_kept=ruled.filter(kind=rules.KEPT).count(),
        objections_overturned=ruled.exclude(kind=rules.KEPT).count(),
        writers=len(writers),
        largest_share=max(writers) / sum(writers) if len(writers) >= FEWEST_WRITERS else None,
        backlog=tuple((low, high, _waiting(low, high, now=now)) for low, high in AGES),
    )


@dataclass(frozen=True, order=True)
class FirstAnswer:
    """How many hours after its Case was opened a first answer came, and whether in time; None without a term."""

    hours: float
    in_time: bool | None


def first_answers(period: Period) -> list[FirstAnswer]:
    """One for each Case whose first answer came in the period, the soonest first."""
    rows = (
        AnswerVersion.objects.filter(state=rules.PUBLISHED)
        .values("answer__case")
        .annotate(first=Min("published_at"), opened=F("answer__case__opened_at"), due=F("answer__case__due_on"))
        .filter(first__gte=period.start, first__lt=period.end)
    )
    found = [
        FirstAnswer((first - opened).total_seconds() / 3600, timezone.localdate(first) <= due if due else None)
        for first, opened, due in rows.values_list("first", "opened", "due")
    ]
    return sorted(found, key=lambda each: each.hours)


def median(ordered: Sequence[float]) -> float | None:
    """The middle of ascending values, or the mean of the two in the middle; None where there is none."""
    if not ordered:
        return None
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def percentile(ordered: Sequence[float], percent: int) -> float | None:
    """The smallest of ascending values that so many percent of them do not exceed (nearest rank); None for none."""
    return ordered[max(math.ceil(len(ordered) * percent / 100), 1) - 1] if ordered else None


def _share(kept: Sequence[bool]) -> float | None:
    return sum(kept) / len(kept) if kept else None


def _published(period: Period) -> QuerySet[AnswerVersion]:
    return AnswerVersion.objects.filter(period.holds("published_at"), state=rules.PUBLISHED)


def _answers_by_writer(versions: QuerySet[AnswerVersion]) -> list[int]:
    counted = versions.filter(step=rules.PUBLISH).values("written_by").annotate(n=Count("pk")).order_by()
    return [row["n"] for row in counted]


def _found_wrong(period: Period) -> int:
    """Messages that were answered at once and that a person, sender or staff, moved out of that Case."""
    moved = Joining.objects.filter(
        period.holds("message__received_at"),
        message__outcome=rules.ANSWERED_AT_ONCE,
        left__isnull=False,
        decided_by__in=("person", "member"),
    )
    return moved.values("message").distinct().count()


def _waiting(low: int, high: int | None, *, now: datetime) -> int:
    """Open Cases that have waited for so many full days."""
    waiting = Case.objects.filter(state=rules.OPEN, opened_at__lte=now - timedelta(days=low))
    return waiting.filter(opened_at__gt=now - timedelta(days=high + 1)).count() if high is not None else waiting.count()
