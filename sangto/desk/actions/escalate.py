"""Show what is overdue to somebody above, once for each day on which it was due."""

import logging
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from sangto.desk.models import Escalation
from sangto.desk.queries.deadlines import cases_to_escalate
from sangto.people.queries import units_then

AT_ONCE = 500
logger = logging.getLogger(__name__)


@transaction.atomic
def escalate(*, now: datetime) -> int:
    """Write down which overdue Cases go to somebody above, at most 500 in a round; how many there were.

    That is the Unit above the Case's own on that day; where there is none, the approvers of the desk. Two workers at
    once write each Case once.
    """
    today = timezone.localdate(now)
    cases = list(cases_to_escalate(today=today)[:AT_ONCE])
    units = units_then({case.unit_id for case in cases if case.unit_id}, on=today)
    above = {pk: then.parent for pk, then in units.items()}
    rows = [
        Escalation(case=case, due_on=case.due_on, unit_id=above.get(case.unit_id or 0), at=now)
        for case in cases
        if case.due_on
    ]
    Escalation.objects.bulk_create(rows, ignore_conflicts=True)
    if rows:
        logger.info("escalated: %d overdue cases", len(rows))
    return len(rows)
