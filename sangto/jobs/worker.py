"""The worker: a table of jobs and how often each is done. It finds its work in the database and can die at any time."""

import logging
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeVar

from django.conf import settings
from django.db import close_old_connections, connections

from sangto.channels.deliver import deliver
from sangto.desk import actions
from sangto.jobs.clock import database_now
from sangto.jobs.log import WATCH
from sangto.jobs.schema import refuse_newer_schema
from sangto.vault.actions import make_keys_ahead

logger = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True)
class Job:
    """What is done, and after how many seconds again (0: at each tick)."""

    name: str
    every_s: int
    run: Callable[[datetime], object]


JOBS = (
    Job("day_keys", 3600, lambda now: make_keys_ahead(now=now)),
    Job("follow_up", 0, lambda now: actions.follow_up(now=now)),
    Job("log", 5, WATCH.keep),
    Job("deliver", 0, lambda now: deliver(now=now)),
    Job("forget_changes", 3600, lambda now: actions.forget_changes(now=now)),
    Job("expire", 600, lambda now: actions.expire(now=now)),
)


def run(stop: threading.Event) -> None:
    """Work until told to stop, then finish the tick; raises NewerSchema before anything is done."""
    refuse_newer_schema()
    due = {job.name: 0.0 for job in JOBS}
    while not stop.is_set():
        guarded("connections", close_old_connections)
        tick(due)
        stop.wait(settings.WORKER_TICK_MS / 1000)
    connections.close_all()


def tick(due: dict[str, float]) -> None:
    """Do the jobs whose time has come, by the process's steady clock, and note when each comes again."""
    for job in [job for job in JOBS if due[job.name] <= time.monotonic()]:
        # Each job gets its own now: a lease that is counted from before a long job would end while it is held.
        now = guarded("clock", database_now)
        if now is not None:
            guarded(job.name, partial(job.run, now))
            due[job.name] = time.monotonic() + job.every_s


def run_once(now: datetime) -> None:
    """Do every job once, at a given time; errors are raised."""
    for job in JOBS:
        job.run(now)


def guarded(name: str, work: Callable[[], T]) -> T | None:
    """What the work returns; None when it failed, which is logged without a word of its content."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - whatever it was, the next tick finds the same work again
        # An error's own words can hold a row's content, so only its kind and its place are logged.
        where = "".join(traceback.format_tb(error.__traceback__))
        logger.error("%s failed: %s\n%s", name, type(error).__name__, where)  # noqa: TRY400
        return None
