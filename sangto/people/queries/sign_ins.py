"""The open sign-ins of a Member, and whom an account elsewhere signs in."""

from datetime import datetime

from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from sangto.people.models import Member, ProviderLink, SignIn

SALT = "sangto sign-in v1"


def key_of(session_key: str) -> str:
    """The hash of a session's key under the desk's secret key: 64 hex digits that open nothing."""
    return str(salted_hmac(SALT, session_key, algorithm="sha256").hexdigest())


def sessions_of(user_id: int, *, now: datetime) -> list[str]:
    """The keys of the sessions in which this login is signed in and that have not ended.

    A session says whose it is only inside, so all that are open are read: those of the staff, for twelve hours each.
    """
    alive = Session.objects.filter(expire_date__gt=now)
    return [each.session_key for each in alive.iterator() if each.get_decoded().get("_auth_user_id") == str(user_id)]


def sign_ins_of(member: Member, *, now: datetime) -> list[SignIn]:
    """The Member's open sign-ins, newest first; those whose session is over are left out."""
    alive = {key_of(key) for key in sessions_of(member.user_id, now=now)}
    return [each for each in member.sign_ins.order_by("-began_at", "-pk") if each.key in alive]


def member_by_account(issuer: str, subject: str) -> Member | None:
    """The active Member whom an account at this provider signs in, or None."""
    active: QuerySet[ProviderLink] = ProviderLink.objects.filter(
        issuer=issuer, subject=subject, member__left_at__isnull=True, member__user__is_active=True
    )
    link = active.select_related("member__user").first()
    return link.member if link else None


def account_tied(member: Member, issuer: str) -> ProviderLink | None:
    """The account at this provider that signs the Member in, or None."""
    return member.provider_links.filter(issuer=issuer).first()
