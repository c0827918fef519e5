"""How the desk keeps its terms, for everybody to read; and the clock of one case as the API says it."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from sangto.api import shapes
from sangto.desk.queries.asking import AskedBack
from sangto.desk.queries.deadlines import Deadline, deadline_counts

router = Router(tags=["deadlines"])


@router.get(
    "/deadlines",
    operation_id="read_deadlines",
    summary="How the desk keeps its terms",
    response={200: shapes.DeadlineCounts},
)
def read_deadlines(request: HttpRequest) -> dict[str, int]:
    """How many cases are open, how many of them are overdue, escalated, or wait for whoever wrote."""
    return vars(deadline_counts(today=timezone.localdate()))


def deadline(found: Deadline | None) -> dict[str, Any] | None:
    """A deadline as the API says it; null for a case that is not open, or that nobody is owed."""
    if found is None:
        return None
    return {"state": found.state, "due_on": found.due_on, "working_days_left": found.left}


def asked_out(asked: AskedBack) -> dict[str, Any]:
    """A question to whoever wrote, with its answer, as the API says it."""
    return vars(asked) | {"ending": asked.ending or None, "answer": asked.answer or None}
