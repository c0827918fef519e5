"""Put a leaf in, inside the transaction of what it records."""

from datetime import datetime

from django.db import connection

from sangto.engine.merkle.tree import leaf_hash
from sangto.ledger import rules
from sangto.ledger.models import LastDate, Leaf
from sangto.ledger.rules import Body


class NotInTransaction(RuntimeError):
    """A leaf on its own would record what may never have happened: a fault of the program."""


def append(kind: str, *, now: datetime, **fields: str | int) -> str:
    """The hash (hex) of a new leaf, which waits for its place in the log. Call it inside a transaction.

    Raises BadLeaf for another shape. `now` is the moment that `date_leaf` gave, where the leaf has a `ts`.
    """
    _refuse_alone()
    entry = rules.entry_of(kind, fields)
    digest = leaf_hash(entry).hex()
    Leaf.objects.create(body=entry.decode(), kind=kind, created_at=now, leaf_hash=digest)
    return digest


def append_once(kind: str, *, now: datetime, **fields: str | int) -> str:
    """As `append`, and nothing new where the log has this very leaf already."""
    _refuse_alone()
    digest = leaf_hash(rules.entry_of(kind, fields)).hex()
    return digest if Leaf.objects.filter(leaf_hash=digest).exists() else append(kind, now=now, **fields)


def placed(kind: str, fields: Body, *, origin: str, index: int, now: datetime) -> str:
    """The hash (hex) of a new leaf that has its place from the start: an event of the shard itself."""
    entry = rules.entry_of(kind, fields)
    digest = leaf_hash(entry).hex()
    Leaf.objects.create(
        body=entry.decode(), kind=kind, created_at=now, leaf_hash=digest, origin=origin, leaf_index=index
    )
    return digest


def date_leaf(*, now: datetime) -> datetime:
    """The second for a leaf: now, and never earlier than the dated leaf before. Call it inside the transaction.

    The row stays locked until its end, so that leaves are dated in the order in which they are committed.
    """
    _refuse_alone()
    last, _new = LastDate.objects.select_for_update().get_or_create(pk=1)
    at = max(now.replace(microsecond=0), last.at or now.replace(microsecond=0))
    LastDate.objects.filter(pk=last.pk).update(at=at)
    return at


def _refuse_alone() -> None:
    if not connection.in_atomic_block:
        raise NotInTransaction
