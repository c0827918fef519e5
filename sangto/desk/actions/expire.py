"""Forget, by the clock: addresses, openings, day keys and sign-ins whose term is over; found from state at each round.

Of a Message only the redacted text is kept for good; the text as it was typed, and the delivery, were never kept.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from sangto.desk.actions.erase import destroy_contacts_of
from sangto.desk.queries.retention import contacts_over, openings_over
from sangto.ledger import queries as log
from sangto.people.actions import forget_sessions
from sangto.vault import actions as vault
from sangto.vault import queries as held

AT_ONCE = 500  # rows in one transaction
A_ROUND = 5000  # rows of a kind; the worker has letters to send in between, and the next round goes on
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Expired:
    """How many of each were forgotten, and how many addresses were sealed again because they are needed for longer."""

    contacts: int
    openings: int
    sessions: int
    days: int
    sealed_again: int


def expire(*, now: datetime, accept: bool = False) -> Expired:
    """Forget what is over. Doing it again changes nothing; after a crash the next round goes on where it stopped.

    A day key is destroyed when it is old, whatever is sealed to it: what is still needed moves to today's key first.
    Raises KeystoreAway (not with `accept`), KeyLocked and NoKey when the keys cannot be looked at; everything else is
    forgotten by then.
    """
    contacts = _in_batches(contacts_over(now=now), vault.forget_contacts)
    openings = _in_batches(openings_over(now=now), vault.forget_openings)
    sessions = forget_sessions(now=now)
    try:
        days, moved = _end_days(now=now, accept=accept)
    finally:
        vault.scrub()
    done = Expired(contacts + moved.lost, openings, sessions, days, moved.again)
    if any(astuple(done)):
        logger.info(
            "forgotten: %d contacts, %d openings, %d sessions, %d day keys; %d contacts sealed again", *astuple(done)
        )
    return done


def _end_days(*, now: datetime, accept: bool) -> tuple[int, vault.Resealed]:
    """Destroy the keys whose time has come, and those that a backup brought back; how many, and what moved on."""
    today, there, moved = timezone.localdate(now), held.days_there(accept=accept), vault.Resealed()
    back = there & log.destroyed_days()
    if back:
        logger.warning("%d day keys that were destroyed were there again, and are destroyed again", len(back))
    ending = sorted({*held.days_to_end(there - back, today=today), *back})
    done = 0
    for day in ending:
        if day not in back:
            moved += vault.seal_again(day, on=today, at_most=A_ROUND - moved.again - moved.lost)
            if held.is_needed(day):
                break
        destroy_contacts_of(day, now=now)
        done += 1
    return done, moved


def _in_batches(over: QuerySet[Any], forget: Callable[[Iterable[UUID]], int]) -> int:
    """Forget them, so few in a transaction that nobody waits for long; how many there were."""
    done = 0
    while done < A_ROUND and (ids := list(over.values_list("pk", flat=True)[:AT_ONCE])):
        with transaction.atomic():
            done += forget(ids)
    return done
