"""Mark what is told by a page as told: nothing is sent there, so no worker needs a lease on each row."""

from collections.abc import Collection
from datetime import datetime

from sangto.desk.models import Reply

AT_ONCE = 1000


def tell_on_pages(channels: Collection[str], *, now: datetime) -> int:
    """Mark the due Replies to Messages of these channels as done, oldest first, at most 1,000; how many.

    A worker that holds a lease keeps it, and nothing is written where nothing is due.
    """
    free = Reply.objects.filter(Reply.waiting(), Reply.free(now))
    due = free.filter(message__channel__in=channels).order_by("due_at", "pk").values_list("pk", flat=True)
    ids = list(due[:AT_ONCE])
    return free.filter(pk__in=ids).update(done_at=now, last_error="", lease_token=None, lease_until=None) if ids else 0
