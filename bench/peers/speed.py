"""How fast engines answer known-item messages, and what they take: each in a fresh process, asked in turn.

The processes answer one at a time, message by message, so that what else the machine does falls on all alike.
"""

import gc
import statistics
import time
from array import array
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from bench.corpus import Corpus, KnownItem, real_words
from bench.peers.interface import Peer
from bench.peers.ours import Ours
from sangto.engine.match import Entry

__all__ = ["Run", "in_milliseconds", "rebuild_seconds", "runs"]

K = 10
Times: TypeAlias = "array[float]"  # seconds
_WARM_UP = 20
_MEGABYTE = 1_000_000


@dataclass
class Run:
    """What one engine took at one size. Times in seconds, `cpu` of all threads of its process, memory in bytes."""

    name: str
    trouble: str = ""
    build_seconds: float = 0.0
    memory: int = 0
    peak: int = 0
    disk: int = 0
    wall: Times = field(default_factory=lambda: array("d"))
    cpu: Times = field(default_factory=lambda: array("d"))
    first: int = 0
    in_ten: int = 0

    def milliseconds(self, values: Times) -> list[float]:
        """The 50th, 95th and 99th percentile in ms."""
        return [float(one) * 1000 for one in np.percentile(np.array(values), (50, 95, 99))]


class _Metered:
    """Passes entries on, and keeps how long making them took."""

    def __init__(self, entries: Iterator[Entry]) -> None:
        self._entries, self.seconds = entries, 0.0

    def __iter__(self) -> Iterator[Entry]:
        return self

    def __next__(self) -> Entry:
        start = time.perf_counter()
        try:
            return next(self._entries)
        finally:
            self.seconds += time.perf_counter() - start


def _status(name: str) -> int:
    """A memory figure of this process from the kernel, in bytes; 0 where the kernel does not say."""
    path = Path("/proc/self/status")
    lines = path.read_text().splitlines() if path.exists() else []
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:")), 0)


def _built(peer: Peer, corpus: Corpus, size: int) -> dict[str, Any]:
    entries, before, start = _Metered(corpus.entries(size)), _status("VmRSS"), time.perf_counter()
    peer.build(entries)
    seconds = time.perf_counter() - start - entries.seconds
    gc.collect()
    return {
        "build_seconds": seconds,
        "memory": _status("VmRSS") - before,
        "peak": _status("VmHWM") - before,
        "disk": peer.disk_bytes(),
    }


def _serve(pipe: Connection, kind: type[Peer], size: int) -> None:
    """A process of its own: builds, says so, then answers whatever it is asked until it is told to stop."""
    corpus, peer = Corpus(real_words()), kind()
    try:
        pipe.send(_built(peer, corpus, size))
        while (asked := pipe.recv()) is not None:
            pipe.send(_answer(peer, *asked))
    except EOFError:
        return
    finally:
        peer.close()


def _answer(peer: Peer, order: str, text: str) -> tuple[list[int], float, float]:
    if order == "fresh":
        return [], _seconds_until_found(peer, text), 0.0
    cpu, start = time.process_time(), time.perf_counter()
    found = peer.search(text, K)
    wall, cpu = time.perf_counter() - start, time.process_time() - cpu
    return (peer.deeper(text, K) if order == "deep" and isinstance(peer, Ours) else found), wall, cpu


def _seconds_until_found(peer: Peer, number: str) -> float:
    """From handing one new entry over until a search finds it."""
    assert isinstance(peer, Ours)
    said = f"Has the bridge at Kilometre {number} of the Xylvania road been closed?"
    start = time.perf_counter()
    peer.index.replace([Entry(10**9 + int(number), "en", "claim", said, "", "")])
    if peer.search(said, 1) != [10**9 + int(number)]:
        raise AssertionError("a new entry was not found")
    return time.perf_counter() - start


@contextmanager
def _process(kind: type[Peer], size: int) -> Iterator[Connection]:
    context = get_context("spawn")
    pipe, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, kind, size), daemon=True)
    process.start()
    theirs.close()
    try:
        yield pipe
    finally:
        pipe.close()
        process.join(30)
        if process.is_alive():
            process.terminate()


class _Asked:
    """An engine under measurement: its process, what it took, and whether it has had its share of the time."""

    def __init__(self, pipe: Connection, run: Run) -> None:
        self.pipe, self.run, self.spent = pipe, run, 0.0

    def built(self) -> bool:
        """Waits for the index; False, with the trouble noted, when there will be none."""
        try:
            for name, value in self.pipe.recv().items():
                setattr(self.run, name, value)
        except (EOFError, ConnectionError):
            self.run.trouble = "failed"
        return not self.run.trouble

    def ask(self, item: KnownItem, *, counts: bool) -> None:
        """One message; where it counts, its time and what was found are kept."""
        self.pipe.send(("deep" if counts else "time", item.text))
        found, wall, cpu = self.pipe.recv()
        self.spent += wall
        if counts:
            self.run.wall.append(wall)
            self.run.cpu.append(cpu)
            self.run.first += found[:1] == [item.id]
            self.run.in_ten += item.id in found[:K]

    def fresh(self, number: int) -> float:
        """Seconds until a new entry was found."""
        self.pipe.send(("fresh", str(number)))
        return float(self.pipe.recv()[1])


def runs(kinds: Iterable[type[Peer]], *, size: int, messages: int, patience: float) -> tuple[list[Run], list[float]]:
    """Builds each engine at a size in turn, then asks all of them in turn. Also seconds until a new answer is found.

    An engine that has spent `patience` seconds on searching is asked no more; its figures are of the first messages.
    """
    items = Corpus(real_words()).known_items(size, messages + _WARM_UP)
    all_runs, live, fresh = [], [], []
    with ExitStack() as stack:
        for kind in kinds:
            run = Run(kind.name, trouble=f"not installed: {kind.missing()}" if kind.missing() else "")
            all_runs.append(run)
            if run.trouble:
                continue
            one = _Asked(stack.enter_context(_process(kind, size)), run)
            if one.built():
                live.append(one)
        _ask_in_turn(live, items, patience)
        for one in live:
            if one.run.name == Ours.name:
                fresh = [one.fresh(number) for number in range(1, 11)]
    return all_runs, fresh


def _ask_in_turn(live: list[_Asked], items: list[KnownItem], patience: float) -> None:
    for at, item in enumerate(items):
        turn = at % max(len(live), 1)
        for one in live[turn:] + live[:turn]:
            if one.spent < patience or len(one.run.wall) < 5:
                one.ask(item, counts=at >= _WARM_UP)


def rebuild_seconds(size: int) -> float:
    """How long a new index of so many entries takes our engine, the making of the entries not counted."""
    entries, start = list(Corpus(real_words()).entries(size)), time.perf_counter()
    Ours().build(entries)
    return time.perf_counter() - start


def in_milliseconds(held: Iterable[float]) -> str:
    """Median and largest, in ms."""
    values = [one * 1000 for one in held]
    return f"{statistics.median(values):.1f} / {max(values):.1f}" if values else "-"
