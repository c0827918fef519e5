"""Take the copies that were asked for: lease, fetch with no transaction open, keep."""

from datetime import datetime

from django.conf import settings

from sangto.archive.fetch import INTERNET, fetch
from sangto.archive.wire import FetchError, Wire
from sangto.desk import actions
from sangto.desk.queries.copies import copies_due
from sangto.engine.crash import crash_point
from sangto.engine.file_types import WARC_GZ
from sangto.interchange.warc import Step, as_warc

MB = 1 << 20


def keep_copies(*, now: datetime, wire: Wire = INTERNET) -> int:
    """Try to take the copy that is due first; returns how many were taken, none or one.

    One at a time: a fetch may take up to SANGTO_COPY_SECONDS, and its lease of 120 s is counted from `now`.
    """
    taken = 0
    for copy in copies_due(now=now, limit=1):
        token = actions.claim(copy, now=now)
        if token is None:
            continue
        if copy.tries >= copy.MOST_TRIES:  # each time something broke that nobody foresaw; see the log
            actions.give_up(copy, token=token, error="too_many_tries", now=now)
            continue
        crash_point("copy.claimed")
        try:
            data = _fetched(copy.url, now=now, wire=wire)
        except FetchError as error:
            end = actions.give_up if error.permanent else actions.retry
            end(copy, token=token, error=error.code, now=now)
            continue
        crash_point("copy.fetched")
        taken += actions.keep_bytes(copy, token=token, data=data, media_type=WARC_GZ, now=now)
        crash_point("copy.committed")
    return taken


def agent() -> str:
    """Who asks, as it stands in the request: this program, and the address of the desk."""
    return f"sangto/{settings.VERSION} (+{settings.SITE_URL}/)".encode("ascii", "replace").decode()


def _fetched(url: str, *, now: datetime, wire: Wire) -> bytes:
    hops = fetch(
        url,
        hosts=settings.COPY_HOSTS,
        agent=agent(),
        limit_bytes=settings.COPY_MAX_MB * MB,
        limit_s=settings.COPY_SECONDS,
        wire=wire,
    )
    steps = [Step(each.url, each.address, each.request, each.response) for each in hops]
    return as_warc(steps, software=agent(), at=now)
