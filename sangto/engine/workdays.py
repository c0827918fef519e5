"""Working days: terms that a law counts without weekends and public holidays."""

from collections.abc import Collection
from datetime import date, timedelta

SATURDAY, SUNDAY = 5, 6  # as date.weekday() counts
WEEKEND = (SATURDAY, SUNDAY)


def is_working_day(day: date, *, holidays: Collection[date] = (), weekend: Collection[int] = WEEKEND) -> bool:
    """Whether people work on that day."""
    return day.weekday() not in weekend and day not in holidays


def add_working_days(
    start: date, days: int, *, holidays: Collection[date] = (), weekend: Collection[int] = WEEKEND
) -> date:
    """The last day of a term of so many working days (0 or more). The day it starts on does not count.

    A term of 0 ends on the first working day from `start` on. Raises ValueError for a negative term, and for a weekend
    that never ends.
    """
    if days < 0 or set(range(7)) <= set(weekend):
        raise ValueError("a term needs days on which people work")
    day = start
    while days or not is_working_day(day, holidays=holidays, weekend=weekend):
        day += timedelta(days=1)
        days -= days and is_working_day(day, holidays=holidays, weekend=weekend)
    return day
