"""Begin the log, and a new shard of it each year: with a key of its own, chained to the one before."""

import json
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction

from sangto.engine.merkle.tree import EMPTY_ROOT, Edge
from sangto.ledger import rules
from sangto.ledger.actions.append import placed
from sangto.ledger.guard import SHORTER, StandsStill
from sangto.ledger.keystore import make_signer, signer_of
from sangto.ledger.local import LocalLog
from sangto.ledger.models import Head
from sangto.ledger.rules import Body


class Outrun(Exception):
    """Another worker committed first: nothing was changed, and nothing is wrong."""


def open_shard(*, now: datetime) -> Head:
    """The shard that takes leaves now: begun on the first run, followed by a new one in each new year (UTC)."""
    head = Head.objects.filter(is_open=True).first()
    if head is None:
        return _begin(now)
    if int(head.shard[:4]) < now.astimezone(UTC).year:
        return next_shard(head, now=now)
    return head


def next_shard(head: Head, *, now: datetime, key_is_lost: bool = False) -> Head:
    """A new shard after this one: the old one ends with the new key, the new one begins with the old root.

    Where the old key is lost, nothing more can be signed with it: then the old shard ends as it stands.
    """
    if not key_is_lost:
        signer_of(head.shard)  # a last leaf that nobody can sign must not be committed
    fresh = _unborn(now)
    with transaction.atomic():
        edge = head.right_edge
        if not key_is_lost:
            announced = placed(rules.NEXT_KEY, {"vk": fresh.vkey}, origin=head.origin, index=head.size, now=now)
            edge = edge.extended([bytes.fromhex(announced)])
        advance(head, edge, is_open=False)
        chained: Body = {"o": head.origin, "r": edge.root.hex(), "z": edge.size}
        first = placed(rules.NEW_SHARD, chained, origin=fresh.origin, index=0, now=now)
        set_edge(fresh, Edge().extended([bytes.fromhex(first)]))
        fresh.save(force_insert=True)
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


def _begin(now: datetime) -> Head:
    fresh = _unborn(now)
    try:
        with transaction.atomic():
            fresh.save(force_insert=True)
    except IntegrityError as error:  # another worker began at the same moment
        raise Outrun(fresh.origin) from error
    return fresh


def _unborn(now: datetime) -> Head:
    """The next shard, unsaved, with its key on the disk. A key from a beginning that failed is used, with its name."""
    taken = set(Head.objects.values_list("shard", flat=True))
    shard = rules.shard_after(taken, now.astimezone(UTC).year)
    if LocalLog(shard).folder.exists():  # somebody began it, and this database does not know
        raise StandsStill(SHORTER)
    signer = make_signer(shard, origin=f"{urlsplit(settings.SITE_URL).netloc}/log/{shard}")
    return Head(origin=signer.name, shard=shard, vkey=signer.key.vkey, root=EMPTY_ROOT.hex(), opened_at=now)
