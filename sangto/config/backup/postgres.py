"""PostgreSQL's own programs, `pg_dump` and `pg_restore`: where they are, and how they are told where the server is.

What they need to know goes into their environment: a command line can be read by everybody on the machine.
"""

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import connection
from psycopg import pq

from sangto.config.backup.refusal import Refusal

PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/opt/postgresql*/bin", "/opt/homebrew/opt/*/bin")
VERSION = re.compile(r"\(PostgreSQL\) ([0-9]+)")
SAID_BYTES = 400


def size() -> int:
    """The bytes of the database. A dump is compressed and takes less."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def dump(file: Path) -> None:
    """Dump the database at one moment, then read the dump to its end; raises Refusal."""
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={file}", "--no-password")
    refuse_broken(file)


def refuse_broken(file: Path) -> None:
    """Raise Refusal unless every byte of a dump can be read and unpacked."""
    _run("pg_restore", f"--file={os.devnull}", str(file))


def load(file: Path) -> None:
    """Fill the empty database out of a dump, in one transaction; raises Refusal."""
    name = str(connection.settings_dict["NAME"])
    options = ("--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", "--no-password")
    _run("pg_restore", *options, f"--dbname={name}", str(file))


def program(name: str, *, server: int) -> Path:
    """Where the program is: the oldest that is as new as the server (a major version). Raises Refusal without one."""
    fitting = {version: path for path, version in _found(name) if version >= server}
    if not fitting:
        raise Refusal(
            f"there is no {name} of PostgreSQL {server} or later here: install postgresql-client-{server}, "
            f"or put its folder on PATH"
        )
    return fitting[min(fitting)]


def environment(wanted: Mapping[str, Any]) -> dict[str, str]:
    """The environment of those programs: ours, and where the server is and who asks, password and all."""
    named = {each.keyword.decode(): each.envvar.decode() for each in pq.Conninfo.get_defaults() if each.envvar}
    return {**os.environ, **{named[key]: str(value) for key, value in wanted.items() if key in named and value}}


def _server() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10000


def _found(name: str) -> list[tuple[Path, int]]:
    folders = [Path(each) for each in os.environ.get("PATH", "").split(os.pathsep) if each]
    folders += [each for place in PLACES for each in sorted(Path("/").glob(place.removeprefix("/")))]
    paths = [path for folder in folders if (path := folder / name).is_file() and os.access(path, os.X_OK)]
    return [(path, version) for path in dict.fromkeys(paths) if (version := _version(path))]


def _version(path: Path) -> int:
    """The major version; 0 when it does not say. Debian's program on PATH looks for one that fits by itself."""
    try:
        said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False, timeout=30).stdout  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = VERSION.search(said)
    return int(found[1]) if found else 0


def _run(name: str, *words: str) -> None:
    command = [str(program(name, server=_server())), *words]
    connection.close()  # nothing of ours stands open while they work
    told = environment(connection.get_connection_params())
    done = subprocess.run(command, env=told, capture_output=True, text=True, errors="replace", check=False)  # noqa: S603
    if done.returncode:
        raise Refusal(f"{name} failed: {_first_line(done.stderr)}")


def _first_line(said: str) -> str:
    """What went wrong, without the rows and the addresses that may follow it."""
    lines = [each for each in said.splitlines() if each.strip()]
    return lines[0][:SAID_BYTES] if lines else "it does not say why"
