"""Try Replies again that were given up: what was in the way may be repaired."""

import logging
from datetime import datetime

from django.db import transaction

from sangto.desk.models import Reply
from sangto.people.actions import record_deed
from sangto.people.models import Member
from sangto.people.rules import WORK

logger = logging.getLogger(__name__)


@transaction.atomic
def try_replies_again(error: str, *, by: Member, now: datetime) -> int:
    """Make the Replies that were given up with this code due at once, with all their tries; returns how many."""
    given_up = Reply.objects.filter(gave_up_at__isnull=False, void_at__isnull=True, done_at__isnull=True)
    again = given_up.filter(last_error=error).update(gave_up_at=None, tries=0, due_at=now)
    if again:
        record_deed("tried_again", by=by, kind=WORK, number="replies", unit_id=None, at=now)
        logger.info("replies are tried again", extra={"replies": again, "member": by.pk})
    return again
