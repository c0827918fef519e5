"""`sangto backup`: what is in a backup and what never is, where it may lie, and how long it is kept."""

import fcntl
import json
import os
import shutil
import sqlite3
import stat
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.db import connection

from sangto.config.backup import database, folder, make, manifest, postgres
from sangto.config.backup.refusal import Refusal
from sangto.config.cli import main
from sangto.desk import actions
from sangto.engine.merkle.checkpoints import Checkpoint
from sangto.engine.merkle.notes import Note
from sangto.engine.merkle.tiles import Tile, node_reader
from sangto.engine.merkle.tree import edge_nodes, folded
from sangto.ledger import actions as log
from sangto.ledger.local import LocalLog
from tests.factories import NOW, make_answer, send
from tests.ledger.steps import put

DAY = timedelta(days=1)


@pytest.fixture
def desk(transactional_db, settings):
    """A desk in use: rows that are committed, keys, a log of more than one tile."""
    (settings.HOME / "secret.key").write_bytes(b"the secret of this desk, forty-eight characters.")
    make_answer(send(channel="telegram", address="4815162342").case)
    put(300, now=NOW)
    log.sequence(now=NOW + timedelta(minutes=10))


@pytest.fixture
def place(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("backups")


def files_in(made: Path) -> list[Path]:
    return sorted(each for each in made.rglob("*") if each.is_file())


def refused(act) -> str:
    with pytest.raises(Refusal) as refusal:
        act()
    return str(refusal.value)


# --- What is in it ----------------------------------------------------------------------------------------------------


def test_backup_has_the_database_the_log_and_a_manifest(desk, place, settings):
    made = make.back_up_database(place, now=NOW)

    said = manifest.read(made)
    assert made == place / "sangto-database-20261121T090000Z"
    assert {each.path.split("/")[0] for each in said.files} == {database.FILE[connection.vendor], "log"}
    assert (said.kind, said.version, said.made_at, said.database) == (
        "database",
        settings.VERSION,
        NOW,
        connection.vendor,
    )
    assert {"desk.0001_initial", "ledger.0002_guards"} < set(said.migrations)
    published = LocalLog("2026").published()
    assert [(each.shard, each.size, each.root) for each in said.log] == [("2026", 302, published.root.hex())]
    manifest.refuse_damage(made, said)


def test_copied_log_stands_by_itself(desk, place):
    put(3, now=NOW + timedelta(minutes=20), first=300)
    log.sequence(now=NOW + timedelta(minutes=30))  # more partial tiles than the newest checkpoint needs

    made = make.back_up_database(place, now=NOW)

    def read(tile: Tile) -> bytes:
        return (made / "log/2026" / tile.path).read_bytes()

    checkpoint = Checkpoint.read(Note.read((made / "log/2026/checkpoint").read_text()).text)
    node = node_reader(checkpoint.size, read)
    assert folded([node(level, index) for level, index in edge_nodes(0, checkpoint.size)]) == checkpoint.root
    assert [each.name for each in (made / "log/2026/tile/0/001.p").iterdir()] == [str(305 - 256)]


def test_backup_is_for_its_owners_eyes_alone(desk, place):
    made = make.back_up_database(place, now=NOW)

    assert {stat.S_IMODE(each.stat().st_mode) for each in files_in(made)} == {0o600}
    assert {stat.S_IMODE(each.stat().st_mode) for each in [made, *made.rglob("*")] if each.is_dir()} == {0o700}


def test_backup_holds_no_key_and_no_secret(desk, place, settings):
    """In no spelling: as bytes, in hex, in base 64."""
    keys = [*(settings.HOME / "keys").iterdir(), settings.HOME / "secret.key"]
    secrets = {spelling for each in keys for spelling in spellings(each.read_bytes())}
    assert {each.name for each in keys} > {"secret.key", "log-2026.skey", "contact-2026-11-21.key"}

    made = make.back_up_database(place, now=NOW)

    held = b"\0".join(each.read_bytes() for each in files_in(made)) + plain_dump(made)
    assert [each for each in secrets if each in held] == []
    assert b"4815162342" not in held
    assert "Uống nước chanh".encode() in held  # what is looked through is what was backed up


def spellings(secret: bytes) -> set[bytes]:
    """A key file's bytes, and those of the seed at its end, as somebody might have written them down."""
    import base64

    parts = {secret, secret.strip().split(b"+", 4)[-1]}  # PRIVATE+KEY+name+hash+seed, and the seed may hold a plus
    return {
        each
        for part in parts
        if len(part) >= 32
        for each in (part, part.hex().encode(), base64.b64encode(part), base64.urlsafe_b64encode(part))
    }


def plain_dump(made: Path) -> bytes:
    """PostgreSQL's dump unpacked; nothing for SQLite, whose file holds its texts as they are."""
    if connection.vendor == "sqlite":
        return b""
    postgres._run("pg_restore", f"--file={made}.sql", str(made / "database.dump"))
    return Path(f"{made}.sql").read_bytes()


def test_copy_of_sqlite_is_one_file_with_every_row(desk, place):
    made = make.back_up_database(place, now=NOW)

    if connection.vendor == "postgresql":
        assert (made / "database.dump").read_bytes()[:5] == b"PGDMP"
        return
    with closing(sqlite3.connect(f"file:{made / 'database.sqlite3'}?immutable=1", uri=True)) as copy:
        assert copy.execute("SELECT count(*) FROM ledger_leaf").fetchone() == (302,)
        assert copy.execute("PRAGMA auto_vacuum").fetchone() == (2,)
        assert copy.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger'").fetchone()[0] > 20


def test_desk_without_a_log_yet_is_backed_up(transactional_db, place):
    made = make.back_up_database(place, now=NOW)

    assert manifest.read(made).log == ()


def test_missing_tile_is_told_and_nothing_appears(desk, place):
    (LocalLog("2026").folder / "tile/0/000").unlink()

    assert "`sangto ledger check` makes it anew" in refused(lambda: make.back_up_database(place, now=NOW))
    assert [each.name for each in place.iterdir()] == [".lock"]


def test_command_says_what_it_does(desk, place):
    result = CliRunner().invoke(main, ["backup", str(place)])

    assert result.exit_code == 0
    said = result.output.splitlines()
    assert said[0] == "the published log: 302 leaves"
    assert "the database: copied, read through, sound" in said
    assert said[-1].startswith(f"backed up: {place}/sangto-database-")


# --- The keys ---------------------------------------------------------------------------------------------------------


def test_keys_are_backed_up_by_themselves(desk, place, settings):
    made = make.back_up_keys(place, now=NOW)

    assert made.name == "sangto-keys-20261121T090000Z"
    here = {f"keys/{each.name}" for each in (settings.HOME / "keys").iterdir()}
    assert {"keys/contact-2026-11-21.key", "keys/log-2026.skey"} < here
    assert {each.relative_to(made).as_posix() for each in files_in(made)} == {*here, "manifest.json", "secret.key"}
    assert (made / "keys/log-2026.skey").read_bytes() == (settings.HOME / "keys/log-2026.skey").read_bytes()
    assert {stat.S_IMODE(each.stat().st_mode) for each in files_in(made)} == {0o600}


def test_log_keys_that_lie_elsewhere_are_backed_up_too(desk, place, settings, tmp_path_factory):
    settings.LEDGER_KEYS = tmp_path_factory.mktemp("log-keys")
    (settings.LEDGER_KEYS / "log-2026.skey").write_text("its key")

    made = make.back_up_keys(place, now=NOW)

    assert (made / "ledger-keys/log-2026.skey").read_text() == "its key"


def test_destroyed_key_is_in_no_later_copy(desk, place):
    first = make.back_up_keys(place, now=NOW)
    actions.destroy_contacts_of(NOW.date(), now=NOW)

    second = make.back_up_keys(place, now=NOW + DAY)

    assert [(each / "keys/contact-2026-11-21.key").exists() for each in (first, second)] == [True, False]


def test_copies_of_keys_live_for_a_week_whatever_is_set(desk, place, settings):
    settings.BACKUP_DAYS = 35
    for day in range(10):
        make.back_up_keys(place, now=NOW + day * DAY)

    kept = sorted(each.name for each in place.glob("sangto-*"))

    assert kept == [f"sangto-keys-202611{day}T090000Z" for day in range(24, 31)]


def test_old_copies_of_keys_go_even_when_the_new_one_fails(desk, place, settings):
    old = make.back_up_keys(place, now=NOW)
    shutil.rmtree(settings.HOME / "keys")
    (settings.HOME / "secret.key").unlink()

    assert refused(lambda: make.back_up_keys(place, now=NOW + 8 * DAY)) == "there are no keys yet"
    assert not old.exists()


def test_half_written_keys_are_left_out(desk, place, settings):
    (settings.HOME / "keys" / ".contact-2026-11-22.key.0123").write_bytes(b"k")

    made = make.back_up_keys(place, now=NOW)

    assert ".contact-2026-11-22.key.0123" not in {each.name for each in files_in(made)}


# --- Where it may lie -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make_", [make.back_up_database, make.back_up_keys])
def test_backup_does_not_lie_inside_of_the_desk(desk, settings, make_, tmp_path_factory):
    settings.LEDGER_DIR = tmp_path_factory.mktemp("log")
    alias = tmp_path_factory.mktemp("alias") / "link"
    alias.symlink_to(settings.HOME)

    for inside in (settings.HOME, settings.HOME / "backups", settings.LEDGER_DIR / "b", alias / "backups"):
        assert "inside of the desk's own" in refused(lambda inside=inside: make_(inside, now=NOW))
    assert not (settings.HOME / "backups").exists()


def test_keys_never_lie_beside_or_below_the_database(desk, place):
    make.back_up_database(place, now=NOW)

    for beside in (place, place / "keys"):
        assert "together they open" in refused(lambda beside=beside: make.back_up_keys(beside, now=NOW))


def test_database_never_lies_beside_or_below_the_keys(desk, place):
    make.back_up_keys(place, now=NOW)

    for beside in (place, place / "database"):
        assert "together they open" in refused(lambda beside=beside: make.back_up_database(beside, now=NOW))


def test_folder_whose_parent_is_missing_is_refused(desk, place):
    assert "cannot be made" in refused(lambda: make.back_up_database(place / "a" / "b", now=NOW))


def test_full_disk_is_seen_before(desk, place, monkeypatch):
    usage = shutil.disk_usage(place)
    monkeypatch.setattr(folder.shutil, "disk_usage", lambda _path: usage._replace(free=60 << 20))

    assert "62.9 MB free, and" in refused(lambda: make.back_up_database(place, now=NOW))
    assert list(place.glob("*sangto*")) == []


def test_disk_that_fills_up_leaves_nothing(desk, place, monkeypatch):
    def full(_path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(make, "described", full)

    result = CliRunner().invoke(main, ["backup", str(place)])

    assert (result.exit_code, result.stderr) == (1, "sangto: nothing was backed up: No space left on device\n")
    assert [each.name for each in place.iterdir()] == [".lock"]


def test_two_at_once_are_one_too_many(desk, place):
    held = os.open(place / ".lock", os.O_CREAT | os.O_RDWR)
    fcntl.flock(held, fcntl.LOCK_EX)

    assert "is running" in refused(lambda: make.back_up_database(place, now=NOW))

    os.close(held)
    make.back_up_database(place, now=NOW)


def test_same_second_is_refused(desk, place):
    make.back_up_database(place, now=NOW)

    assert "is there already" in refused(lambda: make.back_up_database(place, now=NOW))


def test_what_a_killed_run_left_is_cleared_away(desk, place):
    half = place / ".sangto-database-20261101T000000Z.draft"
    (half / "log").mkdir(parents=True)

    make.back_up_database(place, now=NOW)

    assert sorted(each.name for each in place.iterdir()) == [".lock", "sangto-database-20261121T090000Z"]


def test_call_names_one_of_the_two():
    for words in ([], ["/tmp/a", "--keys", "/tmp/b"]):
        assert CliRunner().invoke(main, ["backup", *words]).exit_code == 2


# --- How long it is kept ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "kept"), [(35, [20261018, 20261120, 20261121]), (3, [20261120, 20261121]), (1, [20261121])]
)
def test_old_backups_go(desk, place, settings, days, kept):
    settings.BACKUP_DAYS = days
    for day in (20261001, 20261016, 20261017, 20261018, 20261120):
        (place / f"sangto-database-{day}T090000Z").mkdir()
    (place / "sangto-database-20261018T090000Z").rename(place / "sangto-database-20261018T090001Z")
    for other in ("sangto-database-of-1999", "sangto-database-20201301T090000Z", "photographs"):
        (place / other).mkdir()

    make.back_up_database(place, now=NOW)

    names = {each.name for each in place.iterdir()}
    assert sorted(int(name[16:24]) for name in names if folder.made_at(name)) == kept
    assert {"sangto-database-of-1999", "sangto-database-20201301T090000Z", "photographs"} < names


def test_old_backups_stay_when_the_new_one_fails(desk, place):
    (place / "sangto-database-20201018T090000Z").mkdir()
    (LocalLog("2026").folder / "checkpoint").write_bytes(b"x")

    assert "cannot be read" in refused(lambda: make.back_up_database(place, now=NOW))
    assert (place / "sangto-database-20201018T090000Z").exists()


# --- A copy that is not sound -----------------------------------------------------------------------------------------


def test_damaged_copy_of_sqlite_does_not_count(tmp_path):
    good = tmp_path / "good.sqlite3"
    with closing(sqlite3.connect(good)) as made:
        made.executescript("CREATE TABLE t (a UNIQUE); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                           "WHERE i < 3000) INSERT INTO t SELECT i FROM n;")  # fmt: skip
    database.refuse_broken_sqlite(good)
    data = bytearray(good.read_bytes())
    data[-1] ^= 1  # a number in a row is another one than in the index
    (tmp_path / "bad.sqlite3").write_bytes(data)
    (tmp_path / "none.sqlite3").write_bytes(b"nothing of the kind" * 400)

    assert "not sound" in refused(lambda: database.refuse_broken_sqlite(tmp_path / "bad.sqlite3"))
    assert "cannot be read" in refused(lambda: database.refuse_broken_sqlite(tmp_path / "none.sqlite3"))


def test_copy_with_a_reference_that_leads_nowhere_does_not_count(tmp_path):
    with closing(sqlite3.connect(tmp_path / "stray.sqlite3")) as made:
        made.executescript(
            "CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (a REFERENCES a (id)); INSERT INTO b VALUES (7);"
        )

    assert "not sound" in refused(lambda: database.refuse_broken_sqlite(tmp_path / "stray.sqlite3"))


# --- PostgreSQL's programs --------------------------------------------------------------------------------------------


def fake(place: Path, name: str, version: str) -> Path:
    folder_ = place / version
    folder_.mkdir()
    (folder_ / name).write_text(f'#!/bin/sh\necho "{name} (PostgreSQL) {version}"\n')
    (folder_ / name).chmod(0o755)
    return folder_ / name


def test_program_is_the_oldest_that_is_new_enough(tmp_path, monkeypatch):
    monkeypatch.setattr(postgres, "PLACES", ())
    found = [fake(tmp_path, "pg_dump", version) for version in ("14.9", "17.2", "16.4", "nonsense")]
    monkeypatch.setenv("PATH", os.pathsep.join(str(each.parent) for each in found))

    assert postgres.program("pg_dump", server=15) == tmp_path / "16.4" / "pg_dump"
    assert postgres.program("pg_dump", server=17) == tmp_path / "17.2" / "pg_dump"
    assert refused(lambda: postgres.program("pg_dump", server=18)) == (
        "there is no pg_dump of PostgreSQL 18 or later here: install postgresql-client-18, or put its folder on PATH"
    )


def test_password_goes_into_the_environment_and_nowhere_else():
    params = {"host": "db.example.org", "dbname": "desk", "user": "sangto", "password": "hunter2", "port": 5433,
              "sslmode": "require", "client_encoding": "UTF8", "cursor_factory": object}  # fmt: skip

    told = {name: value for name, value in postgres.environment(params).items() if os.environ.get(name) != value}

    assert told == {
        "PGHOST": "db.example.org", "PGDATABASE": "desk", "PGUSER": "sangto", "PGPASSWORD": "hunter2", "PGPORT": "5433",
        "PGSSLMODE": "require", "PGCLIENTENCODING": "UTF8",
    }  # fmt: skip


def test_command_lines_hold_no_password(desk, place, monkeypatch):
    """What everybody on the machine can read while a backup runs."""
    lines = []
    run = postgres.subprocess.run
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "hunter2")
    monkeypatch.setattr(postgres.subprocess, "run", lambda words, **how: lines.append(words) or run(words, **how))

    make.back_up_database(place, now=NOW)

    assert "hunter2" not in json.dumps(lines, default=str)
    assert (connection.vendor == "postgresql") == bool(lines)


# --- Settings ---------------------------------------------------------------------------------------------------------


def test_manifest_that_lies_is_noticed(desk, place):
    made = make.back_up_database(place, now=NOW)
    text = (made / "manifest.json").read_text()

    for old, new in (
        ("2026-11-21", "2026-11-22"),
        ('"format": 1', '"format": 2'),
        ('"kind": "database"', '"kind": "keys"'),
    ):
        assert old in text
        (made / "manifest.json").write_text(text.replace(old, new, 1))
        assert "is damaged" in refused(lambda: manifest.read(made))
    for none in ("", "[]", "{}", '{"sha256": 1}'):
        (made / "manifest.json").write_text(none)
        assert "missing or damaged" in refused(lambda: manifest.read(made))
