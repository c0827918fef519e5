"""What senders asked about their own data: the queue with its terms, and one request to answer."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from sangto.desk import actions
from sangto.desk.actions import CannotHandle
from sangto.desk.queries.requests import (
    VIEWS,
    request_counts,
    request_file,
    request_for,
    requests_in,
    requests_overdue,
)
from sangto.desk.queries.visible import case_for
from sangto.desk.rules import is_overdue
from sangto.people.queries import roles_in
from sangto.people.rules import may_handle_requests, may_read_requests
from sangto.web.data_wording import CANNOT_HANDLE, REQUEST_DONE, REQUEST_REFUSALS, REQUEST_VIEWS
from sangto.web.views.staff.access import Member, SeeOther, allowed, member_required

ROWS_A_PAGE = 25


@member_required
@allowed(may_read_requests)
def requests(request: HttpRequest, *, member: Member) -> HttpResponse:
    view = request.GET.get("view")
    view = view if view in VIEWS else VIEWS[0]
    today, counts = timezone.localdate(), request_counts(member)
    page = Paginator(requests_in(view, viewer=member), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "member": member,
        "page": page,
        "view": view,
        "rows": [(row, _is_overdue(row)) for row in page],
        "tabs": [(code, text, counts[code]) for code, text in REQUEST_VIEWS.items()],
        "overdue": requests_overdue(member, today=today),
    }
    return render(request, "staff/requests.html", context)


@member_required
def data_request(request: HttpRequest, *, member: Member, number: str) -> HttpResponse:
    return _page(request, number, member=member)


def step(area: str) -> Callable[[Callable[..., Any]], Callable[..., HttpResponse]]:
    """A POST on one request. A refusal shows the page again, in its `area`, with what was typed."""

    def decorate(act: Callable[..., Any]) -> Callable[..., HttpResponse]:
        @member_required
        @wraps(act)
        def posted(request: HttpRequest, *, member: Member, number: str) -> HttpResponse:
            here = reverse("staff:request", args=[_or_404(number, viewer=member).number])
            if request.method != "POST":
                return SeeOther(here)
            try:
                act(request.POST, _or_404(number, viewer=member), by=member)
            except CannotHandle as refusal:
                return _page(request, number, member=member, area=area, error=str(CANNOT_HANDLE[refusal.code]))
            return SeeOther(f"{here}?done={area}")

        return posted

    return decorate


@step("answered")
def answer(form: Any, row: Any, *, by: Member) -> None:
    with_processor = form.get("processor") == "yes"
    actions.answer_request(row, reply=form.get("reply", ""), with_processor=with_processor, by=by, now=timezone.now())


@step("extended")
def extend(form: Any, row: Any, *, by: Member) -> None:
    actions.extend_request(row, reply=form.get("reply", ""), by=by, now=timezone.now())


@step("done")
def finish(form: Any, row: Any, *, by: Member) -> None:
    actions.finish_request(row, reply=form.get("reply", ""), by=by, now=timezone.now())


@step("refused")
def refuse(form: Any, row: Any, *, by: Member) -> None:
    reply, reason = form.get("reply", ""), form.get("reason", "")
    actions.refuse_request(row, reply=reply, reason=reason, by=by, now=timezone.now())


def _or_404(number: str, *, viewer: Member) -> Any:
    found = request_for(viewer, number)
    if found is None:
        raise Http404
    return found


def _is_overdue(row: Any) -> bool:
    due = {"answer_due_on": row.answer_due_on, "done_due_on": row.done_due_on}
    return is_overdue(row.state, today=timezone.localdate(), **due)


def _page(request: HttpRequest, number: str, *, member: Member, area: str = "", error: str = "") -> HttpResponse:
    row = _or_404(number, viewer=member)
    context = {
        "member": member,
        "row": row,
        "case": case_for(member, row.message.case.number),
        "may_handle": may_handle_requests(roles_in(member, row.message.case.unit_id)),
        "file": request_file(row, today=timezone.localdate()),
        "is_overdue": _is_overdue(row),
        "area": area,
        "error": error,
        "typed": request.POST.get("reply", "").replace("\0", "") if error else "",
        "reason": request.POST.get("reason", "") if error else "",
        "done": "" if error else REQUEST_DONE.get(request.GET.get("done", ""), ""),
        "refusals": REQUEST_REFUSALS.items(),
    }
    return render(request, "staff/request.html", context, status=409 if error else 200)
