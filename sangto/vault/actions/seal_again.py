"""Carry the Contacts of a day that is about to end over to a newer key. Only the worker can: it needs both keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.db import transaction
from django.db.models import F

from sangto.vault import sealing
from sangto.vault.keystore import KeyGone, day_key
from sangto.vault.models import Contact, DayKey
from sangto.vault.queries import PublicKey, key_for

AT_ONCE = 200


@dataclass(frozen=True)
class Resealed:
    """How many Contacts moved on to a newer key, and how many could not be opened: they are deleted."""

    again: int = 0
    lost: int = 0

    def __add__(self, other: "Resealed") -> "Resealed":
        return Resealed(self.again + other.again, self.lost + other.lost)


def seal_again(day: date, *, on: date, at_most: int) -> Resealed:
    """Open Contacts of a day, so many at most, and seal them to the key of the day `on`; raises NoKey and KeyLocked.

    In batches, each a transaction of its own: a crash leaves some moved and the others as they were.
    """
    done = Resealed()
    try:
        key = day_key(day)
    except KeyGone:
        return Resealed(lost=Contact.objects.filter(day=day).delete()[1].get("vault.Contact", 0))
    while done.again + done.lost < at_most and (batch := _batch(day)):
        done += _move(batch, key, to=key_for(on))
    return done


def _batch(day: date) -> list[Contact]:
    return list(Contact.objects.filter(day=day).order_by("pk")[:AT_ONCE])


@transaction.atomic
def _move(batch: Sequence[Contact], key: X25519PrivateKey, *, to: PublicKey) -> Resealed:
    again, lost = 0, []
    for each in batch:
        try:
            address = sealing.unseal(bytes(each.sealed), key=key, day=each.day, row=each.id)
        except (InvalidTag, ValueError):
            lost.append(each.pk)
            continue
        sealed = sealing.enclose(address, key=to.key, day=to.day, row=each.id)
        # Where another worker was faster, the row has another day by now, and stays as it is.
        again += Contact.objects.filter(pk=each.pk, day=each.day).update(day=to.day, sealed=sealed)
    DayKey.objects.filter(day=batch[0].day).update(sealed_again=F("sealed_again") + again)
    return Resealed(again, Contact.objects.filter(pk__in=lost).delete()[1].get("vault.Contact", 0))
