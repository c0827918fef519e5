"""A PostgreSQL that keeps what it promised, and can be thrown down."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.postgres import make_cluster, server_user, start_server, stop_server, wait_until_ready

SAFE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}  # as a desk's server must be


@dataclass
class Server:
    """One running server in a folder of its own."""

    binaries: Path
    home: Path
    identity: dict
    running: subprocess.Popen

    @property
    def address(self) -> str:
        """As a SANGTO_DATABASE_URL, without the database."""
        return f"postgres://sangto@/postgres?host={self.home}"

    def restart_at_once(self) -> None:
        """What `pg_ctl restart -m immediate` does: no goodbye to anybody, recovery from the log at the start."""
        self.running.send_signal(signal.SIGQUIT)
        self.running.wait(20)
        self.start()

    def start(self) -> None:
        """Start it again where it has ended."""
        self.running = start_server(self.binaries, self.home, self.identity, SAFE)
        wait_until_ready(self.running, self.home)


@contextmanager
def throwaway(binaries: Path, *, below: str = "/tmp") -> Iterator[Server]:
    """A fresh server; everything is gone afterwards."""
    user = server_user()
    home = Path(tempfile.mkdtemp(prefix="sangto-pg-", dir=below))
    identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    server = None
    try:
        if user:
            os.chown(home, user.pw_uid, user.pw_gid)
        make_cluster(binaries, home, identity)
        server = Server(binaries, home, identity, start_server(binaries, home, identity, SAFE))
        wait_until_ready(server.running, home)
        yield server
    finally:
        if server:
            stop_server(server.running)
        shutil.rmtree(home, ignore_errors=True)
