"""Enrol a Member, issue a token."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Now

from sangto.people.actions.deeds import record_deed
from sangto.people.actions.grants import end_grants_of
from sangto.people.actions.sign_ins import end_all_sign_ins
from sangto.people.models import Grant, Member, Token, Unit, User
from sangto.people.queries import roles_by_unit
from sangto.people.rules import MEMBER, roles_of


@transaction.atomic
def enrol(
    username: str, *, full_name: str, password: str, unit: Unit, role: str, now: datetime | None = None
) -> Member:
    """A new Member who can sign in, enrolled by the operator in the roles that go with `role` (`rules.roles_of`).

    Raises IntegrityError when the login exists or the role is unknown. Without `now` the database's clock counts.
    """
    user = User(username=username, first_name=full_name)
    user.set_password(password)
    user.save()
    member = Member.objects.create(user=user)
    Grant.objects.bulk_create(
        Grant(member=member, unit=unit, role=each, granted_at=now or Now()) for each in roles_of(role)
    )
    record_deed("enrolled", by=None, kind=MEMBER, number=str(member.pk), unit_id=unit.pk, at=now)
    return member


@transaction.atomic
def leave(member: Member, *, now: datetime) -> None:
    """The Member can no longer sign in or use a token, and is signed out; what they wrote and approved stays theirs."""
    member.left_at = now
    member.save(update_fields=["left_at"])
    member.tokens.filter(revoked_at__isnull=True).update(revoked_at=now)
    for unit_id in sorted(roles_by_unit(member)):
        record_deed("left", by=None, kind=MEMBER, number=str(member.pk), unit_id=unit_id, at=now)
    end_grants_of(member, now=now)
    end_all_sign_ins(member, now=now)


def issue_token(member: Member, *, now: datetime, may_approve: bool = False) -> str:
    """A new secret (256 bits, base64url) for the staff API; only its hash is kept, so it can be shown just once.

    With `may_approve` what the Member may approve can be approved with it, without a second factor.
    """
    secret = secrets.token_urlsafe(32)
    Token.objects.create(
        member=member, digest=hashlib.sha256(secret.encode()).hexdigest(), made_at=now, may_approve=may_approve
    )
    for unit_id in sorted(roles_by_unit(member)):
        record_deed("issued_token", by=None, kind=MEMBER, number=str(member.pk), unit_id=unit_id, at=now)
    return secret
