"""A program: a short scenario of the log, the vault and SQLite, with a fault at each of its file system calls in turn.

The method of transparency-dev/tessera (integration/fault/posix/fault_test.go): strace records the calls once; then the
same scenario runs again for each of them, with EIO, with ENOSPC, or dead at its door. After each a clean desk takes
over, everything that got no yes is sent again, and the judge comes. The scenario runs in a fork that strace joins.
"""

import os
import pickle
import random
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

from tests.faults.life import warm_up
from tests.faults.tally import Tally

NAMING = ("openat", "link", "linkat", "mkdir", "mkdirat", "rename", "renameat", "renameat2")
WRITING = (*NAMING, "write", "pwrite64", "fsync", "fdatasync", "ftruncate")
CALLS = (*WRITING, "unlink", "unlinkat", "read", "pread64", "close")
LINE = re.compile(r"(?:\d+ +)?(\w+)\((.*)")
ERRORS = {"EIO": CALLS, "ENOSPC": WRITING, "KILL": CALLS}
FLAWS = {"EIO": "error=EIO", "ENOSPC": "error=ENOSPC", "KILL": "signal=KILL"}


@dataclass(frozen=True)
class Plan:
    """`begun`: on a desk whose log has begun, else on an empty one. Every `stride`-th call from the `first`."""

    begun: bool
    stride: int
    first: int


@dataclass(frozen=True)
class Fault:
    """The nth call of a name fails so."""

    call: str
    nth: int
    error: str

    def __str__(self) -> str:
        return f"{self.error} at {self.call} {self.nth}"


def main() -> None:
    """Read a Plan, write a Tally."""
    plan: Plan = pickle.load(sys.stdin.buffer)
    django.setup()
    warm_up()
    sys.stdout.buffer.write(pickle.dumps(run(plan)))


def run(plan: Plan) -> Tally:
    """One run of the scenario for each fault."""
    tally, home = Tally(), Path(os.environ["SANGTO_HOME"])
    before = begin() if plan.begun else []
    kept = home.with_name(f"{home.name}-kept")
    shutil.copytree(home, kept)
    faults = planned(recorded(home, before), plan)
    for fault in faults:
        put_back(kept, home)
        tally.add("calls" if fault.error != "KILL" else "kills")
        try:
            tally.take(tried(fault, before), where=f"{fault}: ")
        except RuntimeError as error:
            tally.faults.append(("corrupt", f"{fault}: {str(error)[-1500:]}"))
    tally.counts = Counter({"points": len(faults)}) + tally.counts
    shutil.rmtree(kept)
    return tally


def put_back(kept: Path, home: Path) -> None:
    """The home as it was."""
    shutil.rmtree(home)
    shutil.copytree(kept, home)


def life(before: list[Any]) -> Any:
    """A life that begins with these messages."""
    from django.utils import timezone

    from tests.faults.people import People
    from tests.faults.rounds import Life
    from tests.faults.staff import Staff

    dice = random.Random(1)
    people = People(dice, sent=[replace(each) for each in before])
    return Life(people, Staff({}, dice), timezone.now() + timedelta(minutes=20))


def begin() -> list[Any]:
    """Two messages by the API in the log, before anything goes wrong; what was sent."""
    from tests.faults.forked import Forked

    desk, begun = Forked(), life([])
    begun.begin(desk)
    begun.people.write(desk.http, ["api", "api"])
    desk.ask("sequence", begun.now)
    desk.end()
    return begun.people.sent


def scenario(desk: Any, lived: Any) -> None:
    """Messages, the log, a destroyed day, another message, the log again. What fails is left, and the next is tried."""
    from tests.faults.people import Died

    steps: list[Callable[[], Any]] = [
        lambda: lived.begin(desk),
        lambda: lived.people.write(desk.http, ["telegram"]),
        lambda: lived.people.write(desk.http, ["api"]),
        lambda: desk.ask("sequence", lived.now),
        lambda: lived.destroy_one(desk),
        lambda: lived.people.write(desk.http, ["web"]),
        lambda: desk.ask("sequence", lived.now),
    ]
    for step in steps:
        try:
            step()
        except Died:
            return
        except RuntimeError:
            continue


def recorded(home: Path, before: list[Any]) -> list[tuple[str, int]]:
    """Every call of the scenario that concerns the home: its name, and which of that name it is."""
    from tests.faults.forked import Forked

    report = home.with_name("strace")
    desk = Forked()
    with joined(desk.pid, "-y", "-o", str(report), "-e", f"trace={','.join(CALLS)}"):
        scenario(desk, life(before))
        desk.end()
    seen: Counter[str] = Counter()
    found = []
    for line in report.read_text(errors="replace").splitlines():
        call = LINE.match(line)
        if call and "resumed" not in line[:40]:
            seen[call[1]] += 1
            if str(home) in call[2]:
                found.append((call[1], seen[call[1]]))
    report.unlink()
    return found


def planned(calls: list[tuple[str, int]], plan: Plan) -> list[Fault]:
    """The faults to try."""
    faults = [Fault(call, nth, error) for call, nth in calls for error, fitting in ERRORS.items() if call in fitting]
    return faults[plan.first :: plan.stride]


@contextmanager
def joined(pid: int, *words: str) -> Iterator[None]:
    """strace, joined to a process that waits; it ends with it."""
    command = ["strace", "-qq", "-p", str(pid), *words]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as tracer:
        while f"TracerPid:\t{tracer.pid}" not in Path(f"/proc/{pid}/status").read_text():
            if tracer.poll() is not None:
                assert tracer.stderr
                raise RuntimeError(f"strace could not join: {tracer.stderr.read()}")
            time.sleep(0.002)
        yield
        tracer.wait(20)


def tried(fault: Fault, before: list[Any]) -> Any:
    """The verdict on a desk that went through the scenario with this fault, and settled in a clean process."""
    from tests.faults.forked import Forked

    lived, desk = life(before), Forked()
    flaw = f"inject={fault.call}:{FLAWS[fault.error]}:when={fault.nth}"
    with joined(desk.pid, "-o", os.devnull, "-e", f"trace={fault.call}", "-e", flaw):
        scenario(desk, lived)
        with suppress(RuntimeError):  # it may not even end well
            desk.end()
    refused = sum(each.refused for each in lived.people.sent)
    desk = Forked()
    lived.settle(desk, rounds=3)
    verdict = lived.judged(desk, {"letters": None, "forks": []})
    verdict.counts["refused"] += refused
    desk.end()
    return verdict


if __name__ == "__main__":
    main()
