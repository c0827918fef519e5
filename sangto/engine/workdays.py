"""Working days: terms that a law counts without weekends and public holidays, and without the days of a pause."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

SATURDAY, SUNDAY = 5, 6  # as date.weekday() counts
WEEKEND = frozenset({SATURDAY, SUNDAY})
ONE_DAY = timedelta(days=1)
LONGEST_TERM = 250  # working days that a term may be set to: about a year
LONGEST_DAYS = 3660  # a term that does not end within ten years never will

Pause = tuple[date, date]  # from its first day up to and without its last


@dataclass(frozen=True)
class WorkCalendar:
    """On which days people work.

    A day in `works` is worked although it falls on a weekend or a holiday (a day that was swapped); `known_until` is
    the last day for which the holidays were announced, None where there is no such day.
    """

    holidays: frozenset[date] = field(default_factory=frozenset)
    works: frozenset[date] = field(default_factory=frozenset)
    weekend: frozenset[int] = WEEKEND
    known_until: date | None = None

    def is_working_day(self, day: date) -> bool:
        """Whether people work on that day."""
        return day in self.works or not (day.weekday() in self.weekend or day in self.holidays)


WEEKENDS_ONLY = WorkCalendar()


def is_paused(day: date, pauses: Iterable[Pause]) -> bool:
    """Whether the clock stood on that day. The day on which a pause ends counts again; one of no days stops nothing."""
    return any(first <= day < last for first, last in pauses)


def add_working_days(
    start: date, days: int, *, calendar: WorkCalendar = WEEKENDS_ONLY, pauses: Iterable[Pause] = ()
) -> date:
    """The last day of a term of so many working days (0 or more). The day it starts on does not count.

    A term of 0 ends on the first working day from `start` on. Days on which the clock stood do not count. Raises
    ValueError for a negative term, and where the term would not end within ten years.
    """
    if days < 0:
        raise ValueError("a term needs days on which people work")
    stood, day, latest = tuple(pauses), start, start + timedelta(days=LONGEST_DAYS)
    counts = _counts(day, calendar, stood)
    while days or not counts:
        if day >= latest:
            raise ValueError("a term needs days on which people work")
        day += ONE_DAY
        counts = _counts(day, calendar, stood)
        days -= bool(days and counts)
    return day


def working_days_between(start: date, end: date, *, calendar: WorkCalendar = WEEKENDS_ONLY) -> int:
    """How many working days follow `start` up to `end`, which counts; 0 where `end` is not later."""
    days = (start + n * ONE_DAY for n in range(1, (end - start).days + 1))
    return sum(calendar.is_working_day(day) for day in days)


def _counts(day: date, calendar: WorkCalendar, pauses: tuple[Pause, ...]) -> bool:
    return calendar.is_working_day(day) and not is_paused(day, pauses)
