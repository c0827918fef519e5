"""Writing a draft: saved by its writer, kept while they type, and never over what another window wrote unseen."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone

from sangto.desk import actions
from sangto.desk.actions import CannotWrite, Content
from sangto.desk.queries.approvals import content_hash
from sangto.desk.queries.inbox import CaseFile, case_file
from sangto.desk.queries.templates import templates_for
from sangto.web.forms.staff import Writing
from sangto.web.staff_wording import AUTOSAVING, SAVED_ALL_THE_SAME, WRITING, said
from sangto.web.views.staff.access import Case, Member, SeeOther, case_or_404, to_case
from sangto.web.views.staff.case import case_action
from sangto.web.views.staff.conflict import Conflict, conflict_between
from sangto.web.views.staff.page import Attempt, case_page, mark_of, step_of

BETWEEN_TWO = ("changed_meanwhile", "not_writer")
OF_A_SOURCE = ("bad_source", "future_source", "too_long")


@case_action("writing")
def write(request: HttpRequest, *, member: Member, case: Case) -> HttpResponse:
    file = case_file(case)
    shape = {"kind": case.kind, "step": step_of(file)}
    writing = Writing.typed(request.POST, **shape)
    wish = request.POST.get("do")
    if wish == "autosave":
        return _kept_while_typing(case, writing, file, by=member, now=timezone.now())
    if wish == "add-source":
        more = writing.with_one_more_row(**shape)
        return case_page(
            request, case, member=member, attempt=Attempt(area="writing", writing=more, ticks=_ticks(request))
        )
    if wish == "template":
        begun = _begun_from(request, case, writing, **shape)
        return case_page(
            request, case, member=member, attempt=Attempt(area="writing", writing=begun, ticks=_ticks(request))
        )
    if not writing.is_valid():
        return _shown_again(request, case, writing, member=member, status=400)
    return _saved(request, case, writing, file, member=member)


def _saved(request: HttpRequest, case: Case, writing: Writing, file: CaseFile, *, member: Member) -> HttpResponse:
    content, wish, saved = writing.content(kept(file)), request.POST.get("do"), False
    try:
        version = actions.draft(case, content=content, by=member, now=timezone.now(), began_from=writing.began_from)
        saved, writing.began_from = True, content_hash(version)
        if wish == "submit":
            actions.submit(version, by=member, ticks=_ticks(request), now=timezone.now())
    except CannotWrite as refusal:
        writing.refuse(refusal.code)
        conflict = _conflict(case, writing, content, code=refusal.code)
        error = str(SAVED_ALL_THE_SAME) if saved else ""
        return _shown_again(request, case, writing, member=member, status=409, error=error, conflict=conflict)
    if wish == "preview":
        return SeeOther(reverse("staff:preview", args=[case.number]))
    return to_case(case, done="submitted" if wish == "submit" else "saved")


def _kept_while_typing(case: Case, writing: Writing, file: CaseFile, *, by: Member, now: datetime) -> JsonResponse:
    """Keep what can be kept of an unfinished input; says when, and the mark of what stands there now."""
    content = writing.sound(kept(file))
    try:
        try:
            version = actions.draft(case, content=content, by=by, now=now, began_from=writing.began_from)
        except CannotWrite as refusal:
            if refusal.code not in OF_A_SOURCE:
                raise
            writing.refuse(refusal.code)
            content = Content(**{**vars(content), "sources": kept(file).sources})
            version = actions.draft(case, content=content, by=by, now=now, began_from=writing.began_from)
    except CannotWrite as refusal:
        text = AUTOSAVING.get(refusal.code) or AUTOSAVING["not_kept"] % {"reason": said(WRITING, refusal.code)}
        return JsonResponse({"said": str(text)}, status=409)
    missed = ", ".join(dict.fromkeys(label or text for _place, label, text in writing.errors()))
    text = AUTOSAVING["kept_in_part" if missed else "kept"]
    return JsonResponse(
        {"said": text % {"time": f"{timezone.localtime(now):%H:%M}", "fields": missed}, "seen": content_hash(version)}
    )


def _begun_from(request: HttpRequest, case: Case, writing: Writing, *, kind: str, step: str) -> Writing:
    """What was typed, with the chosen template's words in what is still empty."""
    chosen = [each for each in templates_for(case) if str(each.pk) == request.POST.get("template")]
    return writing.begun_from(chosen[0], kind=kind, step=step) if chosen else writing.with_one_more_row(
        kind=kind, step=step, more=0
    )  # fmt: skip


def _ticks(request: HttpRequest) -> frozenset[str]:
    return frozenset(request.POST.getlist("tick"))


def kept(file: CaseFile) -> Content:
    """What the version under work holds now; nothing where none was begun."""
    return actions.content_of(file.working) if file.working else Content(question="", verdict="", summary="", text="")


def _conflict(case: Case, writing: Writing, typed: Content, *, code: str) -> Conflict | None:
    """What stands there now beside what was typed; whoever saves again has seen it, and may write over it."""
    file = case_file(case)
    if code not in BETWEEN_TWO or file.working is None:
        return None
    may_save = code == "changed_meanwhile"
    if may_save:
        writing.began_from = mark_of(file)
    return conflict_between(file.working, stands=kept(file), typed=typed, may_save=may_save)


def _shown_again(
    request: HttpRequest, case: Case, writing: Writing, *, member: Member, status: int, **more: Any
) -> HttpResponse:
    attempt = Attempt(area="writing", typed=request.POST.dict(), writing=writing, ticks=_ticks(request), **more)
    return case_page(request, case_or_404(case.number, viewer=member), member=member, attempt=attempt, status=status)
