"""End the days whose key is old, by the clock: what is still needed moves on, the key goes, and the log says so."""

import logging
from dataclasses import astuple, dataclass
from datetime import datetime

from django.utils import timezone

from sangto.desk.actions.erase import destroy_contacts_of
from sangto.ledger import queries as log
from sangto.vault import queries as vault
from sangto.vault.actions import Resealed, seal_again

A_ROUND = 5000  # Contacts; the next round goes on
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class EndedDays:
    """How many day keys were destroyed, how many Contacts moved on before, and how many could not be opened."""

    days: int
    sealed_again: int
    lost: int


def end_days(*, now: datetime, accept: bool = False) -> EndedDays:
    """Destroy the keys whose time has come, those that are lost, and those that a backup brought back.

    A key is destroyed when it is old, whatever is sealed to it: that moves to today's key first. A crash between
    the key and its leaf is made good by the next round. Raises KeystoreAway (not with `accept`), KeyLocked and NoKey.
    """
    today, there = timezone.localdate(now), vault.days_there(accept=accept)
    back = there & log.destroyed_days()
    if back:
        logger.warning("%d day keys that were destroyed were there again, and are destroyed again", len(back))
    days, moved = 0, Resealed()
    for day in sorted({*vault.days_to_end(there - back, today=today), *back}):
        if day not in back:
            moved += seal_again(day, on=today, at_most=A_ROUND - moved.again - moved.lost)
            if vault.is_needed(day):
                break
        destroy_contacts_of(day, now=now)
        days += 1
    done = EndedDays(days, moved.again, moved.lost)
    if any(astuple(done)):
        logger.info("ended: %d day keys; %d contacts sealed again, %d could not be opened", *astuple(done))
    return done
