"""Enrol a Member, issue a token."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from sangto.people.models import Member, Token, Unit, User


@transaction.atomic
def enrol(username: str, *, full_name: str, password: str, unit: Unit, role: str) -> Member:
    """A new Member who can sign in; raises IntegrityError when the login exists or the role is unknown."""
    user = User(username=username, first_name=full_name)
    user.set_password(password)
    user.save()
    return Member.objects.create(user=user, unit=unit, role=role)


@transaction.atomic
def leave(member: Member, *, now: datetime) -> None:
    """The Member can no longer sign in or use a token; what they wrote and approved stays theirs."""
    member.left_at = now
    member.save(update_fields=["left_at"])
    member.tokens.filter(revoked_at__isnull=True).update(revoked_at=now)


def issue_token(member: Member, *, now: datetime) -> str:
    """A new secret (256 bits, base64url) for the staff API; only its hash is kept, so it can be shown just once."""
    secret = secrets.token_urlsafe(32)
    Token.objects.create(member=member, digest=hashlib.sha256(secret.encode()).hexdigest(), made_at=now)
    return secret
