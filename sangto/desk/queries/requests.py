"""What senders asked about their own data: the staff's queue, and one request with all that was done about it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from sangto.desk import rules
from sangto.desk.models import DataRequest, DataRequestStep, Message
from sangto.desk.queries.visible import visible_to
from sangto.people.models import Member
from sangto.people.rules import may_read_requests

VIEWS = ("open", "over")


@dataclass(frozen=True)
class RequestFile:
    """One request as a Member works on it."""

    request: DataRequest
    steps: list[DataRequestStep]  # oldest first
    can_extend: bool


def requests_in(view: str, *, viewer: Member | None) -> QuerySet[DataRequest]:
    """The viewer's requests of a view: those that wait, oldest first, or those that are over, newest first."""
    rows = _readable_by(viewer).select_related("message__case")
    if view == "open":
        return rows.filter(state__in=rules.REQUEST_OPEN_STATES).order_by("made_at", "pk")
    return rows.filter(state__in=rules.REQUEST_ENDS).order_by("-pk")


def _readable_by(viewer: Member | None) -> QuerySet[DataRequest]:
    """None is the operator, who counts all."""
    if viewer is None:
        return DataRequest.objects.all()
    return DataRequest.objects.filter(visible_to(viewer, may_read_requests, path="message__case__"))


def request_counts(viewer: Member | None) -> dict[str, int]:
    """How many requests each view holds for the viewer."""
    return {view: requests_in(view, viewer=viewer).count() for view in VIEWS}


def requests_waiting(viewer: Member | None) -> int:
    """How many requests that the viewer may read are not over."""
    return requests_in("open", viewer=viewer).count()


def requests_overdue(viewer: Member | None, *, today: date) -> int:
    """How many requests that the viewer may read are past a term that was not kept yet."""
    unanswered = Q(state=rules.OPEN, answer_due_on__lt=today)
    return requests_in("open", viewer=viewer).filter(unanswered | Q(done_due_on__lt=today)).count()


def request_for(viewer: Member, number: str) -> DataRequest | None:
    """The request with this number, as in D2026-000001, if there is one that the viewer may read."""
    digits = number.partition("-")[2]
    if not (digits.isascii() and digits.isdecimal() and len(digits) < 19):
        return None
    found = _readable_by(viewer).select_related("message__case").filter(pk=int(digits)).first()
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
