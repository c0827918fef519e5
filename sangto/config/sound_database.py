"""The database's own view of itself: pages, indexes, references, and the triggers that keep the history."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, connection, transaction

from sangto.config.checks import guards_gone
from sangto.engine.findings import Finding, Looked
from sangto.jobs.schema import migrations_missing, migrations_unknown

MOST_PROBLEMS = 50
HEAP = "SELECT count(*) FROM verify_heapam(%s::regclass)"
INDEX = "SELECT bt_index_check(index => %s::regclass, heapallindexed => true)"
TABLES = """
    SELECT oid FROM pg_class WHERE relkind = 'r' AND relpersistence = 'p'
    AND relnamespace = current_schema()::regnamespace ORDER BY 1
"""
INDEXES = """
    SELECT c.oid FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid JOIN pg_am a ON a.oid = c.relam
    WHERE a.amname = 'btree' AND i.indisvalid AND c.relpersistence = 'p'
    AND c.relnamespace = current_schema()::regnamespace ORDER BY 1
"""
REFERENCES = """
    SELECT conrelid::regclass::text, a.attname, confrelid::regclass::text, b.attname FROM pg_constraint
    JOIN pg_attribute a ON a.attrelid = conrelid AND a.attnum = conkey[1]
    JOIN pg_attribute b ON b.attrelid = confrelid AND b.attnum = confkey[1]
    WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2
"""

STRAY = """
    SELECT 1 FROM {table} AS a WHERE a.{column} IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM {to} AS b WHERE b.{key} = a.{column}) LIMIT 1
"""


@contextmanager
def read_only() -> Iterator[None]:
    """The connection refuses to write for a while: whoever looks for damage must not make any."""
    sqlite = connection.vendor == "sqlite"
    setting = "PRAGMA query_only = {}" if sqlite else "SET default_transaction_read_only = {}"
    _execute(setting.format("on"))
    try:
        yield
    finally:
        _execute(setting.format("off"))


def schema() -> Looked:
    """The database has had this program's migrations, and no others."""
    yield from (Finding("schema_newer", each) for each in migrations_unknown())
    yield from (Finding("schema_older", each) for each in migrations_missing())
    yield None


def integrity() -> Looked:
    """What the database finds when it reads all its pages and indexes."""
    if connection.vendor == "sqlite":
        said = [row[0] for row in _rows(f"PRAGMA integrity_check({MOST_PROBLEMS})")]
        yield from (Finding("database_damaged", each) for each in said if each != "ok")
        yield None
    elif has_amcheck():
        yield from _looked_at(TABLES, HEAP)
        yield from _looked_at(INDEXES, INDEX)


def has_amcheck() -> bool:
    """Whether PostgreSQL can check pages and indexes: an extension of its own does."""
    return bool(_rows("SELECT 1 FROM pg_extension WHERE extname = 'amcheck'"))


def references() -> Looked:
    """Every reference leads to a row: a Delivery to its Message, a Source to its version, and so on."""
    if connection.vendor == "sqlite":
        strays = [(row[0], row[2]) for row in _rows("PRAGMA foreign_key_check")]
        yield from (Finding("reference_broken", f"{table} to {to}") for table, to in strays)
        yield None
        return
    for table, column, to, key in _rows(REFERENCES):
        stray = _rows(STRAY.format(table=table, column=column, to=to, key=key))
        yield Finding("reference_broken", f"{table} to {to}") if stray else None


def guards() -> Looked:
    """Every trigger that keeps the history stands."""
    gone, wanted = guards_gone()
    yield from (Finding("guard_gone", each) for each in gone)
    yield from (None for _ in range(wanted - len(gone)))


def _looked_at(which: str, statement: str) -> Looked:
    for (oid,) in _rows(which):
        try:
            with transaction.atomic():  # a check that raises must not spoil a transaction around it
                found = _rows(statement, [oid])
        except DatabaseError:
            yield Finding("database_damaged", f"relation {oid}")
        else:
            yield Finding("database_damaged", f"relation {oid}") if found[0][0] not in (None, "", 0) else None


def _rows(statement: str, values: Sequence[int] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
