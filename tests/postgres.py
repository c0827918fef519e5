"""Run the database-facing tests on a throwaway PostgreSQL: `python -m tests.postgres [pytest arguments]`.

The server comes from binaries that are installed (15 or later), listens on a socket in a folder of its own, and is
stopped and removed whatever happens. Where no server is installed this says so, loudly, and exits 0.
"""

import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

OLDEST = 15
START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 20
UNSAFE_BUT_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "2GB"}
ONLY_DATABASE = ["-p", "tests.database_facing"]  # by name, so that each of pytest's processes loads it
NOTICE = f"""
{"!" * 100}
!!  POSTGRESQL WAS NOT TESTED: no PostgreSQL {OLDEST} or later server is installed on this machine.
!!  The database-facing tests ran on SQLite only. To run them here: apt-get install postgresql
{"!" * 100}
"""


def server_binaries() -> Path | None:
    """The folder of the newest installed server of at least the oldest version we support, or None."""
    folders = {Path(found).resolve().parent for found in [shutil.which("postgres")] if found}
    for root in ("/usr/lib/postgresql", "/usr/local/opt", "/opt/homebrew/opt"):
        folders.update(path.parent for path in Path(root).glob("*/bin/postgres"))
    known = {folder: major_version(folder) for folder in folders if (folder / "initdb").exists()}
    fitting = [folder for folder, version in known.items() if version >= OLDEST]
    return max(fitting, key=known.__getitem__, default=None)


def major_version(folder: Path) -> int:
    """The major version of the server in a folder; 0 when it does not say."""
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    version = re.search(r"(\d+)", said)
    return int(version[1]) if version else 0


def server_user() -> pwd.struct_passwd | None:
    """Whom the server must run as, because it refuses to run as root; None when we are not root."""
    if os.getuid() != 0:
        return None
    known = {user.pw_name: user for user in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


@contextmanager
def throwaway_server(binaries: Path, *, durable: bool = False) -> Iterator[str]:
    """The address of a fresh database, as a SANGTO_DATABASE_URL; everything is gone afterwards.

    Unless it is to be `durable`, it loses what it says it kept when the machine stops, and is faster for that.
    """
    user = server_user()
    home = Path(tempfile.mkdtemp(prefix="sangto-pg-", dir="/tmp"))  # a socket's path must stay under 108 bytes
    identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    server = None
    try:
        if user:
            os.chown(home, user.pw_uid, user.pw_gid)
        make_cluster(binaries, home, identity)
        server = start_server(binaries, home, identity, {} if durable else UNSAFE_BUT_FAST)
        wait_until_ready(server, home)
        yield f"postgres://sangto@/postgres?host={home}"
    finally:
        if server:
            stop_server(server)
        shutil.rmtree(home, ignore_errors=True)


def make_cluster(binaries: Path, home: Path, identity: dict) -> None:
    """A new cluster that trusts whoever can enter its folder: only us."""
    options = ["--auth=trust", "--username=sangto", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    made = subprocess.run(
        [binaries / "initdb", *options, "-D", home / "data"],
        check=False,
        cwd=home,
        capture_output=True,
        text=True,
        **identity,
    )
    if made.returncode:
        sys.exit(f"initdb failed:\n{made.stderr}")


def start_server(binaries: Path, home: Path, identity: dict, how: dict[str, str]) -> subprocess.Popen:
    """The server, in a session of its own so that Ctrl-C reaches pytest first."""
    settings = {"listen_addresses": "", "unix_socket_directories": str(home), **how}
    flags = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with (home / "server.log").open("w") as log:
        return subprocess.Popen(
            [binaries / "postgres", "-D", home / "data", *flags],
            cwd=home,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            **identity,
        )


def wait_until_ready(server: subprocess.Popen, home: Path) -> None:
    """Return once the server says "ready"; leave with its log when it stops or takes too long."""
    deadline = time.monotonic() + START_TIMEOUT_S
    status = home / "data" / "postmaster.pid"
    while time.monotonic() < deadline and server.poll() is None:
        if status.exists() and "ready" in status.read_text():
            return
        time.sleep(0.02)
    sys.exit(f"PostgreSQL did not start:\n{(home / 'server.log').read_text()}")


def stop_server(server: subprocess.Popen) -> None:
    """Stop the server: fast (SIGINT), and at once (SIGQUIT) when it dawdles."""
    for how in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        server.send_signal(how)
        try:
            server.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            continue
        return


def run(arguments: list[str]) -> int:
    """Pytest's exit code for the database-facing tests on PostgreSQL; no test at all is a failure (5)."""
    binaries = server_binaries()
    if not binaries:
        print(NOTICE, flush=True)
        return 0
    for stop in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(stop, signal.default_int_handler)  # as Ctrl-C: pytest ends, then the server does
    with throwaway_server(binaries) as url:
        os.environ["SANGTO_DATABASE_URL"] = url
        print(f"PostgreSQL {major_version(binaries)} from {binaries}", flush=True)
        return int(pytest.main([*ONLY_DATABASE, *arguments]))


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
