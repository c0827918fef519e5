"""Seal a return address on arrival."""

import uuid
from datetime import date

from sangto.vault import sealing
from sangto.vault.keystore import make_day_key
from sangto.vault.models import Contact


def seal(address: str, *, on: date) -> Contact:
    """An unsaved Contact that holds the address sealed to the day's key. No database: call it before a transaction."""
    row = uuid.uuid4()
    key = make_day_key(on).public_key()
    return Contact(id=row, day=on, sealed=sealing.enclose(address, key=key, day=on, row=row))


def keep(contact: Contact) -> Contact:
    """The Contact, saved; call it inside the transaction that keeps the Message."""
    contact.save(force_insert=True)
    return contact
