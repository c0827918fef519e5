"""Work that is claimed by a lease: the columns of a claim, the turn of each periodic job, and which workers live."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q

# Longer than any pause and any lease. A time that lies further ahead was written by a clock that was wrong.
LONGEST_AHEAD = timedelta(hours=12)


class Leased(models.Model):
    """A row that is work. Its lease says which worker has it (`lease_token`) and when that claim ends by itself."""

    MOST_TRIES: ClassVar[int] = 12  # then it is given up, where everybody on the staff sees it

    due_at = models.DateTimeField()
    lease_token = models.CharField(max_length=32, null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=60, blank=True)  # a short code, no content
    done_at = models.DateTimeField(null=True, blank=True)
    gave_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @classmethod
    def waiting(cls) -> Q:
        """Which rows are still to be done: neither done nor given up."""
        return Q(done_at__isnull=True, gave_up_at__isnull=True)

    @classmethod
    def free(cls, now: datetime) -> Q:
        """Which rows are due and held by no living worker, also when a clock that was ten years ahead dated them."""
        far = now + LONGEST_AHEAD
        is_due = Q(due_at__lte=now) | Q(due_at__gt=far)
        return is_due & (Q(lease_until__isnull=True) | Q(lease_until__lt=now) | Q(lease_until__gt=far))

    def is_due(self, now: datetime) -> bool:
        """Whether its time has come, or cannot be right."""
        return not now < self.due_at <= now + LONGEST_AHEAD


class Turn(Leased):
    """One job of the worker, and how it fares. Whose turn a periodic job is, among many workers, is its lease.

    `tries` counts since the last success, which is `done_at`. A job that failed MOST_TRIES times in a row counts as
    failing for long (`gave_up_at`), and is tried again all the same: what hindered it may be over.
    """

    MOST_TRIES = 8

    name = models.CharField(max_length=40, primary_key=True)
    every_s = models.PositiveIntegerField()
    failing_since = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name

    @classmethod
    def waiting(cls) -> Q:
        """Every row: a periodic job is never done for good."""
        return Q()


class Beat(models.Model):
    """A worker that lives: it says so every 30 seconds, and takes its row away when it ends."""

    worker = models.CharField(max_length=32, primary_key=True)  # drawn at its start; says nothing about a machine
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker[:8]
