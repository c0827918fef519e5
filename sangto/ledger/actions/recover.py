"""After an older database was restored: take the leaves back in that were published since, out of the tiles."""

from datetime import datetime

from django.db import transaction

from sangto.engine.merkle.checkpoints import Checkpoint
from sangto.engine.merkle.notes import BadNote, Key, Note
from sangto.engine.merkle.tiles import WIDTH, BadTile, Tile, entries_in
from sangto.engine.merkle.tree import Edge, leaf_hash
from sangto.ledger.actions.sequence import forget_looks
from sangto.ledger.actions.shards import set_edge
from sangto.ledger.guard import AHEAD, FORK
from sangto.ledger.local import LocalLog
from sangto.ledger.models import Head, Leaf, SignedCheckpoint, Witness
from sangto.ledger.rules import entry_kind


class CannotRecover(Exception):
    """The database stays as it is.

    `code`: no_shard, no_checkpoint, other_key, missing_files, wrong_files, differs or nothing_missing.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def recover(shard: str, *, now: datetime) -> int:
    """Bring a shard's rows up to its published checkpoint; returns how many leaves were taken back in.

    Nothing is signed and no file is changed. What a leaf recorded, a Message or a version, is not in the tiles: the log
    goes on to show that it was there.
    """
    head = Head.objects.select_for_update().filter(shard=shard).first()
    if head is None:
        raise CannotRecover("no_shard")
    local = LocalLog(shard)
    note, checkpoint = _published(head, local)
    entries = _entries(local, checkpoint)
    hashes = [leaf_hash(each) for each in entries]
    edge = _compared(head, hashes)
    if edge.root != checkpoint.root:
        raise CannotRecover("wrong_files")
    for index in range(head.size, checkpoint.size):
        _place(entries[index], hashes[index].hex(), origin=head.origin, index=index, now=now)
    taken = checkpoint.size - head.size
    set_edge(head, edge)
    head.save(update_fields=["size", "root", "edge"])
    SignedCheckpoint.objects.get_or_create(
        origin=head.origin, size=checkpoint.size, defaults={"note": _ours(note, head), "signed_at": now}
    )
    Witness.objects.filter(origin=head.origin, trouble__in=(AHEAD, FORK)).update(trouble="")
    forget_looks()
    return taken


def _published(head: Head, local: LocalLog) -> tuple[Note, Checkpoint]:
    try:
        note = local.checkpoint()
        if note is None:
            raise CannotRecover("no_checkpoint")
        checkpoint = Checkpoint.read(note.text)
        if checkpoint.origin != head.origin or not note.signed_by([Key.read(head.vkey)]):
            raise CannotRecover("other_key")
    except BadNote as error:
        raise CannotRecover("other_key") from error
    if checkpoint.size <= head.size:
        raise CannotRecover("nothing_missing")
    return note, checkpoint


def _entries(local: LocalLog, checkpoint: Checkpoint) -> list[bytes]:
    entries: list[bytes] = []
    try:
        for first in range(0, checkpoint.size, WIDTH):
            tile = Tile(-1, first // WIDTH, min(WIDTH, checkpoint.size - first))
            entries += entries_in(local.read(tile), width=tile.width)
    except FileNotFoundError as error:
        raise CannotRecover("missing_files") from error
    except BadTile as error:
        raise CannotRecover("wrong_files") from error
    return entries


def _compared(head: Head, hashes: list[bytes]) -> Edge:
    """The edge of the published tree, once its beginning was found to be what the database holds."""
    start = Edge().extended(hashes[: head.size])
    if start.root != head.checkpoint.root:
        raise CannotRecover("differs")
    return start.extended(hashes[head.size :])


def _place(entry: bytes, digest: str, *, origin: str, index: int, now: datetime) -> None:
    """Give the leaf the place it was published in: the row that waits in the restored database, or a new one."""
    waiting = Leaf.objects.filter(leaf_hash=digest, origin__isnull=True)
    if not waiting.update(origin=origin, leaf_index=index):
        Leaf.objects.create(
            body=entry.decode(),
            kind=entry_kind(entry),
            created_at=now,
            leaf_hash=digest,
            origin=origin,
            leaf_index=index,
        )


def _ours(note: Note, head: Head) -> str:
    """The note with the log's own line alone, as it was signed here."""
    key = Key.read(head.vkey)
    lines = [line for line in note.lines if Note(note.text, (line,)).signed_by([key])]
    return str(Note(note.text, tuple(lines)))
