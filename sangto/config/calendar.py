"""`sangto calendar` and `sangto term`: which days are worked, and how many of them an answer may take."""

from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from sangto.desk.actions import CannotSetTerm, import_calendar, recount_open, set_term
from sangto.desk.queries.calendars import calendar_days, term_of, unit_with_code
from sangto.desk.rules import KINDS
from sangto.interchange.icalendar_days import MOST_BYTES, MOST_DAYS, MOST_EVENTS, BadCalendar, read_calendar

REFUSED = {
    "too_large": f"the file has more than {MOST_BYTES:,} bytes",
    "not_text": "the file is not text in UTF-8",
    "not_a_calendar": "the file is not one calendar in the iCalendar format (RFC 5545)",
    "no_events": "the calendar has no event (VEVENT)",
    "too_many_events": f"the calendar has more than {MOST_EVENTS:,} events",
    "too_many_days": f"the calendar gives more than {MOST_DAYS:,} days",
    "no_working_days": "the calendar leaves a year hardly any working day",
    "broken_event": "a line of the event cannot be read",
    "no_start": "the event has no DTSTART",
    "not_whole_days": "the event is not of whole days: DTSTART and DTEND must be dates",
    "ends_before_start": "the event ends before it starts; DTEND is the day after the last one",
    "too_long": "the event lasts longer than 31 days",
    "not_yearly": "the event repeats otherwise than once a year on its day",
    "out_of_range": "the event is not between the years 2000 and 2200",
    "said_twice": "one day is both off and worked",
    "no_unit": "there is no unit with this code",
    "unknown_kind": "the kind must be claim or problem",
    "out_of_range_term": "a term is from 1 to 250 working days",
}


def take_in(file: Path, *, unit_code: str | None, known_until: Any) -> int:
    """Exit code 0 when the calendar is in use, 1 when it was refused and nothing changed."""
    now = timezone.now()
    try:
        with file.open("rb") as stream:
            read = read_calendar(stream.read(MOST_BYTES + 1), this_year=timezone.localdate(now).year)
    except BadCalendar as refusal:
        return _refuse(REFUSED[refusal.code], event=refusal.event)
    except OSError as error:
        return _refuse(f"the file cannot be read ({type(error).__name__})")
    unit = unit_with_code(unit_code, on=timezone.localdate()) if unit_code else None
    if unit_code and unit is None:
        return _refuse(REFUSED["no_unit"])
    until = known_until.date() if known_until else read.known_until
    import_calendar(read.days, unit=unit, name=file.name, known_until=until, now=now)
    moved = recount_open(now=now)
    worked = sum(day.works for day in read.days)
    click.echo(f"{len(read.days) - worked} days off and {worked} worked for others, known until {until}.")
    click.echo(f"{moved} open cases are due on another day now.")
    return 0


def show(year: int, *, unit_code: str | None) -> int:
    """Exit code 0 with the days of the year printed, 1 when there is no such unit."""
    unit = unit_with_code(unit_code, on=timezone.localdate()) if unit_code else None
    if unit_code and unit is None:
        return _refuse(REFUSED["no_unit"])
    name, until, days = calendar_days(unit, year=year)
    click.echo(f"{name or 'Viet Nam, as shipped'}: known until {until}")
    for day in days:
        state = "unverified, no effect" if day.unverified else "worked" if day.works else "off"
        click.echo(f"{day.on:%Y-%m-%d %a}  {state:<22}{day.name}")
    if not days:
        click.echo(f"no day of {year} differs from its weekday")
    return 0


def put_term(kind: str, days: int, *, unit_code: str | None) -> int:
    """Exit code 0 when the term is set for cases opened from now on, 1 when not."""
    unit = unit_with_code(unit_code, on=timezone.localdate()) if unit_code else None
    if unit_code and unit is None:
        return _refuse(REFUSED["no_unit"])
    try:
        set_term(unit=unit, kind=kind, working_days=days, by=None, now=timezone.now())
    except CannotSetTerm as refusal:
        return _refuse(REFUSED["out_of_range_term" if refusal.code == "out_of_range" else refusal.code])
    click.echo(f"{kind}: {days} working days, for cases opened from now on")
    return 0


def show_terms(*, unit_code: str | None) -> int:
    """Exit code 0 with the terms in force printed, 1 when there is no such unit."""
    unit = unit_with_code(unit_code, on=timezone.localdate()) if unit_code else None
    if unit_code and unit is None:
        return _refuse(REFUSED["no_unit"])
    for kind in KINDS:
        click.echo(f"{kind}: {term_of(unit.pk if unit else None, kind=kind)} working days")
    return 0


def _refuse(why: str, *, event: int = 0) -> int:
    where = f"event {event}: " if event else ""
    click.echo(f"sangto: nothing was changed: {where}{why}", err=True)
    return 1
