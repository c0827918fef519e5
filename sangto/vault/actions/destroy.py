"""End a day: without its key nobody can open its Contacts any more, not in an old backup either."""

from datetime import date

from sangto.vault.keystore import forget_day_key


def destroy_day_key(day: date) -> None:
    """Remove the key file, and its name from the disk, for good. Doing it again changes nothing."""
    forget_day_key(day)
