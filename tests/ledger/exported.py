"""The product's own log, laid out as a directory that other people's verifiers read."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.test import Client

from sangto.ledger import queries
from sangto.ledger.local import LocalLog
from sangto.ledger.models import SignedCheckpoint


def exported(folder: Path, *, receipts: Iterable[tuple[str, str]] = ()) -> Path:
    """The open shard as it is published, with older checkpoints, the policy as it is served, and receipts by name."""
    shard = queries.shards()[-1]
    shutil.copytree(LocalLog(shard.name).folder, folder, ignore=shutil.ignore_patterns(".lock"))
    for name in ("checkpoints", "receipts"):
        (folder / name).mkdir()
    for row in SignedCheckpoint.objects.filter(origin=shard.origin):
        (folder / "checkpoints" / str(row.size)).write_text(row.note)
    (folder / "policy").write_text(Client().get("/log/policy").content.decode())
    (folder / "vkey").write_text(f"{shard.vkey}\n")
    for name, text in receipts:
        (folder / "receipts" / f"{name}.tlog-proof").write_text(text)
    return folder


@contextmanager
def without_triggers(*tables: str) -> Iterator[None]:
    """Take down what keeps history for a while, as whoever owns the database could."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield
            for table in tables:
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            return
        cursor.execute(f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN {(*tables, '')}")
        guards = cursor.fetchall()
        for name, _sql in guards:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _name, sql in guards:
            cursor.execute(sql)
