"""Take a calendar in, set a term, and count the open Cases anew by what they say."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from sangto.desk import rules
from sangto.desk.actions.clock import recount
from sangto.desk.models import Calendar, Case, Holiday, Term
from sangto.desk.queries.calendars import calendars
from sangto.engine.shipped_calendar import CalendarDay
from sangto.engine.workdays import LONGEST_TERM
from sangto.people.actions import record_deed
from sangto.people.models import Member, Unit
from sangto.people.queries import roles_in
from sangto.people.rules import WORK, may_set_terms

AT_ONCE = 500
NAME_CHARS = 200


class CannotSetTerm(Exception):
    """The term stays as it is. `code`: not_allowed, unknown_kind or out_of_range."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def import_calendar(
    days: Collection[CalendarDay], *, unit: Unit | None, name: str, known_until: date, now: datetime
) -> Calendar:
    """The calendar of the Unit (None: of the desk) in the place of the one before; `recount_open` then moves days."""
    values = {"name": name[:NAME_CHARS], "known_until": known_until, "imported_at": now}
    row, _ = Calendar.objects.update_or_create(unit=unit, defaults=values)
    row.days.all().delete()
    Holiday.objects.bulk_create(
        Holiday(calendar=row, day=each.on, name=each.name[:NAME_CHARS], works=each.works) for each in days
    )
    return row


def recount_open(*, now: datetime) -> int:
    """Count the last day of every open Case anew, so few in a transaction that nobody waits long; how many moved.

    The worker does it too: a new release can bring other holidays along.
    """
    known, moved, last = calendars(), 0, 0
    while ids := _open_after(last):
        with transaction.atomic():
            cases = Case.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
            moved += recount(cases, known=known)
        last = ids[-1]
    return moved


def _open_after(last: int) -> list[int]:
    waiting = Case.objects.filter(state=rules.OPEN, counts_from__isnull=False, pk__gt=last).order_by("pk")
    return list(waiting.values_list("pk", flat=True)[:AT_ONCE])


def set_term(*, unit: Unit | None, kind: str, working_days: int, by: Member | None, now: datetime) -> Term:
    """The term for Cases of the kind that are opened from now on. `by` is None where the operator sets it.

    A Case keeps the term that it was opened with: what was promised is not moved.
    """
    if by is not None and not may_set_terms(roles_in(by, unit.pk if unit else None)):
        raise CannotSetTerm("not_allowed")
    if kind not in rules.KINDS:
        raise CannotSetTerm("unknown_kind")
    if not 1 <= working_days <= LONGEST_TERM:
        raise CannotSetTerm("out_of_range")
    if by is not None:
        record_deed("set_term", by=by, kind=WORK, number=kind, unit_id=unit.pk if unit else None, at=now)
    return Term.objects.create(unit=unit, kind=kind, working_days=working_days, set_by=by, set_at=now)
