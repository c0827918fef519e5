"""Whose work a Case is: somebody takes it, gives it to a colleague, or puts it back."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from sangto.desk import rules
from sangto.desk.actions.deeds import note_deed, roles_on
from sangto.desk.actions.grouping import lock_cases
from sangto.desk.models import Case
from sangto.people.models import Grant, Member
from sangto.people.queries import first_unit
from sangto.people.rules import WORKING, may_work


class CannotAssign(Exception):
    """The Case stays whose it is. `code`: not_allowed, gone or no_colleague (who can work on it)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def assign(case: Case, *, to: Member | None, by: Member, now: datetime) -> Case:
    """The Case, assigned to a Member who can work on it, or to nobody. Others may still do what their roles allow."""
    case = lock_cases(case.pk)[case.pk]
    if not may_work(roles_on(case, by)):
        raise CannotAssign("not_allowed")
    if case.state == rules.MERGED:
        raise CannotAssign("gone")
    if to is not None and not may_work(roles_on(case, to)):
        raise CannotAssign("no_colleague")
    if case.assigned_to_id != (to.pk if to else None):
        case.assigned_to = to
        case.save(update_fields=["assigned_to"])
        note_deed("assigned", case, by=by, now=now)
    return case


def put_back_left() -> int:
    """Assign to nobody the Cases of Members who can work on them no more; how many there were."""
    first = first_unit()
    held = Grant.objects.filter(member=OuterRef("assigned_to"), ended_at__isnull=True, role__in=WORKING)
    there = held.filter(unit=OuterRef("unit"))
    at_first = Q(unit__isnull=True) & Exists(held.filter(unit=first))
    mine = Case.objects.filter(assigned_to__isnull=False)
    return mine.exclude(Exists(there) | at_first).update(assigned_to=None)
