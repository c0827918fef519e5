"""How the desk's work stands: what waits, what failed, and whether anybody works."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min

from sangto.desk.models import Beat, Case, Reply, Turn
from sangto.desk.queries.replies import replies_waiting
from sangto.ledger.queries import oldest_waiting_leaf, trouble, waiting_leaves

SEEN_WITHIN = timedelta(minutes=1)
LATE_AFTER = timedelta(minutes=10)  # beyond its period: its worker hangs, or there is none


@dataclass(frozen=True)
class Waiting:
    """So many, and since when the oldest could have been done; `since` is None where nothing waits."""

    count: int
    since: datetime | None = None


@dataclass(frozen=True)
class JobStanding:
    """One job. `error` is a code, empty while all is well; `tries` is how often it failed in a row, from `since` on."""

    name: str
    every_s: int
    done_at: datetime | None
    error: str
    tries: int
    since: datetime | None
    for_long: bool
    is_late: bool

    @property
    def needs_somebody(self) -> bool:
        """Whether it will hardly mend by itself."""
        return self.for_long or self.is_late


@dataclass(frozen=True)
class GivenUp:
    """Replies that were given up with one code, and when the last of them was."""

    error: str
    count: int
    at: datetime


@dataclass(frozen=True)
class WorkStanding:
    """All of it. `workers` is how many were seen in the last minute; `log_trouble` a code of ledger.guard or empty."""

    replies_due: Waiting
    replies_later: int
    leaves: Waiting
    cases_owing: int
    given_up: tuple[GivenUp, ...]
    jobs: tuple[JobStanding, ...]
    workers: int
    log_trouble: str

    @property
    def is_well(self) -> bool:
        """Whether somebody works, nothing failed for long, and the log goes on."""
        return self.workers > 0 and not self.log_trouble and not any(job.needs_somebody for job in self.jobs)


def work_standing(*, now: datetime) -> WorkStanding:
    """How the work stands now."""
    waiting = replies_waiting()
    due = waiting.filter(due_at__lte=now).aggregate(count=Count("pk"), since=Min("due_at"))
    return WorkStanding(
        replies_due=Waiting(due["count"], due["since"]),
        replies_later=waiting.filter(due_at__gt=now).count(),
        leaves=Waiting(waiting_leaves(before=now), oldest_waiting_leaf()),
        cases_owing=Case.objects.filter(owes=True).count(),
        given_up=replies_given_up(),
        jobs=tuple(_standing(turn, now=now) for turn in Turn.objects.order_by("name")),
        workers=Beat.objects.filter(seen_at__range=(now - SEEN_WITHIN, now + SEEN_WITHIN)).count(),
        log_trouble=trouble(),
    )


def replies_given_up() -> tuple[GivenUp, ...]:
    """The Replies that were given up and are still owed, by code; the most first."""
    rows = Reply.objects.filter(gave_up_at__isnull=False, void_at__isnull=True, done_at__isnull=True)
    found = rows.values("last_error").annotate(count=Count("pk"), at=Max("gave_up_at")).order_by("-count", "last_error")
    return tuple(GivenUp(row["last_error"], row["count"], row["at"]) for row in found)


def _standing(turn: Turn, *, now: datetime) -> JobStanding:
    is_held = turn.lease_until is not None and turn.lease_until >= now
    late_from = turn.due_at + timedelta(seconds=turn.every_s) + LATE_AFTER
    return JobStanding(
        name=turn.name,
        every_s=turn.every_s,
        done_at=turn.done_at,
        error=turn.last_error,
        tries=turn.tries if turn.last_error else 0,
        since=turn.failing_since,
        for_long=turn.gave_up_at is not None,
        is_late=not turn.last_error and not is_held and late_from < now,
    )
