"""Clocks that lie: libfaketime under a whole desk, forward and back by a second to ten years. See `clocked`."""

import pickle
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.faults.clocked import Plan
from tests.faults.hearing import heard
from tests.faults.homes import POSTGRESQL, PROJECT, Home, Homes
from tests.faults.served import Served
from tests.faults.serving import Street
from tests.faults.tally import Tally

LIBRARY = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")
YEAR = timedelta(days=365)
JUMPS = tuple(
    timedelta(seconds=each)
    for each in (1, -1, 60, -60, 600, -600, 3600, -3600, 86_400, -86_400)
) + (30 * timedelta(days=1), -30 * timedelta(days=1), YEAR, -YEAR, 10 * YEAR, -10 * YEAR)  # fmt: skip
# A leap day, the end of a year, and the hours in which summer time begins and ends in Europe.
MOMENTS = tuple(
    datetime.fromisoformat(each).replace(tzinfo=UTC)
    for each in ("2028-02-28T23:59:50", "2028-02-29T23:59:50", "2026-12-31T23:59:50", "2027-03-28T00:59:50",
                 "2027-10-31T00:59:50")
)  # fmt: skip


def clocks(homes: Homes, *, jumps: int, seed: int) -> Tally:
    """The first so many jumps, and the moments; on PostgreSQL also two nodes ten minutes apart."""
    library = found_library()
    if library is None:
        return Tally(notice="libfaketime is not installed: apt-get install faketime")
    tally, now = Tally(), datetime.now(UTC)
    offsets = JUMPS[-jumps:] + tuple(each - now for each in MOMENTS[:jumps])
    home = homes.fresh("clock", SANGTO_TIME_ZONE="Europe/Berlin")
    clock = home.folder / "clock"
    clock.write_text("+0")
    plan = Plan(
        home.name, seed, homes.world.port, str(clock), home.tokens, tuple(each.total_seconds() for each in offsets)
    )
    tally.merge(_jumped(plan, home, library), where=f"{homes.kind}: ")
    homes.drop(home)
    if homes.kind == POSTGRESQL:
        tally.merge(apart(homes, library, seed), where="two nodes: ")
    return tally


def found_library() -> Path | None:
    """Where libfaketime is; None where it is not installed."""
    return next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))), None)


def faked(library: Path) -> dict[str, str]:
    """What a program needs for a clock of ours; the steady clock stays what it is."""
    return {
        "LD_PRELOAD": str(library),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }


def _jumped(plan: Plan, home: Home, library: Path) -> Tally:
    environment = {**home.environment, **faked(library), "FAKETIME_TIMESTAMP_FILE": plan.clock}
    ran = subprocess.run(
        [sys.executable, "-m", "tests.faults.clocked"], input=pickle.dumps(plan), cwd=PROJECT, env=environment,
        capture_output=True, check=False,
    )  # fmt: skip
    try:
        tally, hearing = pickle.loads(ran.stdout)
    except (pickle.UnpicklingError, EOFError):
        return Tally(faults=[("corrupt", f"the program broke off: {ran.stderr.decode()[-3000:]}")])
    tally.merge(heard(home, hearing))
    return tally


def apart(homes: Homes, library: Path, seed: int) -> Tally:
    """A node ten minutes ahead and one ten minutes behind, each with its worker, on one database."""
    tally, home = Tally(), homes.fresh("apart")
    street = Street(home, seed)
    nodes = [Served(home, **faked(library), FAKETIME=offset) for offset in ("+600", "-600")]
    for node in nodes:
        node.start()
    for n in range(16):
        street.live(nodes[n % 2], until_s=5, most=3 * (n + 1))
    time.sleep(2)
    for node in nodes:
        node.stop()
    tally.add("nodes", len(nodes))
    again = letters_again(homes.world.seen(home.name)["letters"])
    if again:
        tally.faults.append(("doubled", f"{again} letters were sent twice though nobody died"))
    hearing = street.hearing(home, homes.world.port)
    hearing.ahead = timedelta(minutes=40)
    tally.merge(heard(home, hearing))
    homes.drop(home)
    return tally


def letters_again(letters: list[dict]) -> int:
    """How many letters are exactly another one."""
    return len(letters) - len({(each["chat_id"], each["text"]) for each in letters})
