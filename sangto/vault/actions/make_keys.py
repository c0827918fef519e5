"""Make the key pairs of the days ahead: the files first, then the rows from which everybody seals."""

import logging
from collections.abc import Iterable
from datetime import date, datetime

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.utils import timezone

from sangto.vault import keystore, rules
from sangto.vault.models import DayKey
from sangto.vault.queries import days_there

logger = logging.getLogger(__name__)


def make_keys_ahead(*, now: datetime, accept: bool = False) -> int:
    """A key for today and for each of the 7 days after, and a row for each key that has none; how many were made.

    Only the worker does this. A key that was lost before its day ends is made anew: what was sealed to the lost one can
    never be opened. Raises KeystoreAway (not with `accept`) and KeyLocked, and then nothing was changed.
    """
    there, rows = days_there(accept=accept), {row.day: row for row in DayKey.objects.all()}
    ended = {day for day, row in rows.items() if row.destroyed_at}
    wanted = rules.wanted_days(timezone.localdate(now), ended=ended)
    missing = [day for day in wanted if day not in there and day not in ended]
    lost = sum(day in rows for day in missing)
    if lost:
        logger.warning("%d day keys that were in use are lost and made anew", lost)
    opened = dict(_opened(there, wanted)) | {day: keystore.make_day_key(day) for day in missing}
    for day, key in opened.items():
        _publish(day, key.public_key().public_bytes_raw(), row=rows.get(day))
    return len(missing)


def _opened(there: Iterable[date], wanted: Iterable[date]) -> Iterable[tuple[date, X25519PrivateKey]]:
    for day in sorted(there):
        try:
            key = keystore.make_day_key(day) if day in wanted else keystore.day_key(day)
        except keystore.KeyGone:
            logger.warning("a day key is damaged; see `sangto vault status`")
            continue
        keystore.wrap_day_key(day)
        yield day, key


def _publish(day: date, public: bytes, *, row: DayKey | None) -> None:
    """The row says what the file holds, if the key is not destroyed: what is sealed from now on can be opened."""
    if row is None:
        DayKey.objects.get_or_create(day=day, defaults={"public": public})
    elif bytes(row.public) != public and row.destroyed_at is None:
        DayKey.objects.filter(pk=row.pk, destroyed_at__isnull=True).update(public=public)
