"""Whole desks of their own, each with a home and a database, driven by the command and by small programs."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

ROOT = Path(__file__).resolve().parents[3]
SERVER = os.environ.get("SANGTO_DATABASE_URL", "")  # of the throwaway PostgreSQL; empty for SQLite
COMMAND = "from sangto.config.cli import main; main()"
PRELUDE = """
import django
django.setup()
from tests.config.backup.inside import *
result = None
"""


@dataclass(frozen=True)
class Desk:
    """A home, and the address of a database where it is not a file in there."""

    home: Path
    url: str

    @property
    def log(self) -> Path:
        """The folder of the published log."""
        return self.home / "log"

    def start(self, *words: str, more: dict[str, str] | None = None) -> subprocess.Popen[str]:
        """A program of this desk, running."""
        env = {name: value for name, value in os.environ.items() if not name.startswith("SANGTO_")}
        env |= {"SANGTO_HOME": str(self.home), "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", **(more or {})}
        if self.url:
            env["SANGTO_DATABASE_URL"] = self.url
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen([sys.executable, *words], cwd=ROOT, env=env, text=True, **pipes)

    def run(self, *words: object, more: dict[str, str] | None = None) -> tuple[int, str, str]:
        """Exit code, output and errors of `sangto` with these words."""
        process = self.start("-c", COMMAND, *map(str, words), more=more)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err

    def do(self, code: str, *, secret: Path | None = None, **values: object) -> Any:
        """What a program leaves in `result`; it has everything that tests usually import, and these values.

        `secret`: a file with the secret key, before the settings make one.
        """
        given = "".join(f"{name} = {value!r}\n" for name, value in values.items())
        more = {"SANGTO_SECRET_KEY_FILE": str(secret)} if secret else {}
        process = self.start("-c", PRELUDE + given + code + "\nprint(json.dumps(result))", more=more)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err[-3000:]
        return json.loads(out.splitlines()[-1])

    def restored(self, backup: Path, then: str, *, now: datetime, keys: Path | None = None, moved: bool = False) -> Any:
        """What is left in `result` after this desk was restored at a given time; `said` is what was printed then."""
        code = (
            "with contextlib.redirect_stdout(io.StringIO()) as printed:\n"
            "    at = datetime.fromisoformat(now)\n"
            "    restore.restore_desk(Path(backup), keys=keys and Path(keys), moved=moved, now=at)\n"
            "said = printed.getvalue()\n"
        )
        values = {"backup": str(backup), "keys": keys and str(keys), "moved": moved, "now": now.isoformat()}
        # The command gives the settings the secret key in the same way.
        return self.do(code + then, secret=keys and keys / "secret.key", **values)


@contextmanager
def databases() -> Iterator[Any]:
    """Makes an empty database at each call and gives its address; an empty one for SQLite, which makes its own."""
    if not SERVER:
        yield lambda: ""
        return
    host = SERVER.partition("host=")[2]
    names: list[str] = []

    def fresh() -> str:
        names.append(f"desk{os.getpid()}_{len(names)}")
        with connected(host) as server:
            server.execute(f"CREATE DATABASE {names[-1]}")
        return f"postgres://sangto@/{names[-1]}?host={host}"

    yield fresh
    with connected(host) as server:
        for name in names:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def connected(host: str) -> psycopg.Connection:
    return psycopg.connect(host=host, user="sangto", dbname="postgres", autocommit=True)
