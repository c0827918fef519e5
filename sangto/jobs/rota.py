"""When each job is done, and by whom.

A job that comes every minute or less often is done by one worker of all: it takes its turn by a lease. One that comes
more often is done by each worker for itself, by its own steady clock: it finds its work by state, and writes nothing
when there is none. How all of them fare is kept in rows, which `sangto worker status` and the staff page show.
"""

import logging
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sangto.desk import actions
from sangto.jobs.attempt import failure_of
from sangto.jobs.clock import database_now
from sangto.jobs.pulse import Pulse

logger = logging.getLogger(__name__)

BY_TURNS_FROM_S = 60
LOOK_S = 5  # how often a worker looks whose turn it is
NOTE_S = 30  # how often it writes down that all goes well
LONGEST_PAUSE_S = 60
LONGEST_AWAY_S = 10  # how long after the database is back the work goes on at the latest


@dataclass(frozen=True)
class Job:
    """What is done, and after how many seconds again (0: at each tick)."""

    name: str
    every_s: int
    run: Callable[[datetime], object]


class Rota:
    """The jobs as one worker does them."""

    def __init__(self, jobs: Iterable[Job], *, pulse: Pulse | None = None, known: Iterable[Job] = ()) -> None:
        self.jobs = tuple(jobs)
        self._periods = {job.name: job.every_s for job in (*self.jobs, *known)}  # `known`: of other rotas beside
        self.pulse = pulse or Pulse()
        self._next: dict[str, float] = defaultdict(float)  # when each comes again, on the steady clock; first at once
        self._failures: Counter[str] = Counter()
        self._done: set[str] = set()
        self._unsure = {job.name for job in self.jobs}  # whose row may still say that it fails

    def tick(self) -> None:
        """Do what is due now; nothing while the database is away."""
        if not self._database_answers():
            return
        for job in self.jobs:
            if job.every_s < BY_TURNS_FROM_S and self._is_time(job.name, job.every_s):
                self._do(job)
        if self._is_time("whose turn it is", LOOK_S):
            failure_of("turns", self._take_turns)
        if self._is_time("what was done", NOTE_S):
            failure_of("notes", self._note_success)

    def _database_answers(self) -> bool:
        if self._next["clock"] > time.monotonic():
            return False
        self._failures["clock"] = self._failures["clock"] + 1 if failure_of("clock", database_now) else 0
        if self._failures["clock"]:
            self._wait("clock", min(_pause_s(self._failures["clock"]), LONGEST_AWAY_S))
        return not self._failures["clock"]

    def _is_time(self, name: str, every_s: float) -> bool:
        if self._next[name] > time.monotonic():
            return False
        self._wait(name, every_s)
        return True

    def _wait(self, name: str, seconds: float) -> None:
        self._next[name] = time.monotonic() + seconds

    def _do(self, job: Job) -> None:
        # Each job gets its own now: a lease that is counted from before a long job would end while it is held.
        error = failure_of(job.name, lambda: job.run(database_now()))
        self._wait(job.name, job.every_s)
        if error:
            self._failures[job.name] += 1
            self._unsure.add(job.name)
            self._wait(job.name, max(job.every_s, _pause_s(self._failures[job.name])))
            failure_of("notes", partial(self._note_failure, job.name, error))
        else:
            self._failures[job.name] = 0
            self._done.add(job.name)

    def _note_failure(self, name: str, error: str) -> None:
        now = database_now()
        self._rows(now)
        actions.note_failure(name, error=error, now=now)

    def _note_success(self) -> None:
        fine = {name for name in self._done if not self._failures[name]}
        self._done.clear()
        actions.note_success(fine, recovered=fine & self._unsure, now=database_now())
        self._unsure -= fine

    def _rows(self, now: datetime) -> dict[str, Any]:
        return actions.jobs_known(self._periods, now=now)

    def _take_turns(self) -> None:
        rows = self._rows(database_now())
        for job in self.jobs:
            if job.every_s >= BY_TURNS_FROM_S:
                self._take_turn(job, rows[job.name])

    def _take_turn(self, job: Job, turn: Any) -> None:
        now = database_now()
        token = actions.claim(turn, now=now) if turn.is_due(now) else None
        if token is None:
            return
        with self.pulse.holding(turn, token):
            error = failure_of(job.name, partial(job.run, now))
        end = partial(actions.fail_turn, error=error) if error else actions.end_turn
        if not end(turn, token=token, now=database_now()):
            logger.warning("%s outlived its lease", job.name)


def _pause_s(failures: int) -> float:
    return min(2.0 ** min(failures - 1, 10), LONGEST_PAUSE_S) * random.uniform(0.8, 1.2)  # noqa: S311 - no secret
