"""The calendar that comes with the program: Viet Nam's public holidays, as far as they were announced."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sangto.engine.workdays import WorkCalendar

VIETNAM = Path(__file__).parent / "calendars" / "vietnam.toml"


@dataclass(frozen=True)
class CalendarDay:
    """One day that is not as its weekday says: off, or worked. An unverified one is without effect."""

    on: date
    name: str
    works: bool = False
    unverified: bool = False


@cache
def shipped_days() -> tuple[CalendarDay, ...]:
    """Every day of the shipped file, by date."""
    read = _read()
    days = [_day(each["on"], each) for each in read["day"]]
    for each in read["days"]:
        length = (each["to"] - each["from"]).days + 1
        days += [_day(each["from"] + timedelta(days=n), each) for n in range(length)]
    return tuple(sorted(days, key=lambda day: day.on))


@cache
def shipped_calendar() -> WorkCalendar:
    """The shipped days that are in effect, as a calendar."""
    days = [day for day in shipped_days() if not day.unverified]
    return WorkCalendar(
        holidays=frozenset(day.on for day in days if not day.works),
        works=frozenset(day.on for day in days if day.works),
        known_until=_read()["known_until"],
    )


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(VIETNAM.read_text(encoding="utf-8"))


def _day(on: date, read: dict[str, Any]) -> CalendarDay:
    return CalendarDay(on, read["name"], bool(read.get("works")), bool(read.get("unverified")))
