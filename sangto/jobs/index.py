"""Keep this process's own index fresh, so that the first message after a change need not wait for it."""

import threading

from django.conf import settings
from django.db import close_old_connections, connections

from sangto.desk import matcher
from sangto.jobs.attempt import failure_of


def follow_index(stop: threading.Event) -> None:
    """Follow the database until told to stop. Only a process that serves pages needs an index; the worker has none."""
    while not stop.is_set():
        failure_of("connections", close_old_connections)
        failure_of("follow_index", matcher.REPLICA.follow)
        stop.wait(settings.WORKER_TICK_MS / 1000)
    connections.close_all()
