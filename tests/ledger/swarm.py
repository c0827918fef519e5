"""A program: sequencers and writers as processes, of which it kills sequencers at random. See test_killed_sequencer.

`python -m tests.ledger.swarm FOLDER`: each writer writes the hashes of its leaves to a file there. "ready" on the
output says that the writers have ended and every kill was made; the sequencers work on until the input is closed.
"""

import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import django

SEQUENCERS, WRITERS, LEAVES, KILLS = 4, 3, 120, 12
LONGEST_LIFE_S = 0.3


def main(folder: Path) -> None:
    """Start everybody, kill, and wait to be told to stop. Nothing here may speak to the database: it is forked."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sangto.config.settings")
    django.setup()
    dice = random.Random(os.urandom(8))
    writers = [fork(lambda n=n: write(folder / f"writer-{n}", first=1000 * n)) for n in range(WRITERS)]
    sequencers = [fork(sequence_for_ever) for _ in range(SEQUENCERS)]
    for _ in range(KILLS):
        time.sleep(dice.random() * LONGEST_LIFE_S)
        at = dice.randrange(SEQUENCERS)
        kill(sequencers[at])
        sequencers[at] = fork(sequence_for_ever)
    for each in writers:
        ended(each, 0)
    print("ready", flush=True)
    sys.stdin.read()
    for each in sequencers:
        kill(each)
    print("done", flush=True)


def fork(work: Callable[[], None]) -> int:
    """The id of a process that does the work; it ends with 1 when the work fails."""
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
    except BaseException:  # noqa: BLE001 - it is told, and the parent sees the exit code
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def kill(pid: int) -> None:
    """SIGKILL; the process must have lived until then."""
    os.kill(pid, signal.SIGKILL)
    ended(pid, -signal.SIGKILL)


def ended(pid: int, code: int) -> None:
    """Wait for a process; leave with an error when it ended in another way."""
    _pid, status = os.waitpid(pid, 0)
    if os.waitstatus_to_exitcode(status) != code:
        sys.exit("a process ended by itself")


def sequence_for_ever() -> None:
    from django.db import OperationalError
    from django.utils import timezone

    from sangto.ledger.actions import sequence

    while True:
        try:
            sequence(now=timezone.now(), everything=True)
        except OperationalError as error:  # SQLite was busy for longer than it waits: the next round does it
            if "locked" not in str(error):
                raise
        time.sleep(0.005)


def write(file: Path, *, first: int) -> None:
    from django.db import transaction
    from django.utils import timezone

    from sangto.ledger.actions import append, date_leaf

    with file.open("w") as written:
        for n in range(first, first + LEAVES):
            with transaction.atomic():
                at = date_leaf(now=timezone.now())
                digest = append("r", now=at, c=f"{n:064x}")
            written.write(f"{digest}\n")
            time.sleep(0.005)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
