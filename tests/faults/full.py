"""Disks that run full: small tmpfs for the database and for the log, apart and together, at eleven levels.

A disk is filled by making its tmpfs smaller, and freed by making it larger: the desk runs on all the time. What it
refuses meanwhile must be no yes, and must get one afterwards without anybody touching the desk.
"""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.faults.hearing import heard
from tests.faults.homes import SQLITE, Home, Homes
from tests.faults.served import Served
from tests.faults.servers import Server, throwaway
from tests.faults.serving import Street
from tests.faults.tally import Tally
from tests.postgres import server_binaries

KB, MB = 1 << 10, 1 << 20
LEVELS = (0, 4 * KB, 16 * KB, 64 * KB, 256 * KB, 512 * KB, MB, 1536 * KB, 2 * MB, 4 * MB, 16 * MB)
LAYOUTS = ("together", "database", "log")
ROOMY = 512 * MB
HEAL_S = 60


class Disk:
    """A tmpfs, of which the free room can be set."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def leave(self, free: int) -> None:
        """Let there be so many bytes left."""
        found = os.statvfs(self.folder)
        self._resize((found.f_blocks - found.f_bfree) * found.f_frsize + free)

    def free(self) -> None:
        """Let there be plenty."""
        self._resize(ROOMY)

    def _resize(self, size: int) -> None:
        subprocess.run(["mount", "-o", f"remount,size={max(size, 4096)}", self.folder], check=True)


@contextmanager
def disk() -> Iterator[Disk]:
    """A disk of its own, which whoever runs a server may enter."""
    folder = Path(tempfile.mkdtemp(prefix="sangto-disk-", dir="/tmp"))
    folder.chmod(0o711)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOMY},mode=1777", "faults", folder], check=True)
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=False)
        folder.rmdir()


def full(homes: Homes, *, levels: tuple[int, ...], seed: int, layouts: tuple[str, ...] = LAYOUTS) -> Tally:
    """Every layout at every level."""
    if os.geteuid() != 0:
        return Tally(notice="only root can mount a small disk")
    tally = Tally()
    for layout in layouts:
        with ExitStack() as stack:
            small = stack.enter_context(disk())
            mine, server = _homes(homes, layout, small, stack)
            for level in levels:
                where = {} if layout == "database" else {"SANGTO_LEDGER_DIR": str(small.folder / f"log-{level}")}
                below = (
                    small.folder if layout == "together" or (homes.kind == SQLITE and layout == "database") else None
                )
                home = mine.fresh("full", below=below, **where)
                what = f"{homes.kind}, {layout}, {level:,} bytes left: "
                tally.merge(_filled(home, mine, small, server, level=level, seed=seed), where=what)
                mine.drop(home)
    return tally


def _homes(homes: Homes, layout: str, small: Disk, stack: ExitStack) -> tuple[Homes, Server | None]:
    """Where desks are made: with a server of their own on the small disk where PostgreSQL is to run full."""
    binaries = server_binaries()
    if homes.kind == SQLITE or layout == "log" or binaries is None:
        return homes, None
    server = stack.enter_context(throwaway(binaries, below=str(small.folder)))
    return Homes(homes.folder / layout, homes.world, server=server.address), server


def _filled(home: Home, homes: Homes, small: Disk, server: Server | None, *, level: int, seed: int) -> Tally:
    tally, street, desk = Tally(), Street(home, seed), Served(home)
    desk.start()
    street.live(desk, until_s=10, most=4)
    home.run("ledger", "publish")
    small.leave(level)
    street.live(desk, until_s=2, most=44)
    published = home.run("ledger", "publish")
    if published.returncode < 0:
        tally.faults.append(("corrupt", "the log's program crashed"))
    street.live(desk, until_s=1, most=48)
    refused = len(street.people.waiting())
    small.free()
    if server and server.running.poll() is not None:
        tally.add("servers that ended")
        server.start()
    _heal(street, desk)
    if not desk.alive:
        tally.faults.append(("lost", "the desk ended"))
    tally.faults += [("lost", f"message {each.key} is still refused") for each in street.people.waiting()]
    desk.stop()
    tally.add("disks")
    tally.add("refused", refused)
    tally.merge(heard(home, street.hearing(home, homes.world.port)))
    return tally


def _heal(street: Street, desk: Served) -> None:
    until = time.monotonic() + HEAL_S
    while street.people.waiting() and time.monotonic() < until:
        street.live(desk, until_s=0)
        time.sleep(0.2)
