"""Whose turn a periodic job is, how each job fares, and which workers live."""

import logging
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from sangto.desk.actions import lease
from sangto.desk.models import Beat, Turn
from sangto.people.actions import record_deed
from sangto.people.models import Member
from sangto.people.rules import WORK

logger = logging.getLogger(__name__)

LONGEST_PAUSE = timedelta(minutes=15)  # for a job that comes more often than that
KEPT = timedelta(days=7)
FINE = {"tries": 0, "last_error": "", "failing_since": None, "gave_up_at": None}


def jobs_known(jobs: Mapping[str, int], *, now: datetime) -> dict[str, Turn]:
    """The row of each job, by name; made where it is missing, due at once. `jobs`: the period in s, by name."""
    rows = Turn.objects.in_bulk(jobs)
    if all(name in rows and rows[name].every_s == every_s for name, every_s in jobs.items()):
        return rows
    new = [Turn(name=name, every_s=every_s, due_at=now) for name, every_s in jobs.items()]
    Turn.objects.bulk_create(new, update_conflicts=True, unique_fields=["name"], update_fields=["every_s"])
    Turn.objects.exclude(name__in=jobs).filter(due_at__lt=now - KEPT).delete()  # jobs of an older release
    return Turn.objects.in_bulk(jobs)


def end_turn(turn: Turn, *, token: str, now: datetime) -> bool:
    """The job was done, and comes again after its period; False when its lease had passed to another worker."""
    return lease.finish(turn, token=token, now=now, due_at=now + timedelta(seconds=turn.every_s), **FINE)


@transaction.atomic
def fail_turn(turn: Turn, *, token: str, error: str, now: datetime) -> bool:
    """The job failed, and is tried again after a pause that doubles to its period, or to 15 minutes."""
    longest = max(LONGEST_PAUSE, timedelta(seconds=turn.every_s))
    held = lease.retry(turn, token=token, error=error, now=now, longest=longest)
    if held:
        _failing(turn.name, now=now)
    return held


@transaction.atomic
def note_failure(name: str, *, error: str, now: datetime) -> None:
    """A job that each worker does for itself failed; the worker itself says when it is tried again."""
    row = Turn.objects.filter(pk=name)
    row.update(tries=F("tries") + 1, last_error=error)
    row.filter(tries__gte=Turn.MOST_TRIES, gave_up_at__isnull=True).update(gave_up_at=now)
    _failing(name, now=now)


@transaction.atomic
def note_success(names: Collection[str], *, recovered: Collection[str], now: datetime) -> None:
    """Jobs that each worker does for itself were done since the last time; some of them for the first time again."""
    Turn.objects.filter(name__in=names).update(done_at=now, due_at=now)
    Turn.objects.filter(name__in=recovered).exclude(last_error="").update(**FINE)


@transaction.atomic
def beat(worker: str, *, now: datetime) -> None:
    """This worker lives."""
    if not Beat.objects.filter(pk=worker).update(seen_at=now):
        Beat.objects.create(worker=worker, began_at=now, seen_at=now)
        Beat.objects.filter(seen_at__lt=now - KEPT).delete()


def stop_beating(worker: str) -> None:
    """This worker ends."""
    Beat.objects.filter(pk=worker).delete()


@transaction.atomic
def try_job_again(name: str, *, by: Member, now: datetime) -> bool:
    """Make a job that fails due at once; False where it does not fail, or is being tried."""
    rows = Turn.objects.filter(pk=name, lease_token__isnull=True).exclude(last_error="")
    again = bool(rows.update(due_at=now))
    if again:
        record_deed("tried_again", by=by, kind=WORK, number=name[:40], unit_id=None, at=now)
        logger.info("a job is tried again", extra={"job": name, "member": by.pk})
    return again


def _failing(name: str, *, now: datetime) -> None:
    Turn.objects.filter(pk=name, failing_since__isnull=True).update(failing_since=now)
