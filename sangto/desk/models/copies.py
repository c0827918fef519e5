"""Archived copies: what stood at the address of a Source when it was cited, and the hash that says so."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from sangto.desk import rules
from sangto.desk.models.cases import Answer, one_of
from sangto.desk.models.work import Leased


class Copy(Leased):
    """A copy of what stood at an address: asked for and fetched by the worker, or uploaded by a Member.

    Once taken it never changes. It belongs to an Answer, whose versions cite it through their Sources.
    """

    MOST_TRIES: ClassVar[int] = 6

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="copies")
    url = models.CharField(max_length=1000)
    how = models.CharField(max_length=10)
    asked_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    media_type = models.CharField(max_length=40, blank=True)  # of the stored bytes, by their first ones
    size = models.PositiveIntegerField(default=0)  # bytes
    sha256 = models.CharField(max_length=64, blank=True)  # of the stored bytes, in hex

    class Meta:
        constraints = [
            one_of("how", rules.COPY_HOWS, "copy_how_known"),
            models.CheckConstraint(
                name="copy_is_taken_whole",
                condition=Q(done_at__isnull=True, taken_at__isnull=True, media_type="", size=0, sha256="")
                | Q(done_at__isnull=False, taken_at__isnull=False, gave_up_at__isnull=True, size__gt=0)
                & ~Q(media_type="")
                & ~Q(sha256=""),
            ),
        ]
        indexes = [
            models.Index(name="copy_due", fields=["due_at"], condition=Q(done_at__isnull=True, gave_up_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"copy {self.pk}"

    @property
    def state(self) -> str:
        """What became of it: taken, failed or waiting."""
        return rules.TAKEN if self.done_at else rules.FAILED if self.gave_up_at else rules.WAITING


class CopyBytes(models.Model):
    """The bytes of a Copy, in a table of their own: no list and no lease ever carries them along."""

    copy: Any = models.OneToOneField(Copy, on_delete=models.PROTECT, primary_key=True, related_name="kept")
    data = models.BinaryField()

    def __str__(self) -> str:
        return f"bytes of copy {self.copy_id}"
