"""Members write a version: draft it, start a correction or a withdrawal, send it to review."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from sangto.desk import rules
from sangto.desk.actions.approve import is_checked, stand_for
from sangto.desk.actions.copies import ask_for_copies, copies_by_url, drop_copies_of, lacks_copies
from sangto.desk.actions.deeds import note_deed, note_sitting, roles_on
from sangto.desk.actions.grouping import close_if_all_withdrew, lock_cases, locked_case_of
from sangto.desk.actions.highlight import renew_highlights
from sangto.desk.models import Answer, AnswerVersion, Case, Source
from sangto.desk.queries.approvals import content_hash
from sangto.desk.queries.highlights import decisions_of
from sangto.desk.queries.publications import last_lost
from sangto.engine.crash import crash_point
from sangto.people.models import Member
from sangto.people.rules import may_write

NOTHING_YET = "nothing"  # stands for the hash where no version was under work
IS_URL = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True)
class Reference:
    """A Source as a Member types it."""

    title: str
    publisher: str
    url: str
    dated_on: date


@dataclass(frozen=True)
class Content:
    """A version as a Member types it. `verdict` is a rating for a claim and an outcome for a problem."""

    question: str
    verdict: str
    summary: str
    text: str
    sources: Sequence[Reference] = field(default=())
    change: str = ""


class CannotWrite(Exception):
    """The version cannot be kept or sent to review so.

    `code`: not_allowed, not_writer, gone, closed, already_open, not_answered, withdrawn, not_draft, unknown_verdict,
    no_source, bad_source, future_source, too_long, incomplete, no_change_note, no_copy, unchecked (the checklist),
    placeholder (of a template, not filled in) or changed_meanwhile (by another window).
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def draft(case: Case, *, content: Content, by: Member, now: datetime, began_from: str | None = None) -> AnswerVersion:
    """The Case's version under work with this content: the first one, or its draft rewritten. May be incomplete.

    `began_from`: the hash of what stood there when it was begun, or NOTHING_YET. When something else stands there by
    now, and not this content either, it is refused; None writes over whatever stands there.
    """
    case = _writable(case, by=by)
    answer, _ = Answer.objects.get_or_create(case=case)
    version = answer.versions.exclude(state=rules.PUBLISHED).first()
    if version is None:
        if answer.current_id:
            raise CannotWrite("not_draft")  # a published Answer changes by a correction or a withdrawal
        version = _first_version(answer, case, by=by)
    if not rules.may_edit(version.written_by_id, by.pk):
        raise CannotWrite("not_writer")
    if version.state != rules.DRAFT:
        raise CannotWrite("not_draft")
    _check_begun_from(version, content, began_from)
    if version.step == rules.CORRECT and not answer.current_id:
        content = replace(content, change=content.change or rules.AFTER_A_LOSS[version.lang])
    _fill(version, content, by=by, now=now)
    note_sitting("wrote", case, by=by, now=now)
    crash_point("draft.before_commit")
    return version


@transaction.atomic
def start_correction(case: Case, *, by: Member, now: datetime) -> AnswerVersion:
    """A draft of the next version that starts as a copy of the published one."""
    version = _next_version(case, step=rules.CORRECT, change="", by=by, now=now)
    note_deed("began_correction", case, by=by, now=now)
    return version


@transaction.atomic
def start_withdrawal(case: Case, *, change: str, by: Member, now: datetime) -> AnswerVersion:
    """A version in review that withdraws the published one, with the public reason; a second person approves it."""
    version = _next_version(case, step=rules.WITHDRAW, change=change.strip(), by=by, now=now)
    note_deed("began_withdrawal", case, by=by, now=now)
    return submit(version, by=by, now=now)


@transaction.atomic
def submit(
    version: AnswerVersion, *, by: Member, ticks: Collection[str] = (), now: datetime | None = None
) -> AnswerVersion:
    """The draft, in review: complete, with a known verdict and at least one Source. Nobody edits it there.

    Its writer stands for exactly these words from now on, with their own `ticks` on the checklist. A Copy is asked for
    of each Source that has none. Without `now` the database's clock counts.
    """
    version = _locked_draft(version, by=by)
    if not rules.may_edit(version.written_by_id, by.pk):
        raise CannotWrite("not_writer")
    _check_complete(version)
    if not is_checked(version, ticks):
        raise CannotWrite("unchecked")
    version.state, version.review_note = rules.IN_REVIEW, ""
    version.save(update_fields=["state", "review_note"])
    ask_for_copies(version, now=now)
    stand_for(version, by=by, role=rules.AS_AUTHOR, now=now, ticks=ticks)
    note_deed("submitted", version.answer.case, by=by, now=now)
    crash_point("review.before_commit")
    return version


@transaction.atomic
def discard(version: AnswerVersion, *, by: Member, now: datetime) -> None:
    """Drop a version that was never published, so that somebody else can start afresh."""
    version = _locked_draft(version, by=by)
    case = version.answer.case
    note_deed("discarded", case, by=by, now=now)
    version.sources.all().delete()
    version.delete()
    if not AnswerVersion.objects.filter(answer=version.answer_id).exists():
        drop_copies_of(version.answer_id)
        Answer.objects.filter(pk=version.answer_id).delete()
        close_if_all_withdrew(case, now=now)


def content_of(version: AnswerVersion) -> Content:
    """What the version says, as a Member would type it."""
    return Content(
        question=version.question, verdict=version.rating or version.outcome, summary=version.summary,
        text=version.text, change=version.change, sources=_references(version),
    )  # fmt: skip


def _references(version: AnswerVersion) -> list[Reference]:
    return [Reference(each.title, each.publisher, each.url, each.dated_on) for each in version.sources.all()]


def _check_begun_from(version: AnswerVersion, content: Content, began_from: str | None) -> None:
    """Nothing that stands there by now is lost: what another window wrote is only written over by who has seen it."""
    if began_from is None or version.pk is None or began_from == content_hash(version):
        return
    if content_of(version) != _trimmed(content):
        raise CannotWrite("changed_meanwhile")


def _trimmed(content: Content) -> Content:
    words = {name: getattr(content, name).strip() for name in rules.MARKED_FIELDS}
    sources = [
        Reference(each.title.strip(), each.publisher.strip(), each.url.strip(), each.dated_on)
        for each in content.sources
    ]
    return replace(content, **words, sources=sources)


def _locked_draft(version: AnswerVersion, *, by: Member) -> AnswerVersion:
    case = locked_case_of(version)
    if case and not may_write(roles_on(case, by)):
        raise CannotWrite("not_allowed")
    fresh = AnswerVersion.objects.select_related("answer__case").filter(pk=version.pk, state=rules.DRAFT).first()
    if fresh is None:
        raise CannotWrite("not_draft")
    return fresh


def _writable(case: Case, *, by: Member) -> Case:
    case = lock_cases(case.pk)[case.pk]
    if not may_write(roles_on(case, by)):
        raise CannotWrite("not_allowed")
    if case.state == rules.MERGED:
        raise CannotWrite("gone")
    if case.state == rules.CLOSED:
        raise CannotWrite("closed")
    return case


def _next_version(case: Case, *, step: str, change: str, by: Member, now: datetime) -> AnswerVersion:
    case = _writable(case, by=by)
    current = case.answer.current if hasattr(case, "answer") else None
    if current is None:
        raise CannotWrite("not_answered")
    if current.step == rules.WITHDRAW and step == rules.WITHDRAW:
        raise CannotWrite("withdrawn")
    if case.answer.versions.exclude(state=rules.PUBLISHED).exists():
        raise CannotWrite("already_open")
    version = AnswerVersion(
        answer=case.answer, n=max(current.n, last_lost(case)) + 1, step=step, kind=current.kind, lang=current.lang,
        question=current.question, rating=current.rating, outcome=current.outcome,
        summary=current.summary, text=current.text, change=_fitting(change, "change"), written_by=by, written_at=now,
    )  # fmt: skip
    version.save()
    _cite(version, _references(current), copies=copies_by_url(case.answer, current))
    renew_highlights(version, decided=decisions_of(current))
    return version


def _first_version(answer: Answer, case: Case, *, by: Member) -> AnswerVersion:
    """The version that begins an Answer; it corrects the last one of which the log alone still knows."""
    lost = last_lost(case)
    step = rules.CORRECT if lost else rules.PUBLISH
    return AnswerVersion(answer=answer, n=lost + 1, step=step, kind=case.kind, lang=case.lang, written_by=by)


def _fill(version: AnswerVersion, content: Content, *, by: Member, now: datetime) -> None:
    if content.verdict and not rules.is_verdict(version.kind, content.verdict):
        raise CannotWrite("unknown_verdict")
    decided = decisions_of(version) if version.pk else {}
    for name in ("question", "summary", "text", "change"):
        setattr(version, name, _fitting(getattr(content, name).strip(), name))
    version.rating = content.verdict if version.kind == rules.CLAIM else ""
    version.outcome = content.verdict if version.kind == rules.PROBLEM else ""
    version.written_by, version.written_at = by, now
    version.save()
    renew_highlights(version, decided=decided)
    copies = copies_by_url(version.answer, version)
    version.sources.all().delete()
    if any(each.dated_on > now.date() + timedelta(days=1) for each in content.sources):  # it may be tomorrow elsewhere
        raise CannotWrite("future_source")
    _cite(version, content.sources, copies=copies)


def _fitting(value: str, name: str) -> str:
    limit = getattr(AnswerVersion._meta.get_field(name), "max_length", None)
    if limit and len(value) > limit:
        raise CannotWrite("too_long")
    return value


def _cite(version: AnswerVersion, sources: Sequence[Reference], *, copies: Mapping[str, int]) -> None:
    rows = [
        Source(version=version, position=position, title=each.title.strip(), publisher=each.publisher.strip(),
               url=each.url.strip(), dated_on=each.dated_on, copy_id=copies.get(each.url.strip()))
        for position, each in enumerate(sources, start=1)
    ]  # fmt: skip
    for row in rows:
        _check_source(row)
    Source.objects.bulk_create(rows)


def _check_source(source: Source) -> None:
    try:
        IS_URL(source.url)
    except ValidationError as error:
        raise CannotWrite("bad_source") from error
    if not source.title or not source.publisher:
        raise CannotWrite("bad_source")
    if len(source.title) > 300 or len(source.publisher) > 200 or len(source.url) > 1000:
        raise CannotWrite("too_long")


def _check_complete(version: AnswerVersion) -> None:
    if not (version.question and version.summary and version.text):
        raise CannotWrite("incomplete")
    if not rules.is_verdict(version.kind, version.rating or version.outcome):
        raise CannotWrite("unknown_verdict")
    if not version.sources.exists():
        raise CannotWrite("no_source")
    if rules.needs_change_note(version.step) and not version.change:
        raise CannotWrite("no_change_note")
    if rules.placeholders(version.summary) or rules.placeholders(version.text):
        raise CannotWrite("placeholder")
    if lacks_copies(version):
        raise CannotWrite("no_copy")
