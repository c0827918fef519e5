"""Close a Case that facts cannot settle, kindly and without a rating; open it again when that was a mistake."""

from datetime import datetime

from django.db import transaction

from sangto.desk import rules
from sangto.desk.actions.clock import restart
from sangto.desk.actions.deeds import note_deed, roles_on
from sangto.desk.actions.grouping import lock_cases, touch, void_unsent
from sangto.desk.models import Case, Reply
from sangto.people.models import Member
from sangto.people.rules import may_sort


class CannotClose(Exception):
    """The Case stays as it is. `code`: not_allowed, not_open, not_a_claim, has_answer, not_closed or withdrawn."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def close_not_checkable(case: Case, *, by: Member, now: datetime) -> None:
    """Close an opinion, prediction or private matter as not checkable: everybody is told so, nothing is rated."""
    case = _locked(case, by=by)
    if case.state != rules.OPEN:
        raise CannotClose("not_open")
    if case.kind != rules.CLAIM:
        raise CannotClose("not_a_claim")
    if hasattr(case, "answer"):
        raise CannotClose("has_answer")
    case.state, case.closing, case.settled_at, case.owes = rules.CLOSED, rules.NOT_CHECKABLE, now, True
    case.save(update_fields=["state", "closing", "settled_at", "owes"])
    touch(case, now=now)
    note_deed("closed", case, by=by, now=now)


@transaction.atomic
def reopen(case: Case, *, by: Member, now: datetime) -> None:
    """Put a Case that was closed without an Answer back into the queue."""
    case = _locked(case, by=by)
    if case.state != rules.CLOSED:
        raise CannotClose("not_closed")
    if case.closing == rules.WITHDRAWN:
        raise CannotClose("withdrawn")  # nobody asks it any more
    void_unsent(Reply.objects.filter(message__case=case, kind=rules.CLOSING), now=now)
    case.state, case.closing, case.settled_at = rules.OPEN, "", None
    case.save(update_fields=["state", "closing", "settled_at"])
    restart(case, now=now)
    touch(case, now=now)
    note_deed("reopened", case, by=by, now=now)


def _locked(case: Case, *, by: Member) -> Case:
    case = lock_cases(case.pk)[case.pk]
    if not may_sort(roles_on(case, by)):
        raise CannotClose("not_allowed")
    return case
