"""The sealed return address. Neither the address nor a hash of it is in the database."""

import uuid

from django.db import models


class Contact(models.Model):
    """Where one Message's replies go, as HPKE ciphertext. Two Messages of one person share nothing here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    day = models.DateField()
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"contact of {self.day}"
