"""Let the clock of a Case stand, and go on; by the clock of the desk, end what has ended and show what is overdue."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from sangto.desk import rules
from sangto.desk.actions.clock import recount
from sangto.desk.actions.grouping import lock_cases
from sangto.desk.models import Case, Pause


@transaction.atomic
def pause(case: Case, *, now: datetime, why: str = rules.ASKED_BACK) -> None:
    """Let the clock of an open Case stand from today on; one that stands already, or has no clock, stays as it is."""
    case = lock_cases(case.pk)[case.pk]
    stands = Pause.objects.filter(case=case, ended_at__isnull=True).exists()
    if case.state == rules.OPEN and case.counts_from and not stands:
        Pause.objects.create(case=case, why=why, began_at=now, began_on=timezone.localdate(now))


@transaction.atomic
def resume(case: Case, *, now: datetime) -> None:
    """Let the clock go on: today counts again, and the last day moves by the working days for which it stood."""
    case = lock_cases(case.pk)[case.pk]
    for stood in Pause.objects.filter(case=case, ended_at__isnull=True):
        # A clock that was set back must not end a pause before it began.
        stood.ended_at = max(now, stood.began_at)
        stood.ended_on = max(timezone.localdate(now), stood.began_on)
        stood.save(update_fields=["ended_at", "ended_on"])
    recount([case])
