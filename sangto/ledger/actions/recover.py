"""After an older database was restored: take the leaves back in that were published since, out of the tiles."""

from datetime import datetime

from django.db import transaction

from sangto.engine.crash import crash_point
from sangto.engine.merkle.checkpoints import Checkpoint
from sangto.engine.merkle.notes import BadNote, Key, Note
from sangto.engine.merkle.tiles import WIDTH, BadTile, Tile, entries_in
from sangto.engine.merkle.tree import EMPTY_ROOT, Edge, leaf_hash
from sangto.ledger.actions.sequence import forget_looks
from sangto.ledger.actions.shards import set_edge
from sangto.ledger.guard import AHEAD, FORK
from sangto.ledger.keystore import KeyLost, signer_of
from sangto.ledger.local import LocalLog, shards_on_disk
from sangto.ledger.models import Head, Leaf, SignedCheckpoint, Witness
from sangto.ledger.rules import NEXT_KEY, entry_kind


class CannotRecover(Exception):
    """The database stays as it is.

    `code`: no_files, key_lost, other_key, missing_files, wrong_files or differs.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def recover(*, now: datetime) -> dict[str, int]:
    """Bring every shard's rows up to its published checkpoint; for each shard how many leaves were taken back in.

    Nothing is signed and no file is changed. What a leaf recorded, a Message or a version, is not in the tiles: the log
    goes on to show that it was there. One transaction: all shards or none.
    """
    shards = shards_on_disk()
    if not shards:
        raise CannotRecover("no_files")
    with transaction.atomic():
        taken = {shard: _recover(shard, is_last=shard == shards[-1], now=now) for shard in shards}
        crash_point("recover.before_commit")
    crash_point("recover.committed")
    forget_looks()
    return taken


def _recover(shard: str, *, is_last: bool, now: datetime) -> int:
    head = Head.objects.select_for_update().filter(shard=shard).first() or _begun(shard, now)
    local = LocalLog(shard)
    note = _published(head, local)
    checkpoint = Checkpoint.read(note.text)
    Witness.objects.filter(origin=head.origin, trouble__in=(AHEAD, FORK)).update(trouble="")
    taken = _take_in(head, local, note, now=now) if checkpoint.size > head.size else 0
    crash_point("recover.taken")
    if not is_last:  # where its key was lost, no leaf says that it ended
        Head.objects.filter(pk=head.pk, is_open=True).update(is_open=False)
    return taken


def _take_in(head: Head, local: LocalLog, note: Note, *, now: datetime) -> int:
    """Give the leaves behind the head's size their rows and places; returns how many there are."""
    checkpoint, first = Checkpoint.read(note.text), head.size
    entries = _entries(local, checkpoint)
    hashes = [leaf_hash(each) for each in entries]
    edge = _compared(head, hashes)
    if edge.root != checkpoint.root:
        raise CannotRecover("wrong_files")
    for index in range(first, checkpoint.size):
        _place(entries[index], hashes[index].hex(), origin=head.origin, index=index, now=now)
    set_edge(head, edge)
    head.is_open = head.is_open and entry_kind(entries[-1]) != NEXT_KEY
    head.save(update_fields=["size", "root", "edge", "is_open"])
    SignedCheckpoint.objects.get_or_create(
        origin=head.origin, size=checkpoint.size, defaults={"note": _ours(note, head), "signed_at": now}
    )
    return checkpoint.size - first


def _begun(shard: str, now: datetime) -> Head:
    """The row of a shard that began after the backup was made: its key says what it is called."""
    try:
        signer = signer_of(shard)
    except KeyLost as error:
        raise CannotRecover("key_lost") from error
    fresh = Head(origin=signer.name, shard=shard, vkey=signer.key.vkey, root=EMPTY_ROOT.hex(), opened_at=now)
    fresh.save(force_insert=True)
    return fresh


def _published(head: Head, local: LocalLog) -> Note:
    try:
        note = local.checkpoint()
        if note and Checkpoint.read(note.text).origin == head.origin and note.signed_by([Key.read(head.vkey)]):
            return note
    except BadNote as error:
        raise CannotRecover("other_key") from error
    raise CannotRecover("other_key")


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
