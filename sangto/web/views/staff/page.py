"""One Case as a Member works on it: messages on one side, the answer on the other."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from sangto.desk import matcher, rules
from sangto.desk.actions import NOTHING_YET
from sangto.desk.queries.approvals import content_hash
from sangto.desk.queries.asking import asked_back
from sangto.desk.queries.deadlines import deadline_of
from sangto.desk.queries.inbox import CaseFile, case_file, cases_of, messages_in, why_here
from sangto.desk.queries.messages import as_reasons
from sangto.desk.queries.placing import reassignments_of
from sangto.desk.queries.templates import templates_for
from sangto.desk.queries.visible import readable
from sangto.desk.queries.watching import is_watching
from sangto.engine.redact import highlights
from sangto.people.queries import all_units, colleagues_in, roles_in
from sangto.people.rules import WORKING, Roles, may_approve, may_hand_over, may_sort, may_work, may_write
from sangto.web.forms.staff import Writing
from sangto.web.staff_wording import DONE
from sangto.web.templatetags.desk import plain
from sangto.web.views.staff.access import Case, Member
from sangto.web.views.staff.checklist import Commitment, checklist_of
from sangto.web.views.staff.conflict import Conflict
from sangto.web.views.staff.copy_rows import copy_rows
from sangto.web.views.staff.reading import readings_of
from sangto.web.views.staff.side_by_side import Beside, side_by_side

MESSAGES_A_PAGE = 25
PLACE_TO_MEND = {
    "split": "messages",
    "ask-back": "ask-text",
    "merge": "merge-number",
    "history": "history",
    "closing": "closing",
    "handing-over": "hand-over-unit",
    "assigning": "assign-to",
    "watching": "watch",
    "withdrawing": "withdraw-reason",
    "published": "answer",
    "discarding": "answer",
    "review": "answer",
    "highlights": "highlights",
    "copies": "copies",
}


@dataclass(frozen=True)
class Attempt:
    """What a Member tried and was refused: `area` of the page, why, and everything they had typed."""

    area: str = ""
    error: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    chosen: frozenset[str] = frozenset()
    ticks: frozenset[str] = frozenset()  # of the checklist
    writing: Writing | None = None
    conflict: Conflict | None = None


def case_page(
    request: HttpRequest, case: Case, *, member: Member, attempt: Attempt | None = None, status: int = 200
) -> HttpResponse:
    """The Case's page, with what was just done or refused."""
    attempt, file = attempt or Attempt(), case_file(case)
    roles = roles_in(member, case.unit_id)
    panel = _writing_panel(attempt.writing) if attempt.writing else panel_for(file, viewer=member, roles=roles)
    context = {
        "case": case,
        "deadline": deadline_of(case, today=timezone.localdate()),
        "member": member,
        "attempt": attempt,
        "done": "" if attempt.error else DONE.get(request.GET.get("done", ""), ""),
        "problems": _problems(attempt),
        "asked": case.asked,
        "joinings": _messages(request, case, chosen=attempt.chosen),
        "history": _history(file),
        "unit_moves": reassignments_of(case),
        "similar": [_likeness(each) for each in _open_alike(case, viewer=member)],
        "beside": _answered_before(file),
        "working": file.working,
        "seen": content_hash(file.working) if file.working else "",
        "may_sort": may_sort(roles),
        "may_write": may_write(roles),
        "why": attempt.typed.get("why", ""),
        "may_work": may_work(roles),
        "colleagues": colleagues_in(case.unit_id, roles=WORKING) if may_work(roles) else [],
        "is_watched": is_watching(member, case),
        "others": [unit for unit in all_units() if unit.pk != case.unit_id] if may_hand_over(roles) else [],
        "copies": copy_rows(file, roles=roles),
        "copy_mb": settings.COPY_MAX_MB,
        "panel": f"staff/_panel_{panel}.html",
        **_answer(file, panel, attempt=attempt),
    }
    # Who had to show that it is they comes back with their ticks in the address.
    context["checklist"] = _checklist(
        file, context["reading"], ticks=attempt.ticks or request.GET.get("ticked", "").split()
    )
    return render(request, "staff/case.html", context, status=status)


def panel_for(file: CaseFile, *, viewer: Member, roles: Roles) -> str:
    """What the viewer can do about the Case's answer now."""
    if file.case.state in (rules.MERGED, rules.CLOSED):
        return str(file.case.state)
    if file.working is None:
        return "published" if file.versions else "write" if may_write(roles) else "waits"
    is_writer = rules.may_edit(file.working.written_by_id, viewer.pk)
    if file.working.state == rules.IN_REVIEW:
        return "own_review" if is_writer else "review" if may_approve(roles) else "watch"
    if not is_writer:
        return "others_draft"
    return "withdraw" if file.working.step == rules.WITHDRAW else "write"


def step_of(file: CaseFile) -> str:
    """Which step the version under work, or the one that would be begun now, stands for."""
    return str(file.working.step) if file.working else rules.PUBLISH


def _writing_panel(writing: Writing) -> str:
    # What somebody typed stays on the page, whatever became of the version in the meantime.
    return "write" if writing.asks_for_all else "withdraw"


def _problems(attempt: Attempt) -> list[tuple[str, str, str]]:
    whole = [(PLACE_TO_MEND.get(attempt.area, ""), "", attempt.error)] if attempt.error else []
    return whole + (attempt.writing.errors() if attempt.writing else [])


def _messages(request: HttpRequest, case: Case, *, chosen: frozenset[str]) -> Any:
    page: Any = Paginator(messages_in(case), MESSAGES_A_PAGE).get_page(request.GET.get("messages"))
    messages = list(page.object_list)
    asked, rows = asked_back(messages), why_here(case, messages)
    page.object_list = [
        {
            "message": message,
            "asked": asked.get(message.pk, []),
            "marks": highlights(message.text),
            "chosen": str(message.pk) in chosen,
            **_why(rows.get(message.pk)),
        }
        for message in messages
    ]
    return page


def _why(row: Any) -> dict[str, Any]:
    # None: the Message left this Case in the moment between the two queries.
    return {"row": row, "reasons": as_reasons(row.reasons), "percent": _percent(row.sureness)} if row else {}


def _percent(sureness: float | None) -> int | None:
    return None if sureness is None else int(sureness * 100)


def _answer(file: CaseFile, panel: str, *, attempt: Attempt) -> dict[str, Any]:
    readings = readings_of(file.versions)
    published = [each for each in readings if each.version.state == rules.PUBLISHED]
    return {
        "writing": attempt.writing or _writing(file) if panel in ("write", "withdraw") else None,
        "conflict": attempt.conflict,
        "templates": templates_for(file.case) if panel == "write" else [],
        "reading": next((each for each in readings if each.version.state != rules.PUBLISHED), None),
        "current": published[0] if published else None,
        "published": published,
    }


def _checklist(file: CaseFile, reading: Any, *, ticks: Collection[str]) -> list[Commitment]:
    return checklist_of(
        file.working,
        kind=file.working.kind if file.working else file.case.kind,
        step=step_of(file),
        has_unit=file.case.unit_id is not None,
        is_undecided=bool(reading and reading.is_undecided),
        ticks=ticks,
    )


def _writing(file: CaseFile) -> Writing:
    case, working = file.case, file.working
    if working is None:
        return _begun(Writing.filled({"question": plain(case.question)}, [], kind=case.kind, step=rules.PUBLISH), file)
    names = ("question", "summary", "text", "change")
    values = {name: getattr(working, name) for name in names}
    sources = [
        {"title": each.title, "publisher": each.publisher, "url": each.url, "dated_on": each.dated_on}
        for each in working.sources.all()
    ]
    verdict = working.rating or working.outcome
    return _begun(Writing.filled({**values, "verdict": verdict}, sources, kind=working.kind, step=working.step), file)


def _begun(writing: Writing, file: CaseFile) -> Writing:
    writing.began_from = mark_of(file)
    return writing


def mark_of(file: CaseFile) -> str:
    """The hash of what stands there now, for who begins to write."""
    return content_hash(file.working) if file.working else NOTHING_YET


def _open_alike(case: Case, *, viewer: Member) -> list[matcher.Similar]:
    """Open Cases that may ask the same, as far as the viewer may read them."""
    if case.state != rules.OPEN:
        return []
    rows = matcher.similar(case)
    visible = readable(viewer, [each.case.pk for each in rows])
    return [each for each in rows if each.case.pk in visible]


def _answered_before(file: CaseFile) -> list[Beside]:
    """Published answers that may settle the Case, while nobody has begun an answer here."""
    case = file.case
    if case.state != rules.OPEN or file.versions or case.question == rules.ERASED_TEXT:
        return []
    return side_by_side(case.question, matcher.suggest(case.question, kind=case.kind, place=case.place))


def _likeness(found: matcher.Similar) -> dict[str, Any]:
    return {
        "number": found.case.number,
        "question": found.case.question,
        "lang": found.case.lang,
        "percent": _percent(found.sureness),
        "reasons": found.reasons,
    }


def _history(file: CaseFile) -> list[dict[str, Any]]:
    cases = cases_of(file.regroupings)
    return [
        {"row": row, "left": cases[row.pk][0], "into": cases[row.pk][1], "can_undo": _can_undo(row)}
        for row in file.regroupings
    ]


def _can_undo(row: Any) -> bool:
    return row.step != rules.UNDO and not hasattr(row, "undone_by")
