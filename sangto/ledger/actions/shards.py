"""Begin the log, and a new shard of it each year: with a key of its own, chained to the one before."""

import json
from collections.abc import Collection
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction

from sangto.engine.crash import crash_point
from sangto.engine.merkle.notes import Signer
from sangto.engine.merkle.tree import EMPTY_ROOT, Edge
from sangto.ledger import rules
from sangto.ledger.actions.append import placed
from sangto.ledger.guard import SHORTER, StandsStill, refuse_to_fork
from sangto.ledger.keystore import KeyLost, make_signer, shards_with_keys, signer_of
from sangto.ledger.local import top
from sangto.ledger.models import Head
from sangto.ledger.rules import Body


class Outrun(Exception):
    """Another worker committed first: nothing was changed, and nothing is wrong."""


def open_shard(*, now: datetime) -> Head:
    """The shard that takes leaves now, begun on the first run; raises Outrun."""
    return Head.objects.filter(is_open=True).first() or _begin(now)


def is_over(head: Head, *, now: datetime) -> bool:
    """Whether a new year (UTC) has come, which has a shard of its own."""
    return int(head.shard[:4]) < now.astimezone(UTC).year


def key_of(head: Head) -> Signer:
    """The private key of a shard; raises KeyLost, also where another key lies in its place."""
    signer = signer_of(head.shard)
    if signer.key.vkey != head.vkey:
        raise KeyLost(head.shard)
    return signer


def next_shard(head: Head, *, now: datetime, key_is_lost: bool = False, end_is_lost: bool = False) -> Head:
    """A new shard after this one: the old one ends with the new key, the new one begins with the old root.

    Where the old key is lost, nothing more can be signed with it: then the old shard ends as it stands. So it does
    where its end is lost (`end_is_lost`: rows and files are of an old backup), since others may have seen it end in
    other words; then no key that may have signed already begins the new one. Raises StandsStill where more than this
    database holds may have been published, KeyLost, and Outrun.
    """
    key_is_lost = key_is_lost or end_is_lost
    refuse_to_fork(head, thorough=True)
    if not key_is_lost:
        key_of(head)  # a last leaf that nobody can sign must not be committed
    fresh = _unborn(now, taken=shards_with_keys()) if end_is_lost else _unborn(now)
    crash_point("shard.key_made")
    with transaction.atomic():
        _hold(head)
        edge = head.right_edge
        if not key_is_lost:
            announced = placed(rules.NEXT_KEY, {"vk": fresh.vkey}, origin=head.origin, index=head.size, now=now)
            edge = edge.extended([bytes.fromhex(announced)])
        advance(head, edge, is_open=False)
        crash_point("shard.ended")
        _chain(fresh, head, now=now)
        fresh.save(force_insert=True)
        crash_point("shard.before_commit")
    crash_point("shard.committed")
    return fresh


def advance(head: Head, edge: Edge, *, is_open: bool = True) -> None:
    """Commit the head to a larger tree if it still is what we read; raises Outrun."""
    rows = Head.objects.filter(pk=head.pk, size=head.size, root=head.root, is_open=True)
    set_edge(head, edge)
    if not rows.update(size=head.size, root=head.root, edge=head.edge, is_open=is_open):
        raise Outrun(head.origin)


def set_edge(head: Head, edge: Edge) -> None:
    head.size, head.root = edge.size, edge.root.hex()
    head.edge = json.dumps([each.hex() for each in edge.hashes])


def _hold(head: Head) -> None:
    """Lock the head until the transaction ends, if it still is what we read; raises Outrun."""
    rows = Head.objects.select_for_update().filter(pk=head.pk, size=head.size, root=head.root, is_open=True)
    if rows.first() is None:
        raise Outrun(head.origin)


def _chain(fresh: Head, before: Head, *, now: datetime) -> None:
    """Give a new shard its first leaf: the name, root and size of the one before, unless that never had a leaf."""
    if not before.size:
        return
    said: Body = {"o": before.origin, "r": before.root, "z": before.size}
    first = placed(rules.NEW_SHARD, said, origin=fresh.origin, index=0, now=now)
    set_edge(fresh, Edge().extended([bytes.fromhex(first)]))


def _begin(now: datetime) -> Head:
    """The first shard; or, where all were found closed after a backup was restored, one more behind the last."""
    fresh = _unborn(now)
    crash_point("shard.key_made")
    closed = Head.objects.filter(is_open=False)
    before = max(closed, key=lambda head: rules.shard_order(head.shard), default=None)
    try:
        with transaction.atomic():
            if before is not None:
                _chain(fresh, before, now=now)
            fresh.save(force_insert=True)
    except IntegrityError as error:  # another worker began at the same moment
        raise Outrun(fresh.origin) from error
    return fresh


def _unborn(now: datetime, *, taken: Collection[str] = ()) -> Head:
    """The next shard, unsaved, with its key on the disk. A key from a beginning that failed is used, with its name."""
    folders = {each.name for each in top().glob("*")}
    taken = {*taken, *Head.objects.values_list("shard", flat=True)}  # read after the folders, which are made after it
    shard = rules.shard_after(taken, now.astimezone(UTC).year)
    if shard in folders:  # somebody began it, and this database does not know
        raise StandsStill(SHORTER)
    signer = make_signer(shard, origin=f"{urlsplit(settings.SITE_URL).netloc}/log/{shard}")
    return Head(origin=signer.name, shard=shard, vkey=signer.key.vkey, root=EMPTY_ROOT.hex(), opened_at=now)
