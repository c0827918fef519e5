"""What senders asked about their own data: the staff's queue, and one request with all that was done about it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from sangto.desk import rules
from sangto.desk.models import DataRequest, DataRequestStep, Message

VIEWS = ("open", "over")


@dataclass(frozen=True)
class RequestFile:
    """One request as a Member works on it."""

    request: DataRequest
    steps: list[DataRequestStep]  # oldest first
    can_extend: bool


def requests_in(view: str) -> QuerySet[DataRequest]:
    """The requests of a view: those that wait, oldest first, or those that are over, newest first."""
    rows = DataRequest.objects.select_related("message__case")
    if view == "open":
        return rows.filter(state__in=rules.REQUEST_OPEN_STATES).order_by("made_at", "pk")
    return rows.filter(state__in=rules.REQUEST_ENDS).order_by("-pk")


def request_counts() -> dict[str, int]:
    """How many requests each view holds."""
    return {view: requests_in(view).count() for view in VIEWS}


def requests_waiting() -> int:
    """How many requests are not over."""
    return requests_in("open").count()


def requests_overdue(*, today: date) -> int:
    """How many requests are past a term that was not kept yet."""
    unanswered = Q(state=rules.OPEN, answer_due_on__lt=today)
    return requests_in("open").filter(unanswered | Q(done_due_on__lt=today)).count()


def request_by_number(number: str) -> DataRequest | None:
    """The request with this number, as in D2026-000001, or None."""
    digits = number.partition("-")[2]
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 19):
        return None
    found = DataRequest.objects.select_related("message__case").filter(pk=int(digits)).first()
    return found if found and found.number == number else None


def request_file(request: DataRequest, *, today: date) -> RequestFile:
    """Everything a Member needs to work on the request."""
    steps = list(request.steps.select_related("by__user").order_by("pk"))
    waits = request.state in rules.REQUEST_OPEN_STATES
    extended = any(each.step == rules.EXTENDED for each in steps)
    return RequestFile(request, steps, can_extend=waits and not extended and today <= request.done_due_on)


def requests_of(message: Message) -> list[DataRequest]:
    """The sender's requests about this Message with their steps, oldest first, in two queries."""
    return list(message.requests.prefetch_related("steps").order_by("pk"))
