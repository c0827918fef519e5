"""The worker's pulse: beside the work it says that the worker lives, and holds the lease of a long job."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from sangto.desk import actions
from sangto.jobs.attempt import failure_of
from sangto.jobs.clock import database_now

BEAT_S = 30
END_S = 25  # what a beat may take at the end: as long as SQLite waits for another writer, and a little


class Pulse:
    """One worker's. A thread of its own beats, because a job may take longer than a lease."""

    def __init__(self) -> None:
        self.worker = secrets.token_hex(16)
        self._held: tuple[Any, str] | None = None

    def beat(self) -> None:
        """Say that this worker lives, and hold what it has leased."""
        now, held = database_now(), self._held
        actions.beat(self.worker, now=now)
        if held:
            actions.hold(held[0], token=held[1], now=now)

    @contextmanager
    def holding(self, turn: Any, token: str) -> Iterator[None]:
        """Hold this lease until the end of the block."""
        self._held = (turn, token)
        try:
            yield
        finally:
            self._held = None

    @contextmanager
    def beating(self) -> Iterator[None]:
        """Beat until the end of the block; the worker is seen from its beginning on, and no more after it."""
        over = threading.Event()
        failure_of("pulse", self.beat)
        thread = threading.Thread(target=self._beat_until, args=(over,), name="pulse", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join(END_S)
            failure_of("pulse", lambda: actions.stop_beating(self.worker))

    def _beat_until(self, over: threading.Event) -> None:
        while not over.wait(BEAT_S):
            failure_of("pulse", self.beat)
        connection.close()
