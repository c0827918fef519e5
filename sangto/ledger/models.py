"""The rows of the log. Leaves and checkpoints are only ever added: triggers in a migration hold that."""

import json

from django.db import models
from django.db.models import Q

from sangto.engine.merkle.checkpoints import Checkpoint
from sangto.engine.merkle.tree import Edge
from sangto.ledger import rules


class Leaf(models.Model):
    """One thing that happened, as a commitment. It waits until `origin` and `leaf_index` give it its place for good."""

    body = models.CharField(max_length=rules.MOST_BYTES)  # canonical JSON
    kind = models.CharField(max_length=1)
    created_at = models.DateTimeField()
    leaf_hash = models.CharField(max_length=64, unique=True)
    origin = models.CharField(max_length=255, null=True, blank=True)
    leaf_index = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="leaf_kind_known", condition=Q(kind__in=rules.KINDS)),
            models.UniqueConstraint(name="one_leaf_a_place", fields=["origin", "leaf_index"]),
            models.CheckConstraint(
                name="leaf_has_a_whole_place",
                condition=Q(origin__isnull=True, leaf_index__isnull=True)
                | Q(origin__isnull=False, leaf_index__isnull=False),
            ),
        ]
        indexes = [models.Index(name="leaf_waits", fields=["id"], condition=Q(origin__isnull=True))]

    def __str__(self) -> str:
        return f"{self.kind} {self.leaf_index}"


class Head(models.Model):
    """How far one shard of the log is committed. The open one grows by compare-and-swap on its size."""

    origin = models.CharField(max_length=255, primary_key=True)
    shard = models.CharField(max_length=20, unique=True)
    vkey = models.CharField(max_length=400)
    size = models.BigIntegerField(default=0)
    root = models.CharField(max_length=64)
    edge = models.TextField(default="[]")  # JSON: hashes of the right edge in hex, largest subtree first
    is_open = models.BooleanField(default=True)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="one_open_shard", fields=["is_open"], condition=Q(is_open=True))]

    def __str__(self) -> str:
        return f"{self.origin} {self.size}"

    @property
    def right_edge(self) -> Edge:
        """The edge of the committed tree."""
        return Edge(self.size, tuple(bytes.fromhex(each) for each in json.loads(self.edge)))

    @property
    def checkpoint(self) -> Checkpoint:
        """What the log says of itself at this size."""
        return Checkpoint(self.origin, self.size, bytes.fromhex(self.root))


class SignedCheckpoint(models.Model):
    """A checkpoint that this desk signed, for ever: auditors need the old ones. One size has one root."""

    origin = models.CharField(max_length=255)
    size = models.BigIntegerField()
    note = models.TextField()  # as the log signed it, without cosignatures
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="one_checkpoint_a_size", fields=["origin", "size"])]

    def __str__(self) -> str:
        return f"{self.origin} {self.size}"


class Witness(models.Model):
    """What we know of one witness's view of one shard."""

    origin = models.CharField(max_length=255)
    vkey = models.CharField(max_length=400)
    size = models.BigIntegerField(default=0)  # of the newest checkpoint it cosigned
    asked_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)  # when it last cosigned
    trouble = models.CharField(max_length=20, blank=True)  # a code: away, refused, ahead or fork

    class Meta:
        constraints = [models.UniqueConstraint(name="one_view_a_witness", fields=["origin", "vkey"])]

    def __str__(self) -> str:
        return f"{self.vkey.split('+')[0]} {self.size}"


class Cosignature(models.Model):
    """A witness's signature line for one of our checkpoints."""

    origin = models.CharField(max_length=255)
    size = models.BigIntegerField()
    vkey = models.CharField(max_length=400)
    line = models.CharField(max_length=1000)
    seen_at = models.DateTimeField()  # as the witness says

    class Meta:
        constraints = [models.UniqueConstraint(name="one_line_a_witness", fields=["origin", "size", "vkey"])]

    def __str__(self) -> str:
        return f"{self.vkey.split('+')[0]} {self.size}"


class LastDate(models.Model):
    """One row: the newest time in a leaf. Whoever dates a leaf locks it, so that times and places have one order."""

    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="there_is_one_last_date", condition=Q(id=1))]

    def __str__(self) -> str:
        return str(self.at)


class Neighbour(models.Model):
    """The newest checkpoint of another desk's log that we cosigned as its witness."""

    origin = models.CharField(max_length=255, primary_key=True)
    size = models.BigIntegerField()
    note = models.TextField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.origin} {self.size}"
