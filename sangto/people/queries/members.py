"""Members, by what they signed in with."""

import hashlib

from django.db.models import Subquery

from sangto.people.models import Grant, Member, Token, Unit, User
from sangto.people.rules import AREA, Roles


def member_for(user: object) -> Member | None:
    """The active Member behind a signed-in login, or None. Asked again for the same row, it is not read again."""
    if not isinstance(user, User) or not user.is_active:
        return None
    member: Member | None = getattr(user, "member", None)
    return member if member and member.left_at is None else None


def colleagues_in(unit_id: int | None, *, roles: Roles) -> list[Member]:
    """The active Members who hold one of the roles in the Unit, by name; None is the first Unit."""
    unit = unit_id or Subquery(Unit.objects.exclude(role=AREA).order_by("pk").values("pk")[:1])
    held = Grant.objects.filter(unit=unit, role__in=roles, ended_at__isnull=True)
    members = Member.objects.filter(pk__in=held.values("member"), left_at__isnull=True)
    return list(members.select_related("user").order_by("user__first_name", "pk"))


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
