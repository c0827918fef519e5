"""Writing, reviewing and publishing the versions of an answer."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from sangto.desk import actions, rules
from sangto.desk.actions import CannotWrite, Content, Reference
from sangto.desk.queries.inbox import CaseFile, case_file
from sangto.engine.crash import crash_point
from sangto.web.forms.staff import Writing
from sangto.web.second_factor import is_confirmed, to_confirm
from sangto.web.staff_wording import SAVED_ALL_THE_SAME
from sangto.web.views.staff.access import Case, Member, case_or_404, to_case
from sangto.web.views.staff.case import case_action, working_version
from sangto.web.views.staff.page import Attempt, case_page, step_of


@case_action("writing")
def write(request: HttpRequest, *, member: Member, case: Case) -> HttpResponse:
    file = case_file(case)
    shape = {"kind": case.kind, "step": step_of(file)}
    writing = Writing.typed(request.POST, **shape)
    wish = request.POST.get("do")
    if wish == "add-source":
        more = writing.with_one_more_row(**shape)
        return case_page(request, case, member=member, attempt=Attempt(area="writing", writing=more))
    if not writing.is_valid():
        return _shown_again(request, case, writing, member=member, status=400)
    saved = False
    try:
        version = actions.draft(case, content=writing.content(_kept(file)), by=member, now=timezone.now())
        saved = True
        if wish == "submit":
            actions.submit(version, by=member, now=timezone.now())
    except CannotWrite as refusal:
        writing.refuse(refusal.code)
        error = str(SAVED_ALL_THE_SAME) if saved else ""
        return _shown_again(request, case, writing, member=member, status=409, error=error)
    return to_case(case, done="submitted" if wish == "submit" else "saved")


@case_action("published")
def correct(request: HttpRequest, *, member: Member, case: Case) -> HttpResponse:
    actions.start_correction(case, by=member, now=timezone.now())
    return to_case(case, done="correcting")


@case_action("withdrawing")
def withdraw(request: HttpRequest, *, member: Member, case: Case) -> HttpResponse:
    actions.start_withdrawal(case, change=_lines(request, "reason"), by=member, now=timezone.now())
    return to_case(case, done="withdrawing")


@case_action("discarding")
def discard(request: HttpRequest, *, member: Member, case: Case) -> HttpResponse:
    actions.discard(working_version(request, case), by=member, now=timezone.now())
    return to_case(case, done="discarded")


@case_action("highlights")
def decide(request: HttpRequest, *, member: Member, case: Case) -> HttpResponse:
    keys = request.POST.getlist("highlight")
    actions.decide_highlights(working_version(request, case), keys=keys, by=member, now=timezone.now())
    return to_case(case, done="decided")


@case_action("review")
def publish(request: HttpRequest, *, member: Member, case: Case) -> HttpResponse:
    if not is_confirmed(request):
        return to_confirm(f"{reverse('staff:case', args=[case.number])}?done=confirmed#answer")
    actions.publish(working_version(request, case), by=member, now=timezone.now())
    crash_point("publish.committed")
    return to_case(case, done="published")


@case_action("review")
def send_back(request: HttpRequest, *, member: Member, case: Case) -> HttpResponse:
    version = working_version(request, case)
    actions.send_back(version, note=_lines(request, "note"), by=member)
    return to_case(case, done="taken_back" if rules.may_edit(version.written_by_id, member.pk) else "sent_back")


def _lines(request: HttpRequest, name: str) -> str:
    # PostgreSQL keeps no NUL in a text; browsers send none, so nobody misses it.
    return request.POST.get(name, "").replace("\r\n", "\n").replace("\0", "")


def _kept(file: CaseFile) -> Content:
    """What the version under work holds now; nothing where none was begun."""
    working = file.working
    if working is None:
        return Content(question="", verdict="", summary="", text="")
    return Content(
        question=working.question,
        verdict=working.rating or working.outcome,
        summary=working.summary,
        text=working.text,
        sources=[_reference(each) for each in working.sources.all()],
        change=working.change,
    )


def _reference(source: Any) -> Reference:
    return Reference(source.title, source.publisher, source.url, source.dated_on)


def _shown_again(
    request: HttpRequest, case: Case, writing: Writing, *, member: Member, status: int, error: str = ""
) -> HttpResponse:
    attempt = Attempt(area="writing", error=error, typed=request.POST.dict(), writing=writing)
    return case_page(request, case_or_404(case.number, viewer=member), member=member, attempt=attempt, status=status)
