"""A calendar of holidays out of an iCalendar file (RFC 5545): whole days, once or every year. Pure, and within bounds.

Taken of each VEVENT: DTSTART, DTEND or DURATION, RRULE (yearly), EXDATE, SUMMARY, STATUS; CATEGORIES with WORKDAY says
that people work on that day although it is a weekend. Everything else is left.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import icalendar

from sangto.engine.shipped_calendar import CalendarDay
from sangto.engine.workdays import WorkCalendar

MOST_BYTES = 1_000_000
MOST_EVENTS = 2000
MOST_DAYS = 5000
LONGEST_EVENT_DAYS = 31
YEARS_AHEAD = 10
FIRST_YEAR, LAST_YEAR = 2000, 2200
LEAST_WORKING_DAYS = 50  # in a year; a calendar with fewer is a mistake, and no term would ever end
NAME_CHARS = 200
WORKDAY = "WORKDAY"
YEARLY = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "WKST"}


class BadCalendar(Exception):
    """The file is no calendar that we can take. `code`, and `event` counted from 1, or 0 where none is to blame.

    `code`: too_large, not_text, not_a_calendar, no_events, too_many_events, broken_event, no_start, not_whole_days,
    ends_before_start, too_long, not_yearly, out_of_range, too_many_days, said_twice or no_working_days.
    """

    def __init__(self, code: str, *, event: int = 0) -> None:
        super().__init__(code, event)
        self.code = code
        self.event = event


@dataclass(frozen=True)
class ReadCalendar:
    """The days of a file, by date, and the last day of the last year that it names by itself."""

    days: tuple[CalendarDay, ...]
    known_until: date


def read_calendar(data: bytes, *, this_year: int) -> ReadCalendar:
    """The holidays and worked weekends of the file, repeated ones up to ten years ahead; raises BadCalendar."""
    events = _events(data)
    found: dict[date, CalendarDay] = {}
    last_year = 0
    for n, event in enumerate(events, start=1):
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            continue
        for day in _days(event, n, until_year=this_year + YEARS_AHEAD):
            if found.setdefault(day.on, day).works != day.works:
                raise BadCalendar("said_twice", event=n)
            if len(found) > MOST_DAYS:
                raise BadCalendar("too_many_days")
        last_year = max(last_year, _says_until(event, this_year))
    days = tuple(sorted(found.values(), key=lambda day: day.on))
    _check_years(days)
    return ReadCalendar(days, date(last_year or this_year, 12, 31))


def _events(data: bytes) -> list[Any]:
    if len(data) > MOST_BYTES:
        raise BadCalendar("too_large")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadCalendar("not_text") from error
    if text.upper().count("BEGIN:") > 3 * MOST_EVENTS:  # before anything is built of it
        raise BadCalendar("too_many_events")
    try:
        read = icalendar.Calendar.from_ical(text)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise BadCalendar("not_a_calendar") from error
    if not isinstance(read, icalendar.Calendar):
        raise BadCalendar("not_a_calendar")
    events = [each for each in read.subcomponents if each.name == "VEVENT"]
    if not events:
        raise BadCalendar("no_events")
    if len(events) > MOST_EVENTS:
        raise BadCalendar("too_many_events")
    return events


def _days(event: Any, n: int, *, until_year: int) -> Iterator[CalendarDay]:
    if event.errors:
        raise BadCalendar("broken_event", event=n)
    start, length = _start(event, n), _length(event, n)
    name, works = str(event.get("SUMMARY", ""))[:NAME_CHARS], WORKDAY in _categories(event)
    left_out = _left_out(event)
    for first in _starts(event, start, n, until_year=until_year):
        days = (first + timedelta(days=more) for more in range(length))
        yield from (CalendarDay(day, name, works) for day in days if first not in left_out)


def _start(event: Any, n: int) -> date:
    start = getattr(event.get("DTSTART"), "dt", None)
    if start is None:
        raise BadCalendar("no_start", event=n)
    if not _is_day(start):
        raise BadCalendar("not_whole_days", event=n)
    if not FIRST_YEAR <= start.year <= LAST_YEAR:
        raise BadCalendar("out_of_range", event=n)
    return date(start.year, start.month, start.day)


def _length(event: Any, n: int) -> int:
    """How many days the event lasts: DTEND is the day after the last one, and one day is meant where none is given."""
    start, end = _start(event, n), getattr(event.get("DTEND"), "dt", None)
    lasts = getattr(event.get("DURATION"), "dt", timedelta(days=1)) if end is None else None
    if (
        end is not None
        and not _is_day(end)
        or lasts is not None
        and (not isinstance(lasts, timedelta) or lasts.seconds)
    ):
        raise BadCalendar("not_whole_days", event=n)
    days = (end - start).days if end is not None else lasts.days if lasts is not None else 1
    if days < 1:
        raise BadCalendar("ends_before_start", event=n)
    if days > LONGEST_EVENT_DAYS:
        raise BadCalendar("too_long", event=n)
    return int(days)


def _starts(event: Any, start: date, n: int, *, until_year: int) -> Iterator[date]:
    """The first days of the event in every year that it comes in; one that repeats by more than the year is refused."""
    rule = event.get("RRULE")
    if event.get("RDATE") is not None or isinstance(rule, list):
        raise BadCalendar("not_yearly", event=n)
    if rule is None:
        yield start
        return
    every, count, until = _rule(rule, start, n)
    given = 0
    for year in range(start.year, until_year + 1, every):
        day = _in_year(start, year)
        if day is None:
            continue  # 29 February comes in leap years only
        if given == count or until is not None and day > until:
            return
        given += 1
        yield day


def _rule(rule: Any, start: date, n: int) -> tuple[int, int, date | None]:
    """Every how many years, how often at most (-1: no bound), and until when; raises BadCalendar for any other rule."""
    known = set(rule) <= YEARLY and rule.get("FREQ") == ["YEARLY"]
    same_day = rule.get("BYMONTH", [start.month]) == [start.month] and rule.get("BYMONTHDAY", [start.day]) == [
        start.day
    ]
    every, count, until = rule.get("INTERVAL", [1])[0], rule.get("COUNT", [-1])[0], rule.get("UNTIL", [None])[0]
    if not (known and same_day and 1 <= every <= LAST_YEAR and (count == -1 or count >= 1)):
        raise BadCalendar("not_yearly", event=n)
    return every, count, until.date() if isinstance(until, datetime) else until


def _in_year(start: date, year: int) -> date | None:
    try:
        return start.replace(year=year)
    except ValueError:
        return None


def _says_until(event: Any, this_year: int) -> int:
    """The last year for which the event says something by itself: of one that comes every year, this year."""
    start = event.get("DTSTART").dt
    return int(min(start.year, this_year) if event.get("RRULE") is not None else start.year)


def _left_out(event: Any) -> set[date]:
    given = event.get("EXDATE")
    lists = given if isinstance(given, list) else [given] if given is not None else []
    days = [each.dt for one in lists for each in getattr(one, "dts", [])]
    return {day.date() if isinstance(day, datetime) else day for day in days}


def _categories(event: Any) -> set[str]:
    given = event.get("CATEGORIES")
    lists = given if isinstance(given, list) else [given] if given is not None else []
    return {str(each).strip().upper() for one in lists for each in getattr(one, "cats", [])}


def _is_day(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _check_years(days: tuple[CalendarDay, ...]) -> None:
    calendar = WorkCalendar(
        holidays=frozenset(day.on for day in days if not day.works),
        works=frozenset(day.on for day in days if day.works),
    )
    for year in sorted({day.on.year for day in days}):
        every = (date(year, 1, 1) + timedelta(days=n) for n in range(365))
        if sum(calendar.is_working_day(day) for day in every) < LEAST_WORKING_DAYS:
            raise BadCalendar("no_working_days")
