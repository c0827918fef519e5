"""The sealed return address, and what opens a leaf. Neither an address nor a hash of it is in the database."""

import uuid

from django.db import models


class Contact(models.Model):
    """Where one Message's replies go, as HPKE ciphertext. Two Messages of one person share nothing here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    day = models.DateField()
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"contact of {self.day}"


class Opening(models.Model):
    """What opens one Message's two leaves in the log. Once it is deleted nobody can tell any more which they were."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    salt = models.CharField(max_length=64)  # 32 bytes in hex, as the other two are hex
    outcome_salt = models.CharField(max_length=64)
    rid = models.CharField(max_length=32)

    def __str__(self) -> str:
        return f"opening {self.pk}"
