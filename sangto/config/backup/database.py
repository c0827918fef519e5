"""A copy of the whole database at one moment, made while others write, and read through before it counts."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from sangto.config.backup import postgres
from sangto.config.backup.folder import copy, keep
from sangto.config.backup.refusal import Refusal

SQLITE, POSTGRESQL = "sqlite", "postgresql"
FILE = {SQLITE: "database.sqlite3", POSTGRESQL: "database.dump"}
PAGES, PAUSE_S = 1000, 0.005  # between two steps others get the disk
Progress = Callable[[float], None]  # the share that is done, 0..1


def database_size() -> int:
    """The bytes that a copy of the database takes at most."""
    if connection.vendor == POSTGRESQL:
        return postgres.size()
    with closing(_opened(_name())) as source:
        return int(source.execute("PRAGMA page_count").fetchone()[0] * source.execute("PRAGMA page_size").fetchone()[0])


def migrations_had() -> tuple[str, ...]:
    """The migrations that the database has had, by name."""
    return tuple(sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()))


def copy_database(target: Path, *, progress: Progress) -> None:
    """Copy the database into the folder and read the copy through; raises Refusal where either fails."""
    file = target / FILE[connection.vendor]
    file.touch(mode=0o600)
    if connection.vendor == POSTGRESQL:
        postgres.dump(file)
        return
    try:
        _copy_sqlite(file, progress=progress)
    except sqlite3.Error as error:
        raise Refusal(f"SQLite could not copy the database ({type(error).__name__})") from error
    refuse_broken_sqlite(file)


def refuse_broken_sqlite(file: Path) -> None:
    """Raise Refusal unless SQLite finds nothing wrong in a file that nobody writes."""
    try:
        with closing(_opened(str(file), immutable=True)) as held:
            said = [row[0] for row in held.execute("PRAGMA integrity_check(5)")]
            strays = held.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.Error as error:
        raise Refusal(f"the copy of the database cannot be read ({type(error).__name__})") from error
    if said != ["ok"] or strays:
        raise Refusal("the copy of the database is not sound, so the database may not be: run `sangto fsck`")


def is_empty() -> bool:
    """Whether the database that the settings name holds no table yet. SQLite: no file is made by asking."""
    if connection.vendor == POSTGRESQL:
        return not connection.introspection.table_names()
    if not Path(_name()).exists():
        return True
    with closing(_opened(_name())) as held:
        return not held.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]


def put_back(file: Path) -> None:
    """Make the database that the settings name out of a copy: whole or not at all. It has to be empty."""
    if connection.vendor == POSTGRESQL:
        postgres.load(file)
        return
    target = Path(_name())
    connection.close()
    for each in (target, Path(f"{target}-wal"), Path(f"{target}-shm")):  # of an empty one
        each.unlink(missing_ok=True)
    draft = target.with_name(f".{target.name}.restored")
    draft.unlink(missing_ok=True)
    copy(file, draft)
    keep(draft)
    draft.rename(target)
    keep(target.parent)


def _copy_sqlite(file: Path, *, progress: Progress) -> None:
    """Page by page, all from one moment.

    A read transaction holds that moment. Without it the backup begins anew whenever another process writes, and on a
    busy desk it would never end. In WAL mode readers keep no writer waiting.
    """

    def step(_state: int, left: int, total: int) -> None:
        progress(1 - left / total if total else 1.0)

    with closing(_opened(_name())) as source, closing(sqlite3.connect(file)) as target:
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()  # the transaction begins with a read
        source.backup(target, pages=PAGES, sleep=PAUSE_S, progress=step)


def _opened(name: str, *, immutable: bool = False) -> sqlite3.Connection:
    how = "immutable=1" if immutable else "mode=ro"
    return sqlite3.connect(f"file:{quote(name)}?{how}", uri=True, isolation_level=None, timeout=20)


def _name() -> str:
    return str(connection.settings_dict["NAME"])
