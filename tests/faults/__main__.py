"""`python -m tests.faults [campaign ...] [--quick | --short] [--database sqlite|postgresql|both] [--seed N]`.

Each campaign prints one line of counts; broken promises follow it, and the exit status is 1. See docs/build/faults.md.
"""

import argparse
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.faults.calls import calls
from tests.faults.clocks import clocks
from tests.faults.full import LEVELS, full
from tests.faults.homes import POSTGRESQL, SQLITE, Homes, end_all, outside
from tests.faults.kills import kills, survey
from tests.faults.migrations import migrations
from tests.faults.older import older
from tests.faults.replays import replays
from tests.faults.restarts import restarts
from tests.faults.serving import serving
from tests.faults.tally import Tally
from tests.postgres import server_binaries, throwaway_server

Sizes = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Campaign:
    """What is run, and how much of it: in full, `--quick`, and `--short` as in CI (None: not at all)."""

    run: Callable[..., Tally]
    full: dict[str, Any]
    quick: dict[str, Any]
    short: dict[str, Any] | None

    def sized(self, size: str) -> dict[str, Any] | None:
        return {"full": self.full, "quick": self.quick, "short": self.short}[size]


CAMPAIGNS = {
    "survey": Campaign(survey, {"others": 20}, {"others": 10}, {"others": 8}),
    "kills": Campaign(kills, {"seeds": 25, "others": 200}, {"seeds": 1, "others": 20}, None),
    "serving": Campaign(serving, {"kills": 40}, {"kills": 6}, None),
    "migrations": Campaign(migrations, {"moments": 8}, {"moments": 2}, None),
    "calls": Campaign(calls, {"stride": 3}, {"stride": 20}, {"stride": 80}),
    "full": Campaign(
        full, {"levels": LEVELS}, {"levels": (0, 1 << 20)}, {"levels": (1 << 16,), "layouts": ("together",)}
    ),
    "clocks": Campaign(clocks, {"jumps": 16}, {"jumps": 4}, {"jumps": 1}),
    "older": Campaign(older, {"times": 3}, {"times": 1}, {"times": 1}),
    "restarts": Campaign(restarts, {"times": 20, "every_s": 3}, {"times": 3, "every_s": 3}, {"times": 1, "every_s": 3}),
    "replays": Campaign(replays, {"deliveries": 10_000}, {"deliveries": 500}, {"deliveries": 100}),
}


def main() -> int:
    """The exit status: 1 when a promise broke."""
    options = arguments()
    for stop in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(stop, signal.default_int_handler)  # as Ctrl-C: what was started and mounted goes with us
    size = "quick" if options.quick else "short" if options.short else "full"
    broken = 0
    for kind in [SQLITE, POSTGRESQL] if options.database == "both" else [options.database]:
        with made(kind, options.server) as homes:
            for name in options.campaigns or CAMPAIGNS:
                how = CAMPAIGNS[name].sized(size)
                if name == "kills" and options.seeds and how is not None:
                    how = how | {"seeds": options.seeds}
                if how is not None:
                    broken += told(name, kind, CAMPAIGNS[name].run(homes, seed=options.seed, **how))
    return 1 if broken else 0


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description="Harm a desk, and judge what it keeps.")
    parser.add_argument("campaigns", nargs="*", metavar="campaign", help=", ".join(CAMPAIGNS))
    parser.add_argument("--quick", action="store_true", help="some minutes in place of an hour")
    parser.add_argument("--short", action="store_true", help="about a minute: what CI runs")
    parser.add_argument("--database", choices=[SQLITE, POSTGRESQL, "both"], default="both")
    parser.add_argument("--server", default="", help="a PostgreSQL that runs, in place of a fresh one: its address")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", type=int, help="how often `kills` dies at each crash point, in place of 25")
    options = parser.parse_args()
    unknown = set(options.campaigns) - set(CAMPAIGNS)
    if unknown:
        parser.error(f"no such campaign: {', '.join(sorted(unknown))}")
    return options


@contextmanager
def made(kind: str, server: str = "") -> Iterator[Homes]:
    """A place to make desks in, with the world outside; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="sangto-faults-"))
    try:
        with outside() as world:
            if kind == SQLITE:
                yield Homes(folder, world)
            elif server:
                homes = Homes(folder, world, server=server)
                yield homes
                homes.close()
            else:
                with throwaway_server(_binaries()) as address:
                    yield Homes(folder, world, server=address)
    finally:
        end_all()
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path:
    binaries = server_binaries()
    if binaries is None:
        sys.exit("no PostgreSQL server is installed: apt-get install postgresql, or --database sqlite")
    return binaries


def told(name: str, kind: str, tally: Tally) -> int:
    """Print a campaign's line and its faults; returns how many there are."""
    print(tally.line(f"{name}, {kind}"), flush=True)
    for fault, what in tally.faults:
        print(f"  {fault}: {what}", flush=True)
    return len(tally.faults)


if __name__ == "__main__":
    sys.exit(main())
