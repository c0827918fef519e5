"""The only place that opens a sealed address; and what the vault holds."""

from dataclasses import dataclass
from datetime import date

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from django.conf import settings
from django.db.models import Min, QuerySet, Sum

from sangto.vault import keystore, rules, sealing
from sangto.vault.keystore import KeyGone
from sangto.vault.models import Contact, DayKey, Opening


class NoKey(Exception):
    """No day key is there to seal an address to: the worker has made none for a month, or has never run."""


class KeystoreAway(Exception):
    """Of all the keys that the database knows none is in the keystore: it is empty, or another desk's."""


@dataclass(frozen=True)
class PublicKey:
    """The key to which an address is sealed, and its day."""

    day: date
    key: X25519PublicKey


@dataclass(frozen=True)
class Held:
    """What the vault holds by the database, and when the next of each kind ends by its age. Days of keys are sorted."""

    contacts: int
    openings: int
    live: tuple[date, ...]
    destroyed: int
    sealed_again: int
    oldest_contact: date | None


def address_of(contact: Contact) -> str:
    """The return address; raises KeyGone after its day's key was destroyed, KeyLocked, and InvalidTag."""
    try:
        return _opened(contact)
    except KeyGone:
        # It may have been sealed again to a newer key since the row was read.
        newer = Contact.objects.filter(pk=contact.pk).exclude(day=contact.day).first()
        if newer is None:
            raise
        return _opened(newer)


def key_for(day: date) -> PublicKey:
    """The key to seal to on this day: its own, or the newest of the last weeks, or the first to come; raises NoKey.

    Where the worker stands still for longer than a week an older key is better than a lost message; on a desk's first
    day the worker's clock may be ahead of the asking process's, and a false one may have ended the keys of this week.
    """
    oldest = rules.oldest_for_sealing(day, key_days=settings.VAULT_DAY_KEY_DAYS)
    row = _live().filter(day__lte=day, day__gte=oldest).order_by("-day").first()
    row = row or _live().filter(day__gt=day, day__lte=rules.latest_for_sealing(day)).order_by("day").first()
    if row is None:
        raise NoKey(day.isoformat())
    return PublicKey(row.day, X25519PublicKey.from_public_bytes(bytes(row.public)))


def live_days() -> set[date]:
    """The days whose key is not destroyed, by the database."""
    return set(_live().values_list("day", flat=True))


def days_there(*, accept: bool = False) -> set[date]:
    """The days whose key is in the keystore; raises KeystoreAway and KeyLocked.

    What happens by an empty or a wrong folder (one that was not mounted, say) could not be taken back. `accept` takes
    the keystore as it is.
    """
    there = set(keystore.days())
    known = {row.day: bytes(row.public) for row in _live()}
    if known and not accept and not _is_ours(there, known):
        raise KeystoreAway
    return there


def days_to_end(there: set[date], *, today: date) -> list[date]:
    """The days whose key has to go, oldest first: it is old enough, or its file is lost and only its trace is left.

    `there`: the days whose key is in the keystore.
    """
    kept = live_days() | set(Contact.objects.values_list("day", flat=True).distinct())
    old = {each for each in kept | there if rules.is_past(each, today=today, days=settings.VAULT_DAY_KEY_DAYS)}
    lost = {each for each in kept - there if each < today}
    return sorted(old | lost)


def is_needed(day: date) -> bool:
    """Whether something is still sealed to the key of this day."""
    return Contact.objects.filter(day=day).exists()


def held() -> Held:
    """What the vault holds."""
    return Held(
        contacts=Contact.objects.count(),
        openings=Opening.objects.count(),
        live=tuple(sorted(live_days())),
        destroyed=DayKey.objects.filter(destroyed_at__isnull=False).count(),
        sealed_again=sealed_again(),
        oldest_contact=Contact.objects.aggregate(oldest=Min("arrived_on"))["oldest"],
    )


def sealed_again() -> int:
    """How often an address was sealed again because it was needed longer than its key lived."""
    return DayKey.objects.aggregate(n=Sum("sealed_again"))["n"] or 0


def _is_ours(there: set[date], known: dict[date, bytes]) -> bool:
    """Whether one key is the one that the database knows; or all are newer than a database that an old backup is."""
    newer = bool(there) and min(there) > max(known)
    return newer or any(_public_half(day) == known[day] for day in sorted(there & known.keys()))


def _public_half(day: date) -> bytes | None:
    try:
        return keystore.day_key(day).public_key().public_bytes_raw()
    except KeyGone:
        return None


def _live() -> QuerySet[DayKey]:
    return DayKey.objects.filter(destroyed_at__isnull=True)


def _opened(contact: Contact) -> str:
    return sealing.unseal(bytes(contact.sealed), key=keystore.day_key(contact.day), day=contact.day, row=contact.id)
