"""How long what is kept here is kept. Pure: no database. A term of n days ends with the start of the n-th day after."""

from collections.abc import Container
from datetime import date, timedelta

AHEAD_DAYS = 7  # key pairs are made so far ahead, so that the worker may stand still for a week
# An address that is being sealed while its key is destroyed would be lost, so the last days of a key take none.
QUIET_DAYS = 2


LATEST_DAYS = 2 * AHEAD_DAYS  # the furthest day whose key is used now


def wanted_days(today: date, *, ended: Container[date] = ()) -> list[date]:
    """The days that need a key now: today and the days ahead.

    Where a clock that was ahead ended all of them, also the next day that has not: a key that ended never comes back.
    """
    days = [today + timedelta(days=n) for n in range(LATEST_DAYS + 1)]
    soon, later = days[: AHEAD_DAYS + 1], days[AHEAD_DAYS + 1 :]
    if any(day not in ended for day in soon):
        return soon
    return soon + [day for day in later if day not in ended][:1]


def latest_for_sealing(today: date) -> date:
    """The furthest day whose key may take an address, where there is no nearer one."""
    return today + timedelta(days=LATEST_DAYS)


def oldest_for_sealing(today: date, *, key_days: int) -> date:
    """The oldest day whose key may still take an address, where the worker has made no newer one."""
    return today - timedelta(days=max(key_days - QUIET_DAYS, 0))


def is_past(day: date, *, today: date, days: int) -> bool:
    """Whether a term of so many days that began on `day` is over."""
    return ends_on(day, days=days) <= today


def ends_on(day: date, *, days: int) -> date:
    """The day with whose start a term of so many days is over."""
    return day + timedelta(days=days)
