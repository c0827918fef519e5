"""Let go of what the vault keeps for one Message."""

import uuid

from sangto.vault.models import Contact, Opening


def forget_contact(row: uuid.UUID | None) -> None:
    """The Contact is gone; nothing happens where there is none. Call it inside the transaction that says why."""
    if row:
        Contact.objects.filter(pk=row).delete()


def forget_opening(row: uuid.UUID | None) -> None:
    """The Opening is gone, so nobody can tell any more which leaves it opened; Receipts taken before stay valid."""
    if row:
        Opening.objects.filter(pk=row).delete()
