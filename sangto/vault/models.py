"""The sealed return address, the public half of each day's key, and what opens a leaf.

Neither an address nor a hash of it is in the database, and no private key.
"""

import uuid

from django.db import models


class Contact(models.Model):
    """Where one Message's replies go, as HPKE ciphertext. Two Messages of one person share nothing here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    day = models.DateField(db_index=True)  # of the key that it is sealed to
    sealed = models.BinaryField()
    arrived_on = models.DateField(db_index=True)  # it is never kept longer than so and so many days from here

    def __str__(self) -> str:
        return f"contact of {self.day}"


class DayKey(models.Model):
    """The public half of a day's key, to which addresses are sealed; the private half is a file in the keystore.

    The row stays when the key is destroyed: it says that there was one, and how many addresses moved on from it.
    """

    day = models.DateField(unique=True)
    public = models.BinaryField()  # X25519, 32 bytes
    sealed_again = models.PositiveIntegerField(default=0)  # Contacts that were needed longer than this key lived
    destroyed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"key of {self.day}"


class Opening(models.Model):
    """What opens one Message's two leaves in the log. Once it is deleted nobody can tell any more which they were."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    salt = models.CharField(max_length=64)  # 32 bytes in hex, as the other two are hex
    outcome_salt = models.CharField(max_length=64)
    rid = models.CharField(max_length=32)

    def __str__(self) -> str:
        return f"opening {self.pk}"
