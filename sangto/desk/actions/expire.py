"""Forget, by the clock, what was kept of the people who wrote and is not needed any more; found from state each time.

Of a Message only the redacted text is kept for good; the text as it was typed, and the delivery, were never kept.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from sangto.desk import rules
from sangto.desk.models import Objection
from sangto.desk.queries.retention import contacts_over, objections_over, openings_over
from sangto.people.actions import forget_sessions
from sangto.vault.actions import forget_contacts, forget_openings, scrub

AT_ONCE = 500  # rows in one transaction
A_ROUND = 5000  # rows of a kind; the worker has letters to send in between, and the next round goes on
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Expired:
    """How many of each were forgotten."""

    contacts: int
    openings: int
    sessions: int
    objections: int  # their words


def expire(*, now: datetime) -> Expired:
    """Forget what is over, so much at most. Doing it again changes nothing; after a crash the next round goes on."""
    done = Expired(
        contacts=_in_batches(contacts_over(now=now), forget_contacts),
        openings=_in_batches(openings_over(now=now), forget_openings),
        sessions=forget_sessions(now=now),
        objections=_in_batches(objections_over(now=now), _forget_words),
    )
    scrub()
    if any(astuple(done)):
        logger.info("forgotten: %d contacts, %d openings, %d sessions, %d objections", *astuple(done))
    return done


def _forget_words(ids: Iterable[int]) -> int:
    return Objection.objects.filter(pk__in=ids).update(words=rules.ERASED_TEXT)


def _in_batches(over: QuerySet[Any], forget: Callable[[Iterable[Any]], int]) -> int:
    """Forget them, so few in a transaction that nobody waits for long; how many there were."""
    done = 0
    while done < A_ROUND and (ids := list(over.values_list("pk", flat=True)[:AT_ONCE])):
        with transaction.atomic():
            done += forget(ids)
    return done
