"""Plain functions that put leaves in, run the sequencer, and recompute by hand what it should have made."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from django.db import connection, transaction

from sangto.engine.merkle.checkpoints import Checkpoint
from sangto.engine.merkle.notes import Key, Note
from sangto.ledger import actions
from sangto.ledger.local import LocalLog
from sangto.ledger.models import Cosignature, Head, LastDate, Leaf, SignedCheckpoint, Witness

BATCH = timedelta(minutes=10)


def commitment_number(n: int) -> str:
    return f"{n:064x}"


@transaction.atomic
def put(count: int, *, now: datetime, first: int = 0) -> list[str]:
    """So many `r` leaves with commitments that count up from `first`; their hashes."""
    return [actions.append("r", now=now, c=commitment_number(n)) for n in range(first, first + count)]


@transaction.atomic
def put_days(count: int, *, now: datetime, first: int = 1) -> list[str]:
    """So many `x` leaves, which keep their order; their hashes."""
    return [actions.append("x", now=now, day=f"2026-01-{n:02d}") for n in range(first, first + count)]


def run(now: datetime, **options: object) -> int:
    """Sequence what was put in at `now`: after its batch has ended."""
    return actions.sequence(now=now + BATCH, **options)


def head(shard: str = "2026") -> Head:
    return Head.objects.get(shard=shard)


def folder(shard: str = "2026") -> Path:
    return LocalLog(shard).folder


def published(shard: str = "2026") -> Checkpoint:
    """What the checkpoint file says, once its signature was checked with the key in the row."""
    note = Note.read((folder(shard) / "checkpoint").read_text())
    key = Key.read(head(shard).vkey)
    assert set(note.signed_by([key])) == {key}
    return Checkpoint.read(note.text)


def files(shard: str = "2026") -> dict[str, bytes]:
    """Every file of the shard's folder but the lock, by path."""
    top = folder(shard)
    found = sorted(path for path in top.rglob("*") if path.is_file() and path.name != ".lock")
    return {str(path.relative_to(top)): path.read_bytes() for path in found}


def entries(shard: str = "2026") -> list[bytes]:
    """The leaves' bytes in the order of their places, which are 0, 1, 2 and so on."""
    rows = list(Leaf.objects.filter(origin=head(shard).origin).order_by("leaf_index").values_list("leaf_index", "body"))
    assert [index for index, _body in rows] == list(range(len(rows)))
    return [body.encode() for _index, body in rows]


def signed_sizes(shard: str = "2026") -> list[int]:
    rows = SignedCheckpoint.objects.filter(origin=head(shard).origin).order_by("size")
    return list(rows.values_list("size", flat=True))


def plain_root(leaves: Sequence[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word, over the leaves' bytes."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\0" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\1" + plain_root(leaves[:k]) + plain_root(leaves[k:])).digest()


def plain_tiles(leaves: Sequence[bytes]) -> dict[str, bytes]:
    """Every tile and bundle of the tree (below 256,000 leaves), by its path, from the text of tlog-tiles alone."""
    found = {}
    for n in range(0, len(leaves), 256):
        part = leaves[n : n + 256]
        bundle = b"".join(len(each).to_bytes(2, "big") + each for each in part)
        found[plain_path("entries", n // 256, len(part))] = bundle
    level, span = 0, 1
    while span <= len(leaves):
        roots = [plain_root(leaves[at : at + span]) for at in range(0, len(leaves) - span + 1, span)]
        for n in range(0, len(roots), 256):
            part = roots[n : n + 256]
            found[plain_path(str(level), n // 256, len(part))] = b"".join(part)
        level, span = level + 1, span * 256
    return found


def plain_path(level: str, n: int, width: int) -> str:
    return f"tile/{level}/{n:03d}" + ("" if width == 256 else f".p/{width}")


@contextmanager
def without_guards() -> Iterator[None]:
    """As whoever owns the database can do: its triggers are down for a while."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            guards = dict(cursor.fetchall())
        down, up = [f"DROP TRIGGER {name}" for name in guards], [*guards.values()]
    else:
        down, up = ["SET session_replication_role = replica"], ["SET session_replication_role = DEFAULT"]
    _execute(down)
    try:
        yield
    finally:
        _execute(up)


def _execute(statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for each in statements:
            cursor.execute(each)


def backup() -> Callable[[], None]:
    """The log's rows as they are now; what this returns puts them back, as a restored backup does."""
    models = (Leaf, Head, SignedCheckpoint, Witness, Cosignature, LastDate)
    kept = {model: list(model.objects.order_by("pk")) for model in models}

    def restore() -> None:
        with without_guards():
            for model, rows in kept.items():
                model.objects.all().delete()
                model.objects.bulk_create(rows)
        actions.forget_looks()  # the process was begun anew

    return restore
