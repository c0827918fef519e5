"""The only place that opens a sealed address."""

from sangto.vault import sealing
from sangto.vault.keystore import day_key
from sangto.vault.models import Contact


def address_of(contact: Contact) -> str:
    """The return address; raises KeyGone after its day's key was destroyed."""
    return sealing.unseal(bytes(contact.sealed), key=day_key(contact.day), day=contact.day, row=contact.id)
