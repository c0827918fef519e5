"""A dispatcher hands a Case over to the Unit that is responsible for it."""

from datetime import datetime

from django.db import transaction

from sangto.desk import rules
from sangto.desk.actions.deeds import note_deed, roles_on
from sangto.desk.actions.grouping import lock_cases, touch
from sangto.desk.models import Case
from sangto.people.models import Member, Unit
from sangto.people.queries import first_unit
from sangto.people.rules import may_hand_over


class CannotHandOver(Exception):
    """The Case stays where it is. `code`: not_allowed, gone, unknown_unit or same_unit."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def hand_over(case: Case, *, to: Unit | None, by: Member, now: datetime) -> Case:
    """The Case, of another Unit from now on; what was published stays, and says of which Unit it was then."""
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
    note_deed("handed_over", case, by=by, now=now)
    case.unit = to
    case.save(update_fields=["unit"])
    touch(case, now=now)
    note_deed("handed_over", case, by=by, now=now)
    return case
