"""Give waiting leaves their places, sign what is committed, publish what is signed: in this order, and in batches."""

import logging
import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from sangto.engine.crash import crash_point
from sangto.engine.merkle.notes import Note, Signer
from sangto.ledger import rules
from sangto.ledger.actions.publish import mend_tiles, publish, write_tiles
from sangto.ledger.actions.shards import Outrun, advance, is_over, key_of, next_shard, open_shard
from sangto.ledger.actions.witnesses import Post, compare_with_witnesses
from sangto.ledger.guard import KEY_LOST, SIGNED_BEFORE, StandsStill, refuse_to_fork
from sangto.ledger.keystore import KeyLost
from sangto.ledger.local import LocalLog
from sangto.ledger.models import Head, Leaf, SignedCheckpoint

logger = logging.getLogger(__name__)
PLACE = "UPDATE ledger_leaf SET origin = %s, leaf_index = %s WHERE id = %s AND origin IS NULL"
SHUFFLE = random.SystemRandom().shuffle
FALSE_CLOCK = timedelta(days=1)
_looked_through: set[tuple[str, str]] = set()


def sequence(*, now: datetime, post: Post | None = None, everything: bool = False) -> int:
    """Commit every leaf of the batches that have ended, sign and publish; returns how many leaves got their place.

    `everything` takes what waits now, whatever the time: for a demonstration or a measurement, since it tells when
    people wrote. `post` speaks to witnesses. Raises StandsStill; intake goes on all the same.
    """
    try:
        head = open_shard(now=now)
        signer = key_of(head)
        _look(head, post, now=now)
        crash_point("ledger.looked")
        if is_over(head, now=now):
            head = next_shard(head, now=now)
            signer = key_of(head)
        before = None if everything else rules.batch_start(now, minutes=settings.LEDGER_BATCH_MINUTES)
        taken = _take(head, before)
    except Outrun:
        return 0
    except KeyLost as error:
        raise StandsStill(KEY_LOST) from error
    _finish_closed(now)
    sign(head, signer, now=now)
    return taken


def sign(head: Head, signer: Signer, *, now: datetime) -> None:
    """Sign the committed size, once its tiles lie on this disk, and publish it. Signing again gives the same bytes."""
    newest = SignedCheckpoint.objects.filter(origin=head.origin).order_by("-size").first()
    head.refresh_from_db()  # after it: another worker may have committed and signed more
    if newest and newest.size > head.size:
        raise StandsStill(SIGNED_BEFORE)
    if not head.size or (newest and newest.size == head.size):
        publish(head)
        return
    local = LocalLog(head.shard)
    with local.locked():
        held = local.checkpoint()
        head.refresh_from_db()  # after the file: what was published was committed before
        write_tiles(local, head.checkpoint, held=held)
        crash_point("ledger.tiles_written")
        note = _keep(head, signer, now=now)
        crash_point("ledger.signed")
        local.publish(note)
        crash_point("ledger.published")


def look_through() -> list[str]:
    """Compare every row and file of every shard with what was signed; the files that were mended.

    Raises StandsStill where rows and signatures differ.
    """
    mended = []
    for head in Head.objects.order_by("opened_at"):
        refuse_to_fork(head, thorough=True)
        mended += [f"{head.shard}/{path}" for path in mend_tiles(head)]
    return mended


def forget_looks() -> None:
    """Look through the rows of every shard again before its next batch: the database may be another one now."""
    _looked_through.clear()


def _look(head: Head, post: Post | None, *, now: datetime) -> None:
    """Look whether this database may go on: the first time in a process by every row, file and witness."""
    key = (str(settings.HOME), head.origin)
    refuse_to_fork(head, thorough=key not in _looked_through)
    if key not in _looked_through:
        mended = mend_tiles(head)
        if mended:
            logger.error("%d files of the log were damaged or missing and were made anew", len(mended))
        if post:
            compare_with_witnesses(head, post, now=now)
        _looked_through.add(key)


def _take(head: Head, before: datetime | None) -> int:
    waiting = Leaf.objects.filter(origin__isnull=True).order_by("pk")
    if before is not None:
        waiting = waiting.filter(Q(created_at__lt=before) | _falsely_dated(before))
    order = _shuffled(list(waiting.values_list("pk", "kind")))
    for start in range(0, len(order), settings.LEDGER_BATCH_MAX):
        _commit(head, order[start : start + settings.LEDGER_BATCH_MAX])
        crash_point("ledger.committed")
    return len(order)


def _falsely_dated(before: datetime) -> Q:
    """What is dated days ahead came while a clock was wrong, and must not wait until it is right again.

    But it does wait for what came earlier and whose batch still runs: dated leaves keep their order.
    """
    far = before + FALSE_CLOCK
    running = Leaf.objects.filter(origin__isnull=True, created_at__range=(before, far), pk__lt=OuterRef("pk"))
    return Q(~Exists(running), created_at__gt=far)


def _shuffled(waiting: list[tuple[int, str]]) -> list[int]:
    """The ids in the order of their places: received and outcome leaves change places among themselves."""
    loose = [pk for pk, kind in waiting if kind in rules.SHUFFLED]
    SHUFFLE(loose)
    return [loose.pop() if kind in rules.SHUFFLED else pk for pk, kind in waiting]


@transaction.atomic
def _commit(head: Head, order: Sequence[int]) -> None:
    """One batch. COMMIT is the point of no return: from then on these leaves have these places for good."""
    hashes = dict(Leaf.objects.filter(pk__in=order, origin__isnull=True).values_list("pk", "leaf_hash"))
    if len(hashes) != len(order):
        raise Outrun(head.origin)
    first = head.size
    advance(head, head.right_edge.extended([bytes.fromhex(hashes[pk]) for pk in order]))
    crash_point("ledger.head_moved")
    with connection.cursor() as cursor:
        cursor.executemany(PLACE, [(head.origin, first + at, pk) for at, pk in enumerate(order)])
        if cursor.rowcount != len(order):
            raise Outrun(head.origin)
    crash_point("ledger.rows_placed")


def _keep(head: Head, signer: Signer, *, now: datetime) -> Note:
    """Sign, and keep what was signed. One size never gets a second root: a row of the first one is in the way."""
    text = head.checkpoint.text
    note = Note(text, (signer.signed(text),))
    row, _made = SignedCheckpoint.objects.get_or_create(
        origin=head.origin, size=head.size, defaults={"note": str(note), "signed_at": now}
    )
    if row.note != str(note):
        raise StandsStill(SIGNED_BEFORE)
    return note


def _finish_closed(now: datetime) -> None:
    """Sign and publish the last tree of shards that were closed: their worker may have died in between."""
    for head in Head.objects.filter(is_open=False):
        signed = SignedCheckpoint.objects.filter(origin=head.origin, size=head.size).exists()
        if signed:
            publish(head)
            continue
        try:
            sign(head, key_of(head), now=now)
        except KeyLost:
            continue  # it was closed because its key is lost, and ends with what was signed before
