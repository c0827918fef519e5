"""Seal a return address on arrival."""

import uuid
from datetime import date

from sangto.vault import sealing
from sangto.vault.models import Contact
from sangto.vault.queries import key_for


def seal(address: str, *, on: date) -> Contact:
    """An unsaved Contact that holds the address, sealed to the day's public key. Call it before the transaction.

    Raises NoKey. The private key is not needed, and not looked for.
    """
    row, found = uuid.uuid4(), key_for(on)
    sealed = sealing.enclose(address, key=found.key, day=found.day, row=row)
    return Contact(id=row, day=found.day, sealed=sealed, arrived_on=on)


def keep(contact: Contact) -> Contact:
    """The Contact, saved; call it inside the transaction that keeps the Message."""
    contact.save(force_insert=True)
    return contact
