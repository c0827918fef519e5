"""End a day: without its key nobody can open its Contacts any more, not in an old backup either."""

from datetime import date, datetime

from sangto.vault.keystore import forget_day_key
from sangto.vault.models import Contact, DayKey


def destroy_day_key(day: date) -> None:
    """Remove the key file, and its name from the disk, for good. Doing it again changes nothing."""
    forget_day_key(day)


def note_destroyed(day: date, *, now: datetime) -> int:
    """Write down that a day's key is gone, and delete what nobody can open any more; how many Contacts that was.

    Call it inside the transaction that says so in the log.
    """
    DayKey.objects.filter(day=day, destroyed_at__isnull=True).update(destroyed_at=now)
    return Contact.objects.filter(day=day).delete()[1].get("vault.Contact", 0)
