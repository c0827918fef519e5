"""The staff API: the same actions as the pages of the desk, for a member's own programs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router
from ninja.security import HttpBearer

from sangto.api import shapes
from sangto.api.deadlines import asked_out, deadline
from sangto.api.errors import ApiError, refused
from sangto.desk import actions, rules
from sangto.desk.queries import inbox
from sangto.desk.queries.approvals import content_hash
from sangto.desk.queries.asking import asked_back
from sangto.desk.queries.deadlines import deadline_of, deadlines_of
from sangto.desk.queries.highlights import marks_of
from sangto.desk.queries.messages import as_reasons
from sangto.desk.queries.visible import case_for
from sangto.engine.crash import crash_point
from sangto.interchange.wording import reason_text
from sangto.people.queries import member_by_token, token_may_approve

PAGE_SIZE = 50


class MemberToken(HttpBearer):
    def authenticate(self, request: HttpRequest, token: str) -> Any:
        return member_by_token(token)


router = Router(tags=["cases"], auth=MemberToken())
REFUSALS = {
    400: shapes.Problem, 401: shapes.Problem, 403: shapes.Problem, 404: shapes.Problem, 409: shapes.Problem,
}  # fmt: skip


@router.get(
    "/cases",
    operation_id="list_cases",
    summary="The inbox",
    response={200: shapes.CasePage, 400: shapes.Problem, 401: shapes.Problem},
)
def list_cases(
    request: HttpRequest,
    view: Literal["open", "overdue", "due_soon", "waiting", "review", "answered", "closed"] = "open",
    order: Annotated[
        Literal["age", "due", "asked"], Query(description="Oldest first, due first, or most asked first.")
    ] = "age",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> dict[str, Any]:
    """The cases of one view of the inbox, fifty a page."""
    start = (page - 1) * PAGE_SIZE
    today = timezone.localdate()
    found = inbox.Inbox(member(request), today=today).cases(view, order=order).values_list("pk", flat=True)
    rows = inbox.with_work(list(found[start : start + PAGE_SIZE + 1]))
    last_at = inbox.last_asked([row.pk for row in rows])
    owed = deadlines_of(rows, today=today)
    names = ("number", "kind", "lang", "state", "question", "place", "asked", "opened_at", "work")
    return {
        "cases": [
            {
                **{name: getattr(row, name) for name in names},
                "last_at": last_at.get(row.pk),
                "deadline": deadline(owed.get(row.pk)),
            }
            for row in rows[:PAGE_SIZE]
        ],
        "page": page,
        "next_page": page + 1 if len(rows) > PAGE_SIZE else None,
    }


@router.get(
    "/cases/{number}", operation_id="read_case", summary="One case", response={200: shapes.FullCase, **REFUSALS}
)
def read_case(request: HttpRequest, number: str) -> dict[str, Any]:
    """One case with its messages, why each is in it, and every version of its answer."""
    case = _case(request, number)
    file = inbox.case_file(case)
    messages = list(inbox.messages_in(case))
    asked, why = asked_back(messages), inbox.why_here(case, messages)
    names = ("number", "kind", "lang", "state", "closing", "question", "place", "opened_at")
    return {
        **{name: getattr(case, name) for name in names},
        "deadline": deadline(deadline_of(case, today=timezone.localdate())),
        "merged_into": case.merged_into.number if case.merged_into else None,
        "messages": [_message(each, why[each.pk], asked.get(each.pk, [])) for each in messages if each.pk in why],
        "versions": [_draft(version) for version in file.versions],
    }


@router.post(
    "/cases/{number}/questions",
    operation_id="ask_back",
    summary="Ask those who wrote",
    response={200: shapes.FullCase, **REFUSALS},
)
def ask_back(request: HttpRequest, number: str, ask: shapes.AskIn) -> dict[str, Any]:
    """Ask the senders of these messages something, each on their own channel; meanwhile the case's clock stands."""
    case, wanted = _case(request, number), set(ask.messages)
    ids = [number.rpartition("-")[2] for number in wanted]
    chosen = [each for each in inbox.messages_chosen(case, ids) if each.number in wanted]
    if len(chosen) != len(wanted):
        raise ApiError("no_messages", status=409)
    with refusals_said():
        actions.ask_back(case, messages=chosen, text=ask.text, by=member(request), now=timezone.now())
    return read_case(request, number)


@router.put(
    "/cases/{number}/draft",
    operation_id="write_draft",
    summary="Write the draft",
    response={200: shapes.DraftOut, **REFUSALS},
)
def write_draft(request: HttpRequest, number: str, draft: shapes.DraftIn) -> dict[str, Any]:
    """Make or rewrite the draft of the case's answer. It may be incomplete until it goes to review."""
    sources = [actions.Reference(each.title, each.publisher, each.url, each.dated_on) for each in draft.sources]
    content = actions.Content(
        question=draft.question, verdict=draft.verdict, summary=draft.summary, text=draft.text, sources=sources,
        change=draft.change,
    )  # fmt: skip
    with refusals_said():
        version = actions.draft(
            _case(request, number), content=content, by=member(request), now=timezone.now(), began_from=draft.mark
        )
    return _draft(version)


@router.post(
    "/cases/{number}/review",
    operation_id="send_to_review",
    summary="Send the draft to review",
    response={200: shapes.DraftOut, **REFUSALS},
)
def send_to_review(request: HttpRequest, number: str, checked: shapes.Checked | None = None) -> dict[str, Any]:
    """The draft must be complete, with a verdict of its kind, at least one source, and the ticks that it needs."""
    version = inbox.case_file(_case(request, number)).working
    if version is None:
        raise ApiError("not_draft", status=409)
    with refusals_said():
        return _draft(
            actions.submit(version, by=member(request), ticks=checked.ticks if checked else (), now=timezone.now())
        )


@router.post(
    "/cases/{number}/highlights",
    operation_id="decide_highlights",
    summary="Say which names and addresses may be public",
    response={200: shapes.DraftOut, **REFUSALS},
)
def decide_highlights(request: HttpRequest, number: str, decision: shapes.Decision) -> dict[str, Any]:
    """Decide on places of the version under work. What may not be public is rewritten in the draft."""
    version = _working(request, number, mark=decision.mark, missing="not_open")
    with refusals_said():
        return _draft(actions.decide_highlights(version, keys=decision.keys, by=member(request), now=timezone.now()))


@router.post(
    "/cases/{number}/approval",
    operation_id="approve",
    summary="Approve and publish the version in review",
    response={200: shapes.DraftOut, **REFUSALS},
)
def approve(request: HttpRequest, number: str, approval: shapes.Approval | None = None) -> dict[str, Any]:
    """Publish the version in review. Only an approver may, with a token made for it, and never on a text of their own.

    With the `mark` of the version that was read, nothing else is approved than what was read.
    """
    version = _working(request, number, mark=approval.mark if approval else None, missing="not_in_review")
    if not token_may_approve(request.headers.get("Authorization", "").partition(" ")[2].strip()):
        raise ApiError("needs_person")
    with refusals_said():
        published = actions.publish(
            version, by=member(request), now=timezone.now(), ticks=approval.ticks if approval else ()
        )
    crash_point("publish.committed")
    return _draft(published)


@router.post(
    "/cases/{number}/correction",
    operation_id="start_correction",
    summary="Start a correction",
    response={200: shapes.DraftOut, **REFUSALS},
)
def start_correction(request: HttpRequest, number: str) -> dict[str, Any]:
    """A draft of the next version that starts as a copy of the published one. Write it, then send it to review."""
    with refusals_said():
        return _draft(actions.start_correction(_case(request, number), by=member(request), now=timezone.now()))


@router.post(
    "/cases/{number}/withdrawal",
    operation_id="start_withdrawal",
    summary="Ask for a withdrawal",
    response={200: shapes.DraftOut, **REFUSALS},
)
def start_withdrawal(request: HttpRequest, number: str, withdrawal: shapes.ChangeIn) -> dict[str, Any]:
    """A version in review that withdraws the published one, with the public reason; another member approves it."""
    with refusals_said():
        version = actions.start_withdrawal(
            _case(request, number), change=withdrawal.change, by=member(request), now=timezone.now()
        )
    return _draft(version)


def member(request: HttpRequest) -> Any:
    return request.auth  # type: ignore[attr-defined]


@contextmanager
def refusals_said() -> Iterator[None]:
    try:
        yield
    except (actions.CannotWrite, actions.CannotPublish, actions.CannotDecide, actions.CannotAsk) as error:
        raise refused(error.code, staff=True) from error


def _case(request: HttpRequest, number: str) -> Any:
    """The Case, if the token's Member may read it."""
    case = case_for(member(request), number)
    if case is None:
        raise ApiError("not_found")
    return case


def _working(request: HttpRequest, number: str, *, mark: str | None, missing: str) -> Any:
    """The version under work, if it still is the one that was read."""
    version = inbox.case_file(_case(request, number)).working
    if version is None:
        raise ApiError(missing, status=409)
    if mark is not None and mark != content_hash(version):
        raise refused("rewritten", staff=True)
    return version


def _message(message: Any, joining: Any, asked: list[Any]) -> dict[str, Any]:
    names = ("number", "text", "lang", "place", "received_at")
    return {
        **{name: getattr(message, name) for name in names},
        "decided_by": joining.decided_by,
        "sureness": joining.sureness,
        "reasons": [reason_text(reason) for reason in as_reasons(joining.reasons)],
        "questions": [asked_out(each) for each in asked],
    }


def _source(source: Any) -> dict[str, Any]:
    copy = source.copy if source.copy and source.copy.done_at else None
    kept = {"sha256": copy.sha256, "taken_at": copy.taken_at} if copy else None
    return {**{name: getattr(source, name) for name in ("title", "publisher", "url", "dated_on")}, "kept_copy": kept}


def _draft(version: Any) -> dict[str, Any]:
    names = ("n", "step", "state", "question", "summary", "text", "change", "published_at", "review_note")
    return {
        **{name: getattr(version, name) for name in names},
        "mark": content_hash(version),
        "verdict": version.rating if version.kind == rules.CLAIM else version.outcome,
        "written_by": str(version.written_by),
        "approved_by": str(version.approved_by) if version.approved_by else None,
        "sources": [_source(each) for each in version.sources.select_related("copy")],
        "highlights": [
            {
                "key": each.key,
                "field": each.field,
                "start": each.start,
                "end": each.end,
                "kind": each.kind,
                "may_be_public": each.is_decided,
            }
            for each in ([] if version.state == rules.PUBLISHED else marks_of(version))
        ],
    }
