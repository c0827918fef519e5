"""A dispatcher hands a Case over to the Unit that is responsible for it."""

from datetime import datetime

from django.db import transaction

from sangto.desk import rules
from sangto.desk.actions.deeds import note_deed, roles_on
from sangto.desk.actions.grouping import lock_cases, touch
from sangto.desk.models import Case, Reassignment
from sangto.people.models import Member, Unit
from sangto.people.queries import first_unit
from sangto.people.rules import may_hand_over

WHY_CHARS = 300


class CannotHandOver(Exception):
    """The Case stays where it is. `code`: not_allowed, gone, unknown_unit, same_unit, no_reason or too_long."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def hand_over(case: Case, *, to: Unit | None, why: str, by: Member, now: datetime) -> Case:
    """The Case, of another Unit from now on, whose staff reads why; nobody's in particular there.

    Everybody who asks is told which Unit has it while it is open. What was published stays, and says of which Unit it
    was then.
    """
    case = lock_cases(case.pk)[case.pk]
    if not may_hand_over(roles_on(case, by)):
        raise CannotHandOver("not_allowed")
    if case.state == rules.MERGED:
        raise CannotHandOver("gone")
    if to is None:
        raise CannotHandOver("unknown_unit")
    first = first_unit()
    if to.pk == (case.unit_id or (first.pk if first else None)):
        raise CannotHandOver("same_unit")
    Reassignment.objects.create(case=case, from_unit=case.unit, to_unit=to, why=_note(why), by=by, at=now)
    note_deed("handed_over", case, by=by, now=now)
    case.unit, case.assigned_to = to, None
    case.owes = case.owes or case.state == rules.OPEN
    case.save(update_fields=["unit", "assigned_to", "owes"])
    touch(case, now=now)
    note_deed("handed_over", case, by=by, now=now)  # also where the other Unit's auditor reads
    return case


def _note(why: str) -> str:
    why = " ".join(why.split())
    if not why:
        raise CannotHandOver("no_reason")
    if len(why) > WHY_CHARS:
        raise CannotHandOver("too_long")
    return why
