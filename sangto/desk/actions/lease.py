"""The lease on any row of work: claimed by a conditional UPDATE, finished, tried again later, or given up visibly.

At least once: a lease ends by itself, so what a killed worker held is taken over. An effect that is rows of our own is
there exactly once when it stands in one transaction with `finish`, and is undone where that says False.
"""

import random
import secrets
from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from sangto.desk.models import Leased

LEASE = timedelta(seconds=120)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=6)


def claim(row: Leased, *, now: datetime) -> str | None:
    """A token for this row, or None when another worker was faster. The lease ends by itself after 120 s."""
    token = secrets.token_hex(16)
    rows = _rows(row).filter(row.waiting(), row.free(now), lease_token=row.lease_token)
    won = rows.update(lease_token=token, lease_until=now + LEASE, tries=F("tries") + 1)
    return token if won else None


def hold(row: Leased, *, token: str, now: datetime) -> bool:
    """Keep the row for another 120 s; False when the lease had passed to another worker."""
    return bool(_rows(row).filter(lease_token=token).update(lease_until=now + LEASE))


def finish(row: Leased, *, token: str, now: datetime, **values: object) -> bool:
    """Mark the row as done, with other `values` of it; False when the lease had passed to another worker."""
    return _release(row, token, **{"done_at": now, "last_error": "", **values})


def retry(
    row: Leased,
    *,
    token: str,
    error: str,
    now: datetime,
    wait: timedelta = timedelta(0),
    longest: timedelta = LONGEST_PAUSE,
) -> bool:
    """Free the row for a later try: 30 s doubling to `longest`, with jitter; given up after the most tries of its kind.

    `error` is a code without content. `wait` is a pause that the other side asked for: then nothing was refused, and
    the try does not count. `row` is as it was before the claim.
    """
    if wait:
        return _release(row, token, due_at=now + wait, last_error=error, tries=row.tries)
    tries = row.tries + 1
    gave_up_at = row.gave_up_at or (now if tries >= row.MOST_TRIES else None)
    return _release(row, token, due_at=now + _pause(tries, longest), last_error=error, gave_up_at=gave_up_at)


def give_up(row: Leased, *, token: str, error: str, now: datetime) -> bool:
    """Stop trying, with this code as the reason; the staff sees it."""
    return _release(row, token, gave_up_at=now, last_error=error)


def _pause(tries: int, longest: timedelta) -> timedelta:
    doubled: timedelta = FIRST_PAUSE * 2 ** min(tries - 1, 20)  # a day is reached long before that
    return min(doubled, longest) * random.uniform(0.8, 1.2)  # noqa: S311 - no secret


def _release(row: Leased, token: str, **values: object) -> bool:
    return bool(_rows(row).filter(lease_token=token).update(lease_token=None, lease_until=None, **values))


def _rows(row: Leased) -> QuerySet[Leased]:
    return type(row)._default_manager.filter(pk=row.pk)
