"""What every test may use: an empty data folder, a fresh index, a fixed clock."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from tests.chromium import browser  # noqa: F401 - a fixture

# The same examples at each run, so that CI is red for what changed. New ones: pytest --hypothesis-profile=explore
hypothesis_settings.register_profile("steady", derandomize=True)
hypothesis_settings.register_profile("explore", max_examples=2000)
hypothesis_settings.load_profile("steady")


# Files that take long: processes that share the tests get them first, so that none is waited for at the end.
LONG_FIRST = (
    "tests/faults/test_short.py",
    "tests/desk/test_odd_pasts_of_the_log.py",
    "tests/config/test_serve.py",
    "tests/config/backup/test_restore.py",
    "tests/hostile/test_canary.py",
    "tests/jobs/test_killed_worker.py",
    "tests/engine/test_quality.py",
    "tests/config/backup/test_while_serving.py",
    "tests/people/test_units_migration.py",
    "tests/config/test_demo.py",
    "tests/desk/test_log_migration.py",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In the order of `LONG_FIRST`, then as they come."""
    rank = {file: n for n, file in enumerate(LONG_FIRST)}
    items.sort(key=lambda item: rank.get(item.location[0], len(rank)))


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """A database for each of pytest's processes.

    SQLite's is as in real life: a file with a write-ahead log, not one in memory that threads cannot share.
    """
    from django.conf import settings

    database, name = settings.DATABASES["default"], f"test{os.environ.get('PYTEST_XDIST_WORKER', '')}"
    is_file = database["ENGINE"].endswith("sqlite3")
    database.setdefault("TEST", {})["NAME"] = str(settings.HOME / f"{name}.sqlite3") if is_file else f"sangto_{name}"


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def fresh_index() -> Iterator[None]:
    """Tests roll rows back behind the index's back, so each starts with an empty one; and none is a demonstration."""
    from sangto.desk.matcher import REPLICA
    from sangto.web.context import DEMO

    REPLICA.forget()
    DEMO.seen = False
    yield


@pytest.fixture(autouse=True)
def own_cache() -> None:
    """What was tried and used up in one test, such as a one-time code, is fresh in the next."""
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """A language that one test switched on is off in the next."""
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, settings: object) -> None:
    """Keys and files of one test are not seen by another."""
    settings.HOME = tmp_path  # type: ignore[attr-defined]
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]
    settings.CONSOLE_FILE = tmp_path / "console.log"  # type: ignore[attr-defined]


@pytest.fixture
def day_keys(db: None) -> None:
    """What the worker makes in its first round, for whoever posts to a hook; `factories.send` does it by itself."""
    from django.utils import timezone

    from sangto.vault.actions import make_keys_ahead

    make_keys_ahead(now=timezone.now())


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> Iterator[None]:
    """Emptying the tables after a test with real commits must get past the triggers that keep history."""
    from django.db import connection

    if connection.vendor != "sqlite":  # PostgreSQL truncates, which fires no row trigger
        yield
        return
    flush = type(connection.ops).execute_sql_flush

    def flush_without_guards(operations: object, statements: list[str]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            guards = cursor.fetchall()
            for name, _sql in guards:
                cursor.execute(f"DROP TRIGGER {name}")
            flush(operations, statements)
            for _name, sql in guards:
                cursor.execute(sql)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(connection.ops), "execute_sql_flush", flush_without_guards)
        yield
