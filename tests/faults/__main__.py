"""`python -m tests.faults [campaign ...] [--quick] [--database sqlite|postgresql|both] [--seed N]`.

Each campaign prints one line of counts; broken promises follow it, and the exit status is 1.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.calls import calls
from tests.faults.homes import POSTGRESQL, SQLITE, Homes, outside
from tests.faults.kills import kills
from tests.faults.tally import Tally
from tests.postgres import server_binaries, throwaway_server

Campaign = Callable[[Homes, bool, int], Tally]
CAMPAIGNS: dict[str, Campaign] = {
    "kills": lambda homes, quick, seed: kills(homes, seeds=1 if quick else 25, others=20 if quick else 500, seed=seed),
    "calls": lambda homes, quick, seed: calls(homes, stride=20 if quick else 1, seed=seed),
}


def main() -> int:
    """The exit status: 1 when a promise broke."""
    options = arguments()
    broken = 0
    for kind in [SQLITE, POSTGRESQL] if options.database == "both" else [options.database]:
        with made(kind) as homes:
            for name in options.campaigns or CAMPAIGNS:
                broken += told(name, kind, CAMPAIGNS[name](homes, options.quick, options.seed))
    return 1 if broken else 0


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__.splitlines()[0])
    parser.add_argument("campaigns", nargs="*", metavar="campaign", help=", ".join(CAMPAIGNS))
    parser.add_argument("--quick", action="store_true", help="a short form")
    parser.add_argument("--database", choices=[SQLITE, POSTGRESQL, "both"], default="both")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    unknown = set(options.campaigns) - set(CAMPAIGNS)
    if unknown:
        parser.error(f"no such campaign: {', '.join(sorted(unknown))}")
    return options


@contextmanager
def made(kind: str) -> Iterator[Homes]:
    """A place to make desks in, with the world outside; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="sangto-faults-"))
    try:
        with outside() as world:
            if kind == SQLITE:
                yield Homes(folder, world)
                return
            binaries = server_binaries()
            if binaries is None:
                sys.exit("no PostgreSQL server is installed: apt-get install postgresql, or --database sqlite")
            with throwaway_server(binaries) as server:
                yield Homes(folder, world, server=server)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def told(name: str, kind: str, tally: Tally) -> int:
    """Print a campaign's line and its faults; returns how many there are."""
    print(tally.line(f"{name}, {kind}"), flush=True)
    for fault, what in tally.faults:
        print(f"  {fault}: {what}", flush=True)
    return len(tally.faults)


if __name__ == "__main__":
    sys.exit(main())
