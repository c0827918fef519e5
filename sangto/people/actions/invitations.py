"""Invite somebody by a link that works once, for 72 hours; renew a password so. Nobody types one for another."""

import hashlib
import secrets
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import IntegrityError, transaction

from sangto.people.actions.deeds import record_deed
from sangto.people.actions.grants import CannotGrant
from sangto.people.models import Grant, Invitation, Member, Unit, User
from sangto.people.queries import roles_by_unit, roles_in
from sangto.people.rules import INVITED_FOR, MEMBER, ROLES, may_hold, may_manage, roles_of

IS_LOGIN = RegexValidator(r"\A[\w.@+-]{1,150}\Z")


class CannotAccept(Exception):
    """Nobody was made a Member and no password was set. `code`: gone, bad_login, taken, no_name or weak.

    `reasons` says, in the reader's language, why a password is too weak.
    """

    def __init__(self, code: str, reasons: tuple[str, ...] = ()) -> None:
        super().__init__(code)
        self.code, self.reasons = code, reasons


@transaction.atomic
def invite(unit: Unit, *, title: str, by: Member | None, now: datetime) -> str:
    """The secret of a new link onto the staff of the Unit; only its hash is kept. `by` None is the operator.

    Raises CannotGrant: not_allowed or unknown_role.
    """
    if by and not may_manage(roles_in(by, unit.pk)):
        raise CannotGrant("not_allowed")
    if title not in ROLES:
        raise CannotGrant("unknown_role")
    secret = secrets.token_urlsafe(32)
    made = Invitation.objects.create(
        digest=_digest(secret), unit=unit, title=title, by=by, made_at=now, ends_at=now + INVITED_FOR
    )
    record_deed("invited", by=by, kind=MEMBER, number=f"I{made.pk}", unit_id=unit.pk, at=now)
    return secret


@transaction.atomic
def renew_password(member: Member, *, now: datetime) -> str:
    """The secret of a link with which the Member sets a new password, made by the operator. Second factors stay."""
    Invitation.objects.filter(renews=member, used_at__isnull=True).update(used_at=now)
    secret = secrets.token_urlsafe(32)
    Invitation.objects.create(digest=_digest(secret), renews=member, made_at=now, ends_at=now + INVITED_FOR)
    for unit_id in sorted(roles_by_unit(member)):
        record_deed("reset", by=None, kind=MEMBER, number=str(member.pk), unit_id=unit_id, at=now)
    return secret


@transaction.atomic
def accept(secret: str, *, username: str, full_name: str, password: str, now: datetime) -> Member:
    """The Member that the link makes, or whose password it renews; the link works no more. Raises CannotAccept."""
    row = Invitation.objects.select_for_update(no_key=True).filter(digest=_digest(secret)).first()
    if row is None or row.used_at or row.ends_at <= now:
        raise CannotAccept("gone")
    member = _renewed(row.renews, password) if row.renews else _made(row, username, full_name, password, now=now)
    row.used_at = now
    row.save(update_fields=["used_at"])
    return member


def _renewed(member: Member, password: str) -> Member:
    if member.left_at or not member.user.is_active:
        raise CannotAccept("gone")
    _check_password(password, member.user)
    member.user.set_password(password)
    member.user.save(update_fields=["password"])  # every session of theirs ends with the old password
    return member


def _made(row: Invitation, username: str, full_name: str, password: str, *, now: datetime) -> Member:
    assert row.unit is not None  # noqa: S101 - a constraint of the table
    user = User(username=username.strip(), first_name=full_name.strip()[:150])
    try:
        IS_LOGIN(user.username)
    except ValidationError as error:
        raise CannotAccept("bad_login") from error
    if not user.first_name or "\0" in user.first_name:
        raise CannotAccept("no_name")
    _check_password(password, user)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError as error:
        raise CannotAccept("taken") from error
    member = Member.objects.create(user=user)
    Grant.objects.bulk_create(
        Grant(member=member, unit=row.unit, role=role, granted_at=now, granted_by=row.by)
        for role in roles_of(row.title)
        if may_hold(role, beside=())
    )
    record_deed("accepted", by=member, kind=MEMBER, number=f"I{row.pk}", unit_id=row.unit_id, at=now)
    return member


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise CannotAccept("weak", tuple(error.messages)) from error


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
