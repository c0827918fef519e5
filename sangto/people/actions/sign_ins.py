"""A sign-in begins, is used, is given a name, is ended; and the accounts elsewhere that sign a Member in."""

from collections.abc import Iterable
from datetime import date, datetime

from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction

from sangto.people.actions.deeds import record_deed
from sangto.people.models import Member, ProviderLink, SignIn
from sangto.people.queries import key_of, roles_by_unit, sessions_of
from sangto.people.rules import CONFIRMED_BY, LABEL_MAX_CHARS, MEMBER, SUBJECT_MAX_CHARS


class CannotTie(Exception):
    """The account is not tied. `code`: taken (it signs somebody in already, or they have one already) or too_long."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def begin_sign_in(member: Member, *, session_key: str, confirmed_by: str, now: datetime, today: date) -> SignIn:
    """The row of a sign-in that just succeeded; the same one when somebody signs in anew within a session."""
    shown = confirmed_by if confirmed_by in CONFIRMED_BY else "password"
    row, _ = SignIn.objects.update_or_create(
        key=key_of(session_key),
        defaults={"member": member, "began_at": now, "last_day": today, "confirmed_by": shown},
    )
    return row


def use_sign_in(*, session_key: str, today: date) -> None:
    """The sign-in was used on this day; nothing happens for a session that has no row."""
    older = SignIn.objects.filter(key=key_of(session_key), last_day__lt=today)
    if older.exists():  # read first: on SQLite a write that changes nothing waits for other writers too
        older.update(last_day=today)


def name_sign_in(pk: int, *, label: str, by: Member) -> None:
    """The Member calls their own sign-in so, in 60 characters at most; nothing happens to one of somebody else."""
    plain = " ".join(label.replace("\0", "").split())[:LABEL_MAX_CHARS]
    SignIn.objects.filter(pk=pk, member=by).update(label=plain)


@transaction.atomic
def end_sign_in(pk: int, *, by: Member, now: datetime) -> bool:
    """Ends one open sign-in of the Member themselves, with its session; False where it was over or not theirs.

    A crash leaves both or neither: session and row are in one transaction.
    """
    row = SignIn.objects.filter(pk=pk, member=by).first()
    if row is None:
        return False
    _end(by, [key for key in sessions_of(by.user_id, now=now) if key_of(key) == row.key])
    row.delete()
    _note(by, "ended_sign_ins", by=by, now=now)
    return True


@transaction.atomic
def end_other_sign_ins(member: Member, *, session_key: str, now: datetime) -> int:
    """Ends every session of the Member but this one, whether it has a row or not; how many."""
    others = [key for key in sessions_of(member.user_id, now=now) if key != session_key]
    _end(member, others)
    member.sign_ins.exclude(key=key_of(session_key)).delete()
    if others:
        _note(member, "ended_sign_ins", by=member, now=now)
    return len(others)


def end_all_sign_ins(member: Member, *, now: datetime) -> int:
    """Ends every session of a Member who leaves, within the transaction of whoever does it; how many."""
    held = sessions_of(member.user_id, now=now)
    _end(member, held)
    member.sign_ins.all().delete()
    return len(held)


def forget_sign_ins() -> int:
    """Delete the rows whose session is gone, by time or by signing out; how many."""
    alive = {key_of(key) for key in Session.objects.values_list("session_key", flat=True).iterator()}
    gone = [pk for pk, key in SignIn.objects.values_list("pk", "key").iterator() if key not in alive]
    return SignIn.objects.filter(pk__in=gone).delete()[0]


@transaction.atomic
def tie_account(member: Member, *, issuer: str, subject: str, now: datetime) -> ProviderLink:
    """The account at the provider signs this Member in from now on. Raises CannotTie.

    Of two who tie one account at once the constraint lets one.
    """
    if not 0 < len(subject) <= SUBJECT_MAX_CHARS:
        raise CannotTie("too_long")
    try:
        with transaction.atomic():
            link = ProviderLink.objects.create(member=member, issuer=issuer, subject=subject, tied_at=now)
    except IntegrityError as error:
        raise CannotTie("taken") from error
    _note(member, "tied_account", by=member, now=now)
    return link


@transaction.atomic
def untie_accounts(member: Member, *, now: datetime) -> int:
    """No account elsewhere signs the Member in any more; how many did."""
    count: int = member.provider_links.all().delete()[0]
    if count:
        _note(member, "untied_account", by=member, now=now)
    return count


def _end(member: Member, keys: Iterable[str]) -> None:
    Session.objects.filter(session_key__in=list(keys)).delete()


def _note(member: Member, what: str, *, by: Member | None, now: datetime) -> None:
    for unit_id in sorted(roles_by_unit(member)):
        record_deed(what, by=by, kind=MEMBER, number=str(member.pk), unit_id=unit_id, at=now)
