"""Which days a Unit works, and the terms it has: its own, else the desk's, else what the program comes with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Max, Q

from sangto.desk import rules
from sangto.desk.models import Calendar, Case, Holiday, Term
from sangto.engine.shipped_calendar import CalendarDay, shipped_calendar, shipped_days
from sangto.engine.workdays import WorkCalendar
from sangto.people.models import Unit
from sangto.people.queries import unit_at

ENDS_SOON_DAYS = 60


@dataclass(frozen=True)
class Calendars:
    """The calendars of all Units, read once."""

    own: Mapping[int | None, WorkCalendar]

    def of(self, unit_id: int | None) -> WorkCalendar:
        """The Unit's own calendar, else the desk's, else the one that the program comes with."""
        return self.own.get(unit_id) or self.own.get(None) or shipped_calendar()


def calendars() -> Calendars:
    """All calendars that were imported, in two queries."""
    rows = list(Calendar.objects.all())
    days = list(Holiday.objects.filter(calendar__in=rows)) if rows else []
    return Calendars({row.unit_id: _calendar(row, [day for day in days if day.calendar_id == row.pk]) for row in rows})


def _calendar(row: Calendar, days: list[Holiday]) -> WorkCalendar:
    return WorkCalendar(
        holidays=frozenset(each.day for each in days if not each.works),
        works=frozenset(each.day for each in days if each.works),
        known_until=row.known_until,
    )


def calendar_days(unit: Unit | None, *, year: int) -> tuple[str, date | None, list[CalendarDay]]:
    """The name of the calendar that the Unit goes by (empty: the program's), until when it is known, and its days."""
    row = Calendar.objects.filter(unit=unit).first() or Calendar.objects.filter(unit__isnull=True).first()
    if row is None:
        return "", shipped_calendar().known_until, [day for day in shipped_days() if day.on.year == year]
    days = row.days.filter(day__year=year)
    return row.name, row.known_until, [CalendarDay(each.day, each.name, each.works) for each in days]


def calendar_ends(*, today: date) -> date | None:
    """The day until which holidays are known, where that is less than 60 days after a day that is needed; else None.

    Needed are today and the days on which open Cases are due.
    """
    known = calendars()
    own = [unit for unit in known.own if unit is not None]
    cases = Case.objects.filter(state=rules.OPEN)
    # One last day for all that share a calendar: to look for each Unit's reads every open Case.
    shared = cases.exclude(unit__in=own).aggregate(last=Max("due_on"))["last"]
    latest: dict[int | None, date] = {None: shared or today}
    latest |= dict(
        cases.filter(unit__in=own, due_on__isnull=False).order_by().values_list("unit").annotate(last=Max("due_on"))
    )
    short = [known.of(unit) for unit, last in latest.items() if _is_short(known.of(unit), max(last, today))]
    return min((calendar.known_until for calendar in short if calendar.known_until), default=None)


def _is_short(calendar: WorkCalendar, needed: date) -> bool:
    return calendar.known_until is not None and (calendar.known_until - needed).days < ENDS_SOON_DAYS


def unit_with_code(code: str, *, on: date) -> Unit | None:
    """The Unit that holds this code on the day, or None."""
    found = unit_at(code, on=on)
    return Unit.objects.get(pk=found.unit) if found else None


def default_term(kind: str) -> int:
    """The working days to the first answer where nobody set a term."""
    return settings.TERM_CLAIM_WORKING_DAYS if kind == rules.CLAIM else settings.TERM_PROBLEM_WORKING_DAYS


def term_of(unit_id: int | None, *, kind: str) -> int:
    """The working days to the first answer: the newest term of the Unit, else of the desk, else the default."""
    rows = Term.objects.filter(Q(unit__isnull=True) | Q(unit=unit_id), kind=kind).order_by("pk")
    found: dict[int | None, int] = dict(rows.values_list("unit", "working_days"))  # the newest of each comes last
    return found.get(unit_id) or found.get(None) or default_term(kind)


def terms_set() -> list[Term]:
    """The terms that were set, newest first, with who set them."""
    return list(Term.objects.select_related("unit", "set_by__user").order_by("-pk"))
