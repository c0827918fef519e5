"""The worker: a table of jobs and how often each is done. It finds its work in the database and can die at any time."""

import threading
from datetime import datetime

from django.conf import settings
from django.db import close_old_connections, connections

from sangto.archive.keep import keep_copies
from sangto.channels.deliver import deliver
from sangto.desk import actions
from sangto.jobs.attempt import failure_of
from sangto.jobs.log import WATCH
from sangto.jobs.pulse import Pulse
from sangto.jobs.rota import Job, Rota
from sangto.jobs.schema import refuse_newer_schema
from sangto.jobs.sweep import ROUNDS
from sangto.ledger import actions as ledger
from sangto.vault.actions import make_keys_ahead

JOBS = (
    Job("day_keys", 3600, lambda now: make_keys_ahead(now=now)),
    Job("follow_up", 0, lambda now: actions.follow_up(now=now)),
    Job("log", 5, WATCH.keep),
    Job("deliver", 0, lambda now: deliver(now=now)),
    Job("room", 5, lambda now: actions.keep_room()),
    Job("mend_files", 30, lambda now: ledger.mend_missing()),
    Job("sweep", 60, ROUNDS.walk),
    Job("forget_changes", 3600, lambda now: actions.forget_changes(now=now)),
    Job("end_questions", 60, lambda now: actions.end_questions(now=now)),
    Job("recount", 3600, lambda now: actions.recount_open(now=now)),
    Job("escalate", 300, lambda now: actions.escalate(now=now)),
    Job("expire", 600, lambda now: actions.expire(now=now)),
    Job("put_back_left", 300, lambda now: actions.put_back_left()),
    Job("follow_units", 300, lambda now: actions.follow_units(now=now)),
    Job("end_days", 60, lambda now: actions.end_days(now=now)),
    Job("copies", 5, lambda now: keep_copies(now=now)),
    Job("drop_copies", 3600, lambda now: actions.drop_unused_copies(now=now)),
)
# Whatever waits for other people's machines works beside the rest, so that no letter waits for a slow page.
SLOW = {"copies"}
SLOW_END_S = 2


def run(stop: threading.Event) -> None:
    """Work until told to stop, then finish the tick; raises NewerSchema before anything is done."""
    refuse_newer_schema()
    pulse = Pulse()
    slow, prompt = ([job for job in JOBS if (job.name in SLOW) is is_slow] for is_slow in (True, False))
    beside = threading.Thread(target=_work, args=(Rota(slow, known=JOBS), stop), name="slow", daemon=True)
    with pulse.beating():
        if slow:
            beside.start()
        _work(Rota(prompt, pulse=pulse, known=JOBS), stop)
        if slow:
            beside.join(SLOW_END_S)  # what is broken off is free again when its lease ends


def _work(rota: Rota, stop: threading.Event) -> None:
    while not stop.is_set():
        failure_of("connections", close_old_connections)
        rota.tick()
        stop.wait(settings.WORKER_TICK_MS / 1000)
    connections.close_all()


def run_once(now: datetime) -> None:
    """Do every job once, at a given time; errors are raised."""
    for job in JOBS:
        job.run(now)
