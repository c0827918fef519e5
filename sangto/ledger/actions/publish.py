"""Bring this machine's files up to what is signed: tiles first, the checkpoint last."""

import logging

from sangto.engine.crash import crash_point
from sangto.engine.merkle.checkpoints import Checkpoint
from sangto.engine.merkle.notes import Note
from sangto.engine.merkle.tiles import tiles_of
from sangto.ledger.build import root_in_tiles, tiles_since, tiles_to_serve
from sangto.ledger.guard import DIFFERS, SHORTER, StandsStill, refuse_to_fork
from sangto.ledger.local import LocalLog, OtherBytes
from sangto.ledger.models import Head, SignedCheckpoint
from sangto.ledger.queries import cosigned

logger = logging.getLogger(__name__)


def publish(head: Head) -> None:
    """Publish the newest signed checkpoint with the cosignatures there are; never a smaller one than stands there."""
    signed, local = SignedCheckpoint.objects.filter(origin=head.origin).order_by("-size"), LocalLog(head.shard)
    if not signed.exists():
        return
    with local.locked():
        held = local.checkpoint()
        newest = signed[0]  # read after the file: what was published was signed before
        write_tiles(local, Checkpoint.read(Note.read(newest.note).text), held=held)
        note = cosigned(newest)
        if held is None or str(held) != str(note):
            local.publish(note)


def mend_tiles(head: Head) -> list[str]:
    """Compare every tile of a signed size on this disk with the rows; the paths of those that were not so, now mended.

    The rows have to be known to be right: `refuse_to_fork` compares them with what was signed.
    """
    local, mended = LocalLog(head.shard), []
    sizes = SignedCheckpoint.objects.filter(origin=head.origin).values_list("size", flat=True)
    with local.locked():
        for tile, data in tiles_to_serve(head.origin, sizes, read=local.reader):
            if not local.holds(tile, data):
                local.mend(tile, data)
                mended.append(tile.path)
                crash_point("tile.mended")
    return mended


def mend_missing() -> int:
    """Make files of the log that are gone from this disk anew, and look at the names alone; returns how many were made.

    Raises StandsStill where rows and signatures differ: then the files would be made of the wrong rows.
    """
    made = 0
    for head in Head.objects.order_by("opened_at"):
        newest = SignedCheckpoint.objects.filter(origin=head.origin).order_by("-size").first()
        local = LocalLog(head.shard)
        if newest and any(not local.has(tile) for tile in tiles_of(newest.size)):
            refuse_to_fork(head, thorough=True)
            made += len(mend_tiles(head))
    return made


def write_tiles(local: LocalLog, checkpoint: Checkpoint, *, held: Note | None) -> None:
    """Write the tiles of this tree that are missing since the `held` checkpoint; whoever calls holds the lock.

    Raises StandsStill when files are in the way, or when what they give is not its root.
    """
    since = Checkpoint.read(held.text).size if held else 0
    if since > checkpoint.size:
        raise StandsStill(SHORTER)
    for tile, data in tiles_since(checkpoint.origin, since, checkpoint.size, read=local.reader):
        try:
            local.write(tile, data)
        except OtherBytes as error:
            logger.error("a tile of the log held other bytes")  # noqa: TRY400 - the path is all there is to say
            raise StandsStill(DIFFERS) from error
        crash_point("tile.written")
    if root_in_tiles(checkpoint.size, read=local.reader) != checkpoint.root:
        raise StandsStill(DIFFERS)
