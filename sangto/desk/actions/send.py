"""The lease on a Reply: claimed by a conditional UPDATE, done together with its mark, retried, or given up visibly."""

import random
import secrets
from datetime import datetime, timedelta

from sangto.desk.models import Reply

LEASE = timedelta(seconds=120)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=6)
MOST_TRIES = 12


def claim(reply: Reply, *, now: datetime) -> str | None:
    """A token for this Reply, or None when another worker was faster. The lease ends by itself after 120 s."""
    token = secrets.token_hex(16)
    rows = Reply.objects.filter(
        pk=reply.pk, lease_token=reply.lease_token, done_at__isnull=True, void_at__isnull=True, gave_up_at__isnull=True
    )
    won = rows.update(lease_token=token, lease_until=now + LEASE, tries=reply.tries + 1)
    return token if won else None


def mark_sent(reply: Reply, *, token: str, now: datetime) -> bool:
    """Record that the Reply reached its channel; False when the lease had passed to another worker."""
    return _release(reply, token, done_at=now, last_error="")


def retry_later(reply: Reply, *, token: str, error: str, now: datetime, wait: timedelta = timedelta(0)) -> bool:
    """Free the Reply for a later try: 30 s doubling to 6 h, with jitter; given up after 12 tries. `error`: a code.

    `wait` is a pause that the channel asked for: then nothing was refused, and the try does not count.
    """
    if wait:
        return _release(reply, token, due_at=now + wait, last_error=error, tries=reply.tries)
    tries = reply.tries + 1
    if tries >= MOST_TRIES:
        return give_up(reply, token=token, error=error, now=now)
    pause = min(FIRST_PAUSE * 2 ** (tries - 1), LONGEST_PAUSE) * random.uniform(0.8, 1.2)  # noqa: S311 - no secret
    return _release(reply, token, due_at=now + pause, last_error=error)


def give_up(reply: Reply, *, token: str, error: str, now: datetime) -> bool:
    """Stop trying; the staff sees it, and the tracking page still shows the answer."""
    return _release(reply, token, gave_up_at=now, last_error=error)


def _release(reply: Reply, token: str, **values: object) -> bool:
    held = Reply.objects.filter(pk=reply.pk, lease_token=token, done_at__isnull=True)
    return bool(held.update(lease_token=None, lease_until=None, **values))
