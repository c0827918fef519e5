"""The clock of a Case: it starts when the Case is opened, and anew when it is opened again.

What an action does that may move the last day of a Case ends with `recount`, inside the same transaction.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TypedDict

from django.utils import timezone

from sangto.desk import rules
from sangto.desk.models import Case
from sangto.desk.queries.calendars import Calendars, calendars, term_of
from sangto.desk.queries.deadlines import due_dates
from sangto.engine.workdays import add_working_days
from sangto.people.models import Unit


class Clock(TypedDict):
    """The columns of a Case that are its clock."""

    counts_from: date
    term_days: int
    due_on: date


def started(*, kind: str, unit: Unit | None, now: datetime) -> Clock:
    """The clock of a Case that is opened now: the term of that kind and Unit as it is today."""
    unit_id, today = unit.pk if unit else None, timezone.localdate(now)
    days = term_of(unit_id, kind=kind)
    due_on = add_working_days(today, days, calendar=calendars().of(unit_id))
    return Clock(counts_from=today, term_days=days, due_on=due_on)


def restart(case: Case, *, now: datetime) -> None:
    """Start the clock of a locked Case anew, because it is open again, by the term as it is today."""
    case.restarted_on = timezone.localdate(now)
    case.counts_from = case.counts_from or case.restarted_on
    case.term_days = term_of(case.unit_id, kind=case.kind)
    case.save(update_fields=["restarted_on", "counts_from", "term_days"])
    recount([case])


def change_term(case: Case) -> None:
    """Give a locked Case the term of the kind that it has now; its clock goes on from where it began."""
    case.term_days = term_of(case.unit_id, kind=case.kind)
    case.save(update_fields=["term_days"])
    recount([case])


def recount(cases: Iterable[Case], *, known: Calendars | None = None) -> int:
    """Write down the last days of these Cases as their rows now give them; how many moved. Only open ones move."""
    open_ = [case for case in cases if case.state == rules.OPEN]
    due, moved = due_dates(open_, known=known), 0
    for case in open_:
        if case.pk in due and case.due_on != due[case.pk]:
            case.due_on = due[case.pk]
            case.save(update_fields=["due_on"])
            moved += 1
    return moved
