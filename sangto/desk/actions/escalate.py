"""Show what is overdue to somebody above, once for each day on which it was due."""

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from sangto.desk.models import Escalation
from sangto.desk.queries.deadlines import cases_to_escalate

AT_ONCE = 500
logger = logging.getLogger(__name__)


@transaction.atomic
def escalate(*, now: datetime) -> int:
    """Write down which overdue Cases go to somebody above, at most 500 in a round; how many there were.

    Units know none above them, so it is the approvers of the desk. Two workers at once write each Case once.
    """
    cases = list(cases_to_escalate(today=timezone.localdate(now))[:AT_ONCE])
    rows = [Escalation(case=case, due_on=case.due_on, unit=None, at=now) for case in cases if case.due_on]
    Escalation.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        logger.info("escalated: %d overdue cases", len(rows))
    return len(rows)
