"""Open Cases follow their Unit where it led to one other whole; where not, a Member decides."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from sangto.desk import rules
from sangto.desk.actions.deeds import note_deed, roles_on
from sangto.desk.models import Case, Reassignment
from sangto.desk.queries.placing import cases_without_unit, only_heir
from sangto.people.models import Member
from sangto.people.queries import heirs, units_then
from sangto.people.rules import may_place

CASES_MOST = 500  # of one round; the next takes the next ones


class CannotReassign(Exception):
    """The Case cannot go to this Unit. `code`: not_allowed, gone (no longer open), no_unit, same_unit or no_reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def follow_units(*, now: datetime) -> int:
    """Pass open Cases of ended Units on to their only successor; how many were. Dates that were promised stay.

    A crash leaves some Cases for the next round. Cases of a Unit that was divided stay where they are, in the queue.
    """
    on = timezone.localdate(now)
    ended = {unit for unit in cases_without_unit(on=on).values_list("unit", flat=True).distinct() if unit}
    led = {unit: heir for unit, found in heirs(ended, on=on).items() if (heir := only_heir(found))}
    waiting = cases_without_unit(on=on).filter(unit__in=sorted(led))[:CASES_MOST]
    return sum(_pass_on(case, to=led[case.unit_id], now=now) for case in waiting if case.unit_id)


@transaction.atomic
def reassign(case: Case, *, to: int, why: str, by: Member, now: datetime) -> Reassignment:
    """An open Case gets a Unit that lives today, by a Member who says why; raises CannotReassign."""
    if not may_place(roles_on(case, by)):
        raise CannotReassign("not_allowed")
    if not why.strip():
        raise CannotReassign("no_reason")
    if not units_then([to], on=timezone.localdate(now)):
        raise CannotReassign("no_unit")
    held = Case.objects.select_for_update().filter(pk=case.pk, state=rules.OPEN).first()
    if held is None:
        raise CannotReassign("gone")
    if held.unit_id == to:
        raise CannotReassign("same_unit")
    row = Reassignment.objects.create(
        case=held, from_unit_id=held.unit_id, to_unit_id=to, why=why.strip()[:300], by=by, at=now
    )
    note_deed("placed", held, by=by, now=now)
    Case.objects.filter(pk=held.pk).update(unit=to)
    return row


@transaction.atomic
def _pass_on(case: Case, *, to: int, now: datetime) -> int:
    """1 when the Case was passed on; 0 when somebody closed or moved it meanwhile."""
    # The condition decides between two workers, and between the worker and a Member.
    moved = Case.objects.filter(pk=case.pk, unit=case.unit_id, state=rules.OPEN).update(unit=to)
    if moved:
        Reassignment.objects.create(case=case, from_unit_id=case.unit_id, to_unit_id=to, at=now)
    return moved
