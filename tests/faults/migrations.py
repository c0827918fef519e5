"""Migrations killed at their points and at any moment: running them again completes them, to the same tables."""

import random
import signal
import sqlite3
import time
from contextlib import closing

import psycopg

from tests.faults.homes import SQLITE, Home, Homes, database_file
from tests.faults.tally import Tally

POINTS = ("migrate.begun:1", "migrate.done:1")
COLUMNS = """SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
             WHERE table_schema = 'public' UNION ALL SELECT tablename, indexname, indexdef, '' FROM pg_indexes
             WHERE schemaname = 'public' ORDER BY 1, 2"""


def migrations(homes: Homes, *, moments: int, seed: int) -> Tally:
    """One empty database for each point and each moment."""
    tally, dice = Tally(), random.Random(seed)
    wanted = tables(homes, homes.template)
    for at in (*POINTS, *(dice.uniform(0.5, 4) for _ in range(moments))):
        home = homes.empty("migrated")
        tally.add("kills", _killed(home, at))
        for _ in range(2):
            if home.run("migrate").returncode:
                tally.faults.append(("corrupt", f"{homes.kind}: migrations killed at {at} cannot be completed"))
        if tables(homes, home) != wanted:
            tally.faults.append(("corrupt", f"{homes.kind}: after migrations killed at {at} the tables differ"))
        tally.add("databases")
        homes.drop(home)
    return tally


def _killed(home: Home, at: str | float) -> bool:
    if isinstance(at, str):
        return home.run("migrate", CRASH_AT=at).returncode == -signal.SIGKILL
    program = home.start("migrate")
    time.sleep(at)
    program.kill()
    return program.wait(60) == -signal.SIGKILL


def tables(homes: Homes, home: Home) -> list[tuple]:
    """Every table, column and index, as the database tells them."""
    if homes.kind == SQLITE:
        with closing(sqlite3.connect(database_file(home))) as database:
            return database.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
    with psycopg.connect(home.database) as database:
        return database.execute(COLUMNS).fetchall()
