"""Five hundred identifiers through every door; afterwards none of them is anywhere in clear.

Looked through is every byte of the database with its write-ahead log, of the data folder, the log output, the folder
for temporary files, everything that is public, what senders and members see, exports, and a backup.
"""

import sqlite3
import subprocess
from collections import Counter
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection

from tests.hostile.canaries import Aviary, Canary, Net
from tests.hostile.planting import (
    MARKER,
    environment_of,
    publish_some,
    read_everything,
    running,
    through_an_answer,
    through_an_import,
    through_telegram,
    through_the_api,
    through_the_console,
    through_the_form,
    through_the_sign_in,
)
from tests.postgres import server_binaries

pytestmark = pytest.mark.django_db
# Where a canary may be, and why. Nothing else.
EXCEPTIONS = {
    # Letters of the console channel, for development, hold the follow link of whoever asked on the console.
    ("follow link", "home/console.log"),
}


@pytest.fixture(scope="module")
def aviary():
    return Aviary()


@pytest.fixture
def database():
    """The address of an empty database of the desk's own, and the folder of its server; none for SQLite."""
    if connection.vendor == "sqlite":
        yield "", None
        return
    name, known = f"canary_{uuid4().hex[:8]}", connection.settings_dict
    host = known["HOST"] or known["OPTIONS"]["host"]
    import psycopg

    with psycopg.connect(host=host, user="sangto", dbname="postgres", autocommit=True) as line:
        line.execute(f"CREATE DATABASE {name}")
        yield f"postgres://sangto@/{name}?host={host}", Path(host)
        line.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def planted(aviary, tmp_path, bot_api, address, outside):
    """The desk after everything was carried in, published and read; with all that is public or shown, in one piece."""
    token = f"{aviary.digits(9)}:{aviary.add('bot token', aviary.word(35))}"
    secret = aviary.add("hook secret", aviary.word(40))
    masked = [*aviary.phones(60), *aviary.identity_numbers(40), *aviary.mails(40), *aviary.cards(24)]
    masked += [*aviary.bank_accounts(20), *aviary.handles(16), *aviary.profiles(20)]
    web, api, chat, console = (masked[at::4] for at in range(4))
    environment = environment_of(tmp_path, bot_api, database=address, token=token, secret=secret)
    with running(environment, tmp_path, aviary=aviary) as desk:
        through_the_form(desk, [*web, *aviary.plates(4)], place=f"{MARKER} {aviary.phones(1)[0]}")
        through_the_api(desk, api)
        through_telegram(desk, chat, secret=secret)
        through_the_console(desk, console)
        through_an_answer(desk, [*aviary.phones(4), *aviary.mails(4)])
        through_the_sign_in(desk, aviary.words("password", 8), aviary.words("login", 8))
        through_an_import(desk, aviary.names("author", 10), aviary.mails(10), outside)
        publish_some(desk)
        desk.command("ledger", "publish")
        for each in desk.tokens.values():
            aviary.add("member's token", each)
        for each in desk.followed:
            aviary.add("follow link", each, each.partition(".")[2])
        shown = read_everything(desk)
        exports = b"".join(
            desk.command("export", "--format", each).encode() for each in ("jsonl", "csv", "claimreview")
        )
        yield desk, shown + exports


def backup_of(desk, folder, address):
    """A copy of the database as the handbook makes it."""
    folder.mkdir()
    if not address:
        with (
            closing(sqlite3.connect(desk.home / "desk.sqlite3")) as live,
            closing(sqlite3.connect(folder / "copy")) as copy,
        ):
            live.backup(copy)
        return folder
    binaries = server_binaries()
    name, _, host = address.removeprefix("postgres://sangto@/").partition("?host=")
    command = [
        binaries / "pg_dump",
        "--format=plain",
        f"--file={folder / 'copy'}",
        f"--host={host}",
        "--username=sangto",
        name,
    ]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def out_of_place(found):
    return {
        (canary.kind, place)
        for canary, places in found.items()
        for place in places
        if (canary.kind, place) not in EXCEPTIONS
    }


def test_no_canary_is_anywhere_in_clear(aviary, tmp_path, bot_api, database, capsys):
    address, server = database
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    with planted(aviary, tmp_path, bot_api, address, outside) as (desk, shown):
        net = Net([*aviary.made, Canary("marker", MARKER, MARKER)])
        backup = backup_of(desk, tmp_path.parent / f"{tmp_path.name}-backup", address)
        while_running = net.caught_in(tmp_path)
        on_the_server = net.caught_in(server / "data") if server else {}

    found = {**while_running}
    for more in (net.caught_in(tmp_path), on_the_server, net.caught_in(backup)):
        for canary, places in more.items():
            found.setdefault(canary, set()).update(places)
    public = {each.kind for each in net.caught(shown)}
    seen = {place for canary, places in found.items() if canary.kind == "marker" for place in places}
    found = {canary: places for canary, places in found.items() if canary.kind != "marker"}

    with capsys.disabled():
        print(f"\ncanaries: {len(aviary.made)} planted, {dict(Counter(each.kind for each in aviary.made))}")
    assert len({each.secret for each in aviary.made}) >= 500
    # What is not masked is found wherever it must be: there the test looks.
    assert {"copy"} <= seen
    assert any("sqlite3" in place for place in seen) or any("base/" in place or "pg_wal" in place for place in seen)
    assert "marker" in public
    assert out_of_place(found) == set()
    assert public <= {"marker", "follow link"}


def test_every_way_of_writing_is_seen(tmp_path):
    """Each form of one canary of every kind, hidden among other bytes."""
    aviary = Aviary()
    made = [aviary.phones(7), aviary.identity_numbers(2), aviary.mails(4), aviary.addresses(2), aviary.names("name", 1)]
    net = Net(aviary.made)

    from tests.hostile.canaries import PREFIX, forms

    for canary in aviary.made:
        for form in forms(canary.secret):
            if len(form) >= PREFIX:
                assert canary in net.caught(b"\0\xff" * 7 + form + b"\xff\0"), form
    assert net.caught(bytes(range(256)) * 99) == set()
    assert made
    (tmp_path / aviary.made[0].secret).write_bytes(b"")
    assert set(net.caught_in(tmp_path)) == {aviary.made[0]}
