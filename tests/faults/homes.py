"""Fresh desks to be harmed: a migrated database with two members is made once and copied for each."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg

from tests.faults.outside import SIGNER

SECRET = "the_secret-of_the_hook"
BOT = "4815162342"
PROJECT = Path(__file__).resolve().parent.parent.parent
# What every desk here is told. No TLS is spoken: reading this machine's certificates would take most of the time.
PLAIN = {
    "OPENBLAS_NUM_THREADS": "1",
    "SSL_CERT_DIR": str(PROJECT / "tests" / "faults"),
    "PYTHONPATH": str(PROJECT),
    "DJANGO_SETTINGS_MODULE": "sangto.config.settings",
    "SANGTO_SECRET_KEY": "faults" * 10,
    "SANGTO_URL": "http://127.0.0.1:8000",
    "SANGTO_HOSTS": "testserver",
    "SANGTO_LOG_LEVEL": "ERROR",
    "SANGTO_WORKER_TICK_MS": "20",
    "SANGTO_TELEGRAM_SECRET": SECRET,
    "SANGTO_LEDGER_BATCH_MAX": "7",
    "SANGTO_LEDGER_BATCH_MINUTES": "1",
    "SANGTO_LEDGER_WITNESS_MINUTES": "1",
    "SANGTO_DISK_RESERVE_MB": "1",
    "SANGTO_DISK_BALLAST_MB": "1",
    "SANGTO_LIMIT_INTAKE": "off",
    "SANGTO_LIMIT_LINKS": "off",
    "SANGTO_LIMIT_READING": "off",
}
NUMBERS = count(1)  # the world outside knows a desk by its name: none has that of another
SQLITE, POSTGRESQL = "sqlite", "postgresql"
PROGRAM = [sys.executable, "-c", "from sangto.config.cli import main; main()"]


@dataclass
class Outside:
    """The running world outside (see `outside`)."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def seen(self, name: str) -> dict:
        """What came from a home: its letters, and the forks that the witness was shown."""
        with urllib.request.urlopen(f"{self.url}/seen/{name}", timeout=30) as response:
            return json.loads(response.read())


@contextmanager
def outside() -> Iterator[Outside]:
    """The world outside, for as long as the context lasts."""
    command = [sys.executable, "-m", "tests.faults.outside"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=PROJECT, env={**os.environ, "PYTHONPATH": str(PROJECT)}, **pipes) as world:
        assert world.stdin and world.stdout
        yield Outside(int(world.stdout.readline()))
        world.stdin.close()


@dataclass
class Home:
    """One desk: where its files are, its database, and how its programs are told."""

    name: str
    folder: Path
    database: str
    tokens: dict[str, str]
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str, timeout_s: float = 120, **more: str) -> subprocess.CompletedProcess[str]:
        """A `sangto` command that has ended."""
        environment = {**self.environment, **more}
        command = [*PROGRAM, *words]
        return subprocess.run(
            command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=timeout_s, check=False
        )

    def start(self, *words: str, log: Path | None = None, **more: str) -> subprocess.Popen[bytes]:
        """A `sangto` command that runs, in a session of its own; what it says goes to a file."""
        with (log or self.folder / "said.log").open("ab") as said:
            program = subprocess.Popen(
                [*PROGRAM, *words], cwd=PROJECT, env={**self.environment, **more}, stdout=said, stderr=said,
                stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        STARTED.append(program)
        return program


STARTED: list[subprocess.Popen[bytes]] = []


def end_all() -> None:
    """Kill every program that was started and still runs."""
    for program in STARTED:
        if program.poll() is None:
            os.killpg(program.pid, signal.SIGKILL)
            program.wait(30)


class Homes:
    """Makes homes on one kind of database, below one folder; `server` is the address of a PostgreSQL, or empty."""

    def __init__(self, folder: Path, world: Outside, *, server: str = "") -> None:
        self.folder, self.world, self.server = folder, world, server
        self.kind = POSTGRESQL if server else SQLITE
        self.prefix = f"faults_{os.getpid()}"
        self.tokens: dict[str, str] = {}
        self.template = self._template()

    def fresh(self, name: str, *, below: Path | None = None, **more: str) -> Home:
        """A new desk with an empty inbox; its folder lies below `below` where that is given."""
        name = f"{name}-{next(NUMBERS)}"
        home = self._home(name, (below or self.folder) / name, more)
        self.copy_database(self.template, home)
        return home

    def empty(self, name: str) -> Home:
        """A new desk whose database has no tables."""
        name = f"{name}-{next(NUMBERS)}"
        home = self._home(name, self.folder / name, {})
        if self.kind == POSTGRESQL:
            with psycopg.connect(self.server, autocommit=True) as admin:
                admin.execute(f'CREATE DATABASE "{self._base(home)}"')
        return home

    def copy_database(self, source: Home, target: Home) -> None:
        """The database of a desk that stands still, copied over that of another."""
        if self.kind == SQLITE:
            replace_file(database_file(source), database_file(target))
            return
        with psycopg.connect(self.server, autocommit=True) as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{self._base(target)}" WITH (FORCE)')
            admin.execute(f'CREATE DATABASE "{self._base(target)}" TEMPLATE "{self._base(source)}"')

    def drop(self, home: Home) -> None:
        """The desk is gone."""
        shutil.rmtree(home.folder, ignore_errors=True)
        if self.kind == POSTGRESQL:
            with psycopg.connect(self.server, autocommit=True) as admin:
                admin.execute(f'DROP DATABASE IF EXISTS "{self._base(home)}" WITH (FORCE)')

    def close(self) -> None:
        """Nothing is left on the server."""
        self.drop(self.template)

    def twin(self, home: Home, name: str) -> Home:
        """A place for a copy of a desk's database."""
        return self._home(f"{home.name}-{name}", home.folder / name, {})

    def _template(self) -> Home:
        home = self._home("template", self.folder / "template", {})
        if self.kind == POSTGRESQL:
            with psycopg.connect(self.server, autocommit=True) as admin:
                admin.execute(f'DROP DATABASE IF EXISTS "{self._base(home)}" WITH (FORCE)')
                admin.execute(f'CREATE DATABASE "{self._base(home)}"')
        command = [sys.executable, "-m", "tests.faults.prepare"]
        made = subprocess.run(command, cwd=PROJECT, env=home.environment, capture_output=True, text=True, check=False)
        if made.returncode:
            sys.exit(f"the desk to copy could not be made:\n{made.stderr}")
        self.tokens |= json.loads(made.stdout.splitlines()[-1])
        if self.kind == SQLITE:
            at_rest(database_file(home))
        return home

    def _home(self, name: str, folder: Path, more: dict[str, str]) -> Home:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        database = self._address(name, folder)
        policy = folder / "witnesses"
        policy.write_text(f"witness w1 {SIGNER.key.vkey} {self.world.url}/w/{name}/\nquorum w1\n")
        environment = {
            **os.environ, **PLAIN, "SANGTO_HOME": str(folder), "SANGTO_DATABASE_URL": database,
            "SANGTO_TELEGRAM_API": self.world.url, "SANGTO_TELEGRAM_TOKEN": f"{BOT}:{name}",
            "SANGTO_LEDGER_WITNESSES": str(policy), **more,
        }  # fmt: skip
        return Home(name, folder, database, dict(self.tokens), environment)

    def _address(self, name: str, folder: Path) -> str:
        if self.kind == SQLITE:
            return f"sqlite:///{folder / 'desk.sqlite3'}"
        return urlsplit(self.server)._replace(path="/" + quote(self.base_name(name))).geturl()

    def base_name(self, name: str) -> str:
        return f"{self.prefix}_{name}"

    def _base(self, home: Home) -> str:
        return self.base_name(home.name)


def database_file(home: Home) -> Path:
    """The file of a home's SQLite database."""
    return Path(home.database.removeprefix("sqlite:///"))


def replace_file(source: Path, target: Path) -> None:
    """A database file in the place of another, without what belonged to that one."""
    for ending in ("-wal", "-shm"):
        with suppress(FileNotFoundError):
            Path(f"{target}{ending}").unlink()
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def at_rest(file: Path) -> None:
    """All of a database in its file, nothing in its write-ahead log."""
    with sqlite3.connect(file) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
