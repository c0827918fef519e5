"""The Case's page and what regroups, closes or opens it again."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from sangto.desk import actions
from sangto.desk.actions import (
    CannotAsk,
    CannotAssign,
    CannotClose,
    CannotCopy,
    CannotDecide,
    CannotHandOver,
    CannotPublish,
    CannotRegroup,
    CannotWatch,
    CannotWrite,
)
from sangto.desk.queries.approvals import content_hash
from sangto.desk.queries.inbox import case_file, messages_chosen
from sangto.desk.queries.visible import case_for
from sangto.people.queries import colleagues_in, unit_by_code
from sangto.people.rules import WORKING
from sangto.web.copy_wording import COPYING
from sangto.web.staff_wording import (
    ASKING,
    ASSIGNING,
    CLOSING,
    DECIDING,
    HANDING_OVER,
    PUBLISHING,
    REGROUPING,
    STALE,
    WATCHING,
    WRITING,
    said,
)
from sangto.web.views.staff.access import Case, Member, SeeOther, case_or_404, member_required, to_case
from sangto.web.views.staff.page import Attempt, case_page

REFUSALS: Mapping[type[Exception], Mapping[str, Any]] = {
    CannotAsk: ASKING,
    CannotAssign: ASSIGNING,
    CannotClose: CLOSING,
    CannotCopy: COPYING,
    CannotDecide: DECIDING,
    CannotHandOver: HANDING_OVER,
    CannotPublish: PUBLISHING,
    CannotRegroup: REGROUPING,
    CannotWatch: WATCHING,
    CannotWrite: WRITING,
}


class Stale(Exception):
    """The text that the Member decided on is not the text that stands there now."""


REFUSED: tuple[type[Exception], ...] = (Stale, *REFUSALS)


@member_required
def case(request: HttpRequest, *, member: Member, number: str) -> HttpResponse:
    return case_page(request, case_or_404(number, viewer=member), member=member)


def case_action(area: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A POST on one Case. A refusal shows the page again, in its `area`, with everything that was typed."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @member_required
        @wraps(view)
        def posted(request: HttpRequest, *, member: Member, number: str) -> HttpResponse:
            found = case_or_404(number, viewer=member)
            if request.method != "POST":
                return SeeOther(reverse("staff:case", args=[found.number]))
            try:
                return view(request, member=member, case=found)
            except REFUSED as refusal:
                return _refused(request, found, refusal, member=member, area=area)

        return posted

    return decorate


def working_version(request: HttpRequest, case: Case) -> Any:
    """The version under work, if it still is the one that the Member had on the page; raises Stale otherwise."""
    version = case_file(case).working
    if version is None or content_hash(version) != request.POST.get("seen"):
        raise Stale
    return version


@case_action("split")
def split(request: HttpRequest, *, member: Member, case: Case) -> HttpResponse:
    messages = messages_chosen(case, request.POST.getlist("message"))
    actions.split(case, messages=messages, by=member, now=timezone.now())
    return to_case(case, done="split")


@case_action("ask-back")
def ask_back(request: HttpRequest, *, member: Member, case: Case) -> HttpResponse:
    messages = messages_chosen(case, request.POST.getlist("message"))
    actions.ask_back(case, messages=messages, text=request.POST.get("text", ""), by=member, now=timezone.now())
    return to_case(case, done="asked")


@case_action("merge")
def merge(request: HttpRequest, *, member: Member, case: Case) -> HttpResponse:
    other = case_for(member, request.POST.get("number", "").strip())
    if other is None:
        raise CannotRegroup("unknown_number")
    return to_case(actions.merge(case, into=other, by=member, now=timezone.now()), done="merged")


@case_action("history")
def undo(request: HttpRequest, *, member: Member, case: Case) -> HttpResponse:
    rows = {str(row.pk): row for row in case_file(case).regroupings}
    row = rows.get(request.POST.get("regrouping", ""))
    if row is None:
        raise Http404
    actions.undo(row, by=member, now=timezone.now())
    return to_case(case, done="undone")


@case_action("closing")
def close(request: HttpRequest, *, member: Member, case: Case) -> HttpResponse:
    actions.close_not_checkable(case, by=member, now=timezone.now())
    return to_case(case, done="closed")


@case_action("closing")
def reopen(request: HttpRequest, *, member: Member, case: Case) -> HttpResponse:
    actions.reopen(case, by=member, now=timezone.now())
    return to_case(case, done="reopened")


@case_action("handing-over")
def hand_over(request: HttpRequest, *, member: Member, case: Case) -> HttpResponse:
    unit = unit_by_code(request.POST.get("unit", ""), on=timezone.localdate())
    handed = actions.hand_over(case, to=unit, why=request.POST.get("why", ""), by=member, now=timezone.now())
    if case_for(member, handed.number) is None:
        return SeeOther(f"{reverse('staff:inbox')}?handed=1")
    return to_case(handed, done="handed_over")


@case_action("assigning")
def assign(request: HttpRequest, *, member: Member, case: Case) -> HttpResponse:
    wanted = request.POST.get("to", "")
    people = {str(each.pk): each for each in colleagues_in(case.unit_id, roles=WORKING)}
    if wanted and wanted not in people:
        raise CannotAssign("no_colleague")
    actions.assign(case, to=people.get(wanted), by=member, now=timezone.now())
    return to_case(case, done="assigned")


@case_action("watching")
def watch(request: HttpRequest, *, member: Member, case: Case) -> HttpResponse:
    if request.POST.get("do") == "stop":
        actions.stop_watching(case, by=member)
        return to_case(case, done="not_watching")
    actions.watch(case, by=member)
    return to_case(case, done="watching")


def _refused(request: HttpRequest, case: Case, refusal: Exception, *, member: Member, area: str) -> HttpResponse:
    texts = REFUSALS.get(type(refusal), {})
    error = said(texts, refusal.args[0]) if texts else str(STALE)
    attempt = Attempt(
        area=area, error=error, typed=request.POST.dict(), chosen=frozenset(request.POST.getlist("message")),
        ticks=frozenset(request.POST.getlist("tick")),
    )  # fmt: skip
    return case_page(request, case_or_404(case.number, viewer=member), member=member, attempt=attempt, status=409)
