"""Delete what is not needed any more, and see that the bytes leave the disk."""

from collections.abc import Iterable
from uuid import UUID

from django.db import OperationalError, connection

from sangto.vault.models import Contact, Opening

PAGES_AT_ONCE = 2000
PATIENCE_MS = 1000


def forget_contacts(ids: Iterable[UUID | None]) -> int:
    """Delete these Contacts; how many there were. None stands for none."""
    return Contact.objects.filter(pk__in=[each for each in ids if each]).delete()[1].get("vault.Contact", 0)


def forget_openings(ids: Iterable[UUID | None]) -> int:
    """Delete these Openings; how many there were. None stands for none.

    Their leaves stay, and nobody can tell any more which they are.
    """
    return Opening.objects.filter(pk__in=[each for each in ids if each]).delete()[1].get("vault.Opening", 0)


def scrub() -> bool:
    """On SQLite, give free pages back and empty the write-ahead log of what was deleted; whether that was done.

    Not inside a transaction, and not while somebody reads for longer than a second: the next round does it. On
    PostgreSQL there is nothing to do: old pages and logs are out of reach, which is why erasure is by key.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return False
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        usual = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
        try:
            cursor.execute(f"PRAGMA incremental_vacuum({PAGES_AT_ONCE})")
            cursor.fetchall()  # each row is a page
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy, _pages, _moved = cursor.fetchone()
            return not busy
        except OperationalError:
            return False
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(usual)}")
