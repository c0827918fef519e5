"""Members, by what they signed in with."""

import hashlib

from sangto.people.models import Member, Token, User


def member_for(user: object) -> Member | None:
    """The active Member behind a signed-in login, or None."""
    if not isinstance(user, User) or not user.is_active:
        return None
    return Member.objects.select_related("user").filter(user=user, left_at__isnull=True).first()


def member_by_token(secret: str) -> Member | None:
    """The active Member whose unrevoked token this is, or None."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    members = Member.objects.select_related("user")
    return members.filter(
        tokens__digest=digest, tokens__revoked_at__isnull=True, left_at__isnull=True, user__is_active=True
    ).first()


def token_may_approve(secret: str) -> bool:
    """Whether the operator let this token approve what its Member may approve."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    return Token.objects.filter(digest=digest, revoked_at__isnull=True, may_approve=True).exists()


def member_by_username(username: str) -> Member | None:
    """The active Member with this login, or None."""
    members = Member.objects.select_related("user")
    return members.filter(user__username=username, left_at__isnull=True, user__is_active=True).first()
