"""How long what is kept here is kept. Pure: no database. A term of n days ends with the start of the n-th day after."""

from datetime import date, timedelta

AHEAD_DAYS = 7  # key pairs are made so far ahead, so that the worker may stand still for a week
# An address that is being sealed while its key is destroyed would be lost, so the last days of a key take none.
QUIET_DAYS = 2


def wanted_days(today: date) -> list[date]:
    """The days that need a key now: today and the days ahead."""
    return [today + timedelta(days=n) for n in range(AHEAD_DAYS + 1)]


def oldest_for_sealing(today: date, *, key_days: int) -> date:
    """The oldest day whose key may still take an address, where the worker has made no newer one."""
    return today - timedelta(days=max(key_days - QUIET_DAYS, 0))


def is_past(day: date, *, today: date, days: int) -> bool:
    """Whether a term of so many days that began on `day` is over."""
    return ends_on(day, days=days) <= today


def ends_on(day: date, *, days: int) -> date:
    """The day with whose start a term of so many days is over."""
    return day + timedelta(days=days)
