"""Does the log hold together? Rows, files, keys and signatures, each recomputed from the first leaf on. Reads only."""

import json
from collections import Counter

from django.db.models import QuerySet

from sangto.engine.findings import Finding, Looked
from sangto.engine.merkle.checkpoints import Checkpoint
from sangto.engine.merkle.notes import BadNote, Key, Note
from sangto.engine.merkle.tree import leaf_hash
from sangto.ledger import rules
from sangto.ledger.build import CHUNK, RowsMissing, root_in_tiles, roots_in_rows, rows_reader, tiles_to_serve
from sangto.ledger.guard import AHEAD, FORK
from sangto.ledger.keystore import KeyLost, signer_of
from sangto.ledger.local import LocalLog, shards_on_disk
from sangto.ledger.models import Cosignature, Head, Leaf, SignedCheckpoint, Witness


def leaves() -> Looked:
    """Every leaf: it says what it may, under its hash and kind, and no place before the committed size is empty."""
    heads = dict(Head.objects.values_list("origin", "size"))  # before the leaves: whatever is committed is there
    filled: Counter[str] = Counter()
    rows = Leaf.objects.order_by("origin", "leaf_index", "pk")
    for leaf in rows.iterator(chunk_size=CHUNK):
        yield None if _is_sound(leaf) else Finding("leaf_changed", _place(leaf))
        if leaf.origin is None:
            continue
        if leaf.origin not in heads:
            yield Finding("leaf_stray", _place(leaf))
        elif leaf.leaf_index != filled[leaf.origin]:
            yield Finding("leaf_missing", f"{leaf.origin} {filled[leaf.origin]}")
        filled[leaf.origin] = (leaf.leaf_index or 0) + 1
    yield from (Finding("leaf_missing", f"{each} {filled[each]}") for each in heads if filled[each] < heads[each])


def checkpoints() -> Looked:
    """Every checkpoint that was ever signed: the signature, and the root from the rows and from the tiles."""
    for head in Head.objects.order_by("opened_at"):
        sizes = list(_signed(head).values_list("size", flat=True))
        try:
            roots = roots_in_rows(head.origin, [*sizes, head.size])
        except RowsMissing:
            yield Finding("leaf_missing", head.origin)
            continue
        yield None if roots[head.size].hex() == head.root else Finding("head_differs", head.origin)
        for row in _signed(head).iterator(chunk_size=CHUNK):
            if row.size in roots:  # or it was signed since
                yield _checkpoint(row, head, roots[row.size])


def tiles() -> Looked:
    """Every file that has to be served, against what the rows give."""
    for head in Head.objects.order_by("opened_at"):
        sizes, local = list(_signed(head).values_list("size", flat=True)), LocalLog(head.shard)
        try:
            for tile, data in tiles_to_serve(head.origin, sizes, read=rows_reader(head.origin)):
                yield None if local.holds(tile, data) else Finding("tile_damaged", f"{head.shard}/{tile.path}")
        except RowsMissing:
            yield Finding("leaf_missing", head.origin)


def published() -> Looked:
    """Each shard's published checkpoint: this desk signed it, and knows everything that it covers."""
    known = {head.shard: head for head in Head.objects.all()}
    yield from (Finding("log_shorter", shard) for shard in shards_on_disk() if shard not in known)
    for shard, head in known.items():
        yield _published(head)
        if Witness.objects.filter(origin=head.origin, trouble__in=(AHEAD, FORK)).exists():
            yield Finding("log_disagrees", shard)


def cosignatures() -> Looked:
    """Every witness's signature: it is of a checkpoint that this desk signed, and it fits."""
    for row in Cosignature.objects.order_by("pk").iterator(chunk_size=CHUNK):
        signed = SignedCheckpoint.objects.filter(origin=row.origin, size=row.size).first()
        fits = signed is not None and _fits(str(Note(Note.read(signed.note).text, (row.line,))), row.vkey)
        yield None if fits else Finding("cosignature_wrong", f"{row.origin} {row.size}")


def shards() -> Looked:
    """Each shard begins with the end of the one before; the open one's key is here."""
    before: Head | None = None
    for head in sorted(Head.objects.all(), key=lambda each: rules.shard_order(each.shard)):
        yield None if before is None or _follows(head, before) else Finding("shards_unchained", head.shard)
        if head.is_open and not _has_key(head):
            yield Finding("log_key_lost", head.shard)
        before = head


def _signed(head: Head) -> QuerySet[SignedCheckpoint]:
    return SignedCheckpoint.objects.filter(origin=head.origin).order_by("size")


def _is_sound(leaf: Leaf) -> bool:
    entry = leaf.body.encode()
    try:
        return rules.entry_kind(entry) == leaf.kind and leaf_hash(entry).hex() == leaf.leaf_hash
    except rules.BadLeaf:
        return False


def _place(leaf: Leaf) -> str:
    return f"{leaf.origin} {leaf.leaf_index}" if leaf.origin else f"row {leaf.pk}, which waits"


def _checkpoint(row: SignedCheckpoint, head: Head, root: bytes) -> Finding | None:
    what = f"{row.origin} {row.size}"
    try:
        said = Checkpoint.read(Note.read(row.note).text)
    except BadNote:
        said = None
    if said is None or (said.origin, said.size) != (row.origin, row.size) or not _fits(row.note, head.vkey):
        return Finding("checkpoint_unsigned", what)
    if said.root != root:
        return Finding("checkpoint_differs", what)
    in_tiles = root_in_tiles(row.size, read=LocalLog(head.shard).reader)
    return None if in_tiles == root else Finding("checkpoint_tiles", what)


def _published(head: Head) -> Finding | None:
    signed = SignedCheckpoint.objects.filter(origin=head.origin)
    any_signed = signed.exists()  # before the file: what is published was signed before
    try:
        note = LocalLog(head.shard).checkpoint()
        said = Checkpoint.read(note.text) if note else None
    except BadNote:
        return Finding("log_unreadable", head.shard)
    if note is None or said is None:
        return Finding("checkpoint_gone", head.shard) if any_signed else None
    head.refresh_from_db()
    if said.size > head.size:
        return Finding("log_shorter", head.shard)
    row = signed.filter(size=said.size).first()
    known = row is not None and row.note.partition("\n\n")[0] + "\n" == note.text and _fits(str(note), head.vkey)
    return None if known else Finding("checkpoint_foreign", head.shard)


def _fits(note: str, vkey: str) -> bool:
    try:
        return bool(Note.read(note).signed_by([Key.read(vkey)]))
    except BadNote:
        return False


def _follows(head: Head, before: Head) -> bool:
    """Whether a shard's first leaf names the one before, which ended, and whose last leaf names it if it names any."""
    if before.is_open:
        return False
    if not before.size:
        return True
    first = Leaf.objects.filter(origin=head.origin, leaf_index=0).values_list("body", flat=True).first()
    last = Leaf.objects.filter(origin=before.origin, leaf_index=before.size - 1, kind=rules.NEXT_KEY).first()
    said = {"o": before.origin, "r": before.root, "z": before.size, "t": rules.NEW_SHARD, "v": 1}
    announced = json.loads(last.body)["vk"] if last else head.vkey
    return first is not None and json.loads(first) == said and announced == head.vkey


def _has_key(head: Head) -> bool:
    try:
        return signer_of(head.shard).key.vkey == head.vkey
    except KeyLost:
        return False
