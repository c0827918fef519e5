"""`sangto worker status`: what waits, what failed, and whether anybody works."""

from collections.abc import Iterator
from datetime import datetime

import click
from django.utils import timezone

from sangto.desk.queries.work import JobStanding, Waiting, WorkStanding, work_standing


def status() -> int:
    """Exit code 0 when somebody works and nothing failed for long, else 1."""
    now = timezone.now()
    standing = work_standing(now=now)
    for line in _lines(standing, now=now):
        click.echo(line)
    return 0 if standing.is_well else 1


def _lines(standing: WorkStanding, *, now: datetime) -> Iterator[str]:
    yield f"workers:   {standing.workers} seen in the last minute" + ("" if standing.workers else ": start one")
    yield f"replies:   {_waiting(standing.replies_due, now=now)} due, {standing.replies_later} later"
    yield f"leaves:    {_waiting(standing.leaves, now=now)} wait for their place in the log"
    yield f"cases:     {standing.cases_owing} owe somebody a word"
    if standing.log_trouble:
        yield f"the log stands still ({standing.log_trouble}): `sangto ledger status` says what to do"
    for each in standing.given_up:
        yield f"given up:  {each.count} replies with {each.error}, the last {_ago(each.at, now=now)} ago"
    for job in standing.jobs:
        yield f"{job.name + ':':<16} {_job(job, now=now)}"


def _waiting(what: Waiting, *, now: datetime) -> str:
    return str(what.count) if what.since is None else f"{what.count} (the oldest for {_ago(what.since, now=now)})"


def _job(job: JobStanding, *, now: datetime) -> str:
    done = f"last done {_ago(job.done_at, now=now)} ago" if job.done_at else "not done yet"
    if job.error:
        since = f" for {_ago(job.since, now=now)}" if job.since else ""
        mark = "FAILS" if job.for_long else "fails"
        return f"{mark}{since}: {job.error}, {job.tries} times in a row; {done}"
    return f"LATE: {done}" if job.is_late else done


def _ago(at: datetime, *, now: datetime) -> str:
    seconds = max(int((now - at).total_seconds()), 0)
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
