"""Give a Member a role in a Unit, and end it."""

from datetime import datetime

from django.db import transaction

from sangto.people.actions.deeds import record_deed
from sangto.people.models import Grant, Member, Unit
from sangto.people.queries import held, roles_in
from sangto.people.rules import MEMBER, ROLES, may_hold, may_manage


class CannotGrant(Exception):
    """No Grant was given or ended. `code`: not_allowed, unknown_role, apart, yourself, held or ended."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def grant(member: Member, *, unit: Unit, role: str, by: Member | None, now: datetime) -> Grant:
    """The Member's new role in the Unit. `by` holds the role head there; None is the operator of the desk.

    Raises CannotGrant: also for roles that must not come together, and for one that is held already.
    """
    Member.objects.select_for_update(no_key=True).get(pk=member.pk)  # two at once see each other's Grant
    _check(member, unit, by=by)
    if role not in ROLES:
        raise CannotGrant("unknown_role")
    beside = roles_in(member, unit.pk)
    if role in beside:
        raise CannotGrant("held")
    if not may_hold(role, beside=beside):
        raise CannotGrant("apart")
    given = Grant.objects.create(member=member, unit=unit, role=role, granted_at=now, granted_by=by)
    record_deed("granted", by=by, kind=MEMBER, number=str(member.pk), unit_id=unit.pk, at=now)
    return given


@transaction.atomic
def end_grant(given: Grant, *, by: Member | None, now: datetime) -> Grant:
    """The Grant, ended now. What was done under it stays. Raises CannotGrant."""
    given = Grant.objects.select_for_update(no_key=True).select_related("member", "unit").get(pk=given.pk)
    _check(given.member, given.unit, by=by)
    if given.ended_at:
        raise CannotGrant("ended")
    given.ended_at, given.ended_by = now, by
    given.save(update_fields=["ended_at", "ended_by"])
    record_deed("ended_grant", by=by, kind=MEMBER, number=str(given.member_id), unit_id=given.unit_id, at=now)
    return given


def end_grants_of(member: Member, *, now: datetime) -> None:
    """End all Grants of a Member who leaves; inside the transaction of `leave`."""
    held(member).update(ended_at=now)


def _check(member: Member, unit: Unit, *, by: Member | None) -> None:
    if by is None:
        return
    if not may_manage(roles_in(by, unit.pk)):
        raise CannotGrant("not_allowed")
    if by.pk == member.pk:
        raise CannotGrant("yourself")
