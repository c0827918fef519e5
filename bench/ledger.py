"""What the log costs: `python -m bench.ledger [--leaves 100000] [--messages 400]`.

Leaves per second from the row to the published, signed checkpoint, with every file on the disk; one batch of 1, 100 and
1,000 leaves on a log of that size; reads of tiles; and what the log adds to one intake, taken in turns with the same
intake without it. Everything in a folder of its own, on SQLite or on SANGTO_DATABASE_URL.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

_SET_UP = {"DJANGO_SETTINGS_MODULE": "sangto.config.settings"}
_WARM_UP = 20


def prepare(home: Path) -> None:
    """A migrated, empty desk in a folder."""
    os.environ.update(_SET_UP, SANGTO_HOME=str(home))
    import django  # noqa: PLC0415 - settings are read when it is set up

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)


def timed(act: Callable[[], object]) -> float:
    """How long it took, in seconds."""
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def wait(count: int) -> None:
    """So many leaves that wait, each as an intake writes it, all in one transaction."""
    from django.db import transaction  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from sangto.ledger.actions import append  # noqa: PLC0415

    with transaction.atomic():
        for _ in range(count):
            append("r", now=timezone.now(), c=os.urandom(32).hex())


def sequence() -> None:
    """One round: places, signature, tiles, checkpoint."""
    from django.utils import timezone  # noqa: PLC0415

    from sangto.ledger import actions  # noqa: PLC0415

    actions.sequence(now=timezone.now(), everything=True)


def report_log(count: int) -> None:
    """Throughput of the sequencer and the writer, then single batches."""
    appending = timed(lambda: wait(count))
    sequencing = timed(sequence)
    print(
        f"{count:,} leaves: appended {count / appending:,.0f}/s, sequenced and published {count / sequencing:,.0f}/s,"
    )
    print(f"{'':>8}end to end {count / (appending + sequencing):,.0f}/s")
    for size in (1, 100, 1000):
        taken = []
        for _ in range(7):
            wait(size)
            taken.append(timed(sequence))
        middle = statistics.median(taken)
        print(f"batch of {size:>5}: {middle * 1000:7.1f} ms, {size / middle:,.0f}/s")


def report_reads(reads: int = 2000) -> None:
    """Tiles per second as the web process answers them, without a network."""
    from django.test import Client  # noqa: PLC0415

    client = Client()
    client.get("/log/2026/tile/0/000")
    from sangto.ledger.queries import current_shard  # noqa: PLC0415

    path = f"/log/{current_shard()}/tile/0/000"
    taken = timed(lambda: [client.get(path) for _ in range(reads)])
    print(f"tiles read through the whole program: {reads / taken:,.0f}/s")


def report_intake(messages: int) -> None:
    """One intake with the log and without, in turns on the same desk."""
    from django.utils import timezone  # noqa: PLC0415

    from sangto.desk.actions import Incoming, receive  # noqa: PLC0415

    numbers = iter(range(1 << 30))

    def intake() -> None:
        n = next(numbers)
        receive(Incoming(channel="console", external_id=str(n), text=f"Câu hỏi {n % 7}?"), now=timezone.now())

    taken: dict[str, list[float]] = {"with the log": [], "without": []}
    for at in range(2 * (messages + _WARM_UP)):
        name = list(taken)[at % 2]
        with without_log() if name == "without" else mock.patch.dict({}):
            seconds = timed(intake)
        if at >= 2 * _WARM_UP:
            taken[name].append(seconds * 1000)
    middles = {name: statistics.median(each) for name, each in taken.items()}
    for name, middle in middles.items():
        print(f"intake {name:<12} {middle:6.2f} ms (median of {messages})")
    print(f"the log adds {100 * (middles['with the log'] / middles['without'] - 1):.1f} %")


@contextmanager
def without_log() -> Iterator[None]:
    """The intake as it would be without a log: no opening, no leaf."""
    module = "sangto.desk.actions.receive"
    with (
        mock.patch(f"{module}.draw_opening", return_value=None),
        mock.patch(f"{module}.record_received", return_value=None),
    ):
        yield


def main(arguments: Sequence[str] = ()) -> None:
    """Measure, and leave nothing behind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--leaves", type=int, default=100_000)
    parser.add_argument("--messages", type=int, default=400)
    asked = parser.parse_args(arguments or sys.argv[1:])
    with tempfile.TemporaryDirectory() as home:
        prepare(Path(home))
        report_log(asked.leaves)
        report_reads()
        report_intake(asked.messages)


if __name__ == "__main__":
    main()
