"""The Cases that are here already get a clock too: from the day they were opened, by the terms a new desk begins with."""

from django.conf import settings
from django.db import migrations
from django.utils import timezone

from sangto.engine.shipped_calendar import shipped_calendar
from sangto.engine.workdays import add_working_days

AT_ONCE = 500


def count(apps, schema_editor):
    Case = apps.get_model("desk", "Case")
    terms = {"claim": settings.TERM_CLAIM_WORKING_DAYS, "problem": settings.TERM_PROBLEM_WORKING_DAYS}
    waiting = Case.objects.filter(counts_from__isnull=True, foreign__isnull=True).order_by("pk")
    last = 0
    while cases := list(waiting.filter(pk__gt=last)[:AT_ONCE]):
        for case in cases:
            case.counts_from = timezone.localdate(case.opened_at)
            case.term_days = terms[case.kind]
            case.due_on = add_working_days(case.counts_from, case.term_days, calendar=shipped_calendar())
        Case.objects.bulk_update(cases, ["counts_from", "term_days", "due_on"])
        last = cases[-1].pk


def leave(apps, schema_editor):
    """Nothing to take back: the columns go with the migration before."""


class Migration(migrations.Migration):
    dependencies = [("desk", "0020_deadlines")]
    operations = [migrations.RunPython(count, leave)]
