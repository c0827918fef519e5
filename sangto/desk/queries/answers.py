"""What the public may read: answers of this desk, and those that other organisations published."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from sangto.desk import rules
from sangto.desk.models import AnswerVersion, Case, Objection, Source
from sangto.engine.text import Change, words_changed
from sangto.people.rules import APPROVER, EDITOR


@dataclass(frozen=True)
class CitedSource:
    """A dated public document that an answer cites."""

    title: str
    publisher: str
    url: str
    dated_on: date
    # Its archived copy, if one is kept. A copy is no change of the source: it is left out where two are compared.
    copied_at: datetime | None = field(default=None, compare=False)
    sha256: str = field(default="", compare=False)


@dataclass(frozen=True)
class PublicAnswer:
    """One answered Case as the public reads it. `publisher` is empty for our own answers, `verdict` is theirs."""

    case_id: int
    number: str
    kind: str
    lang: str
    question: str
    rating: str
    outcome: str
    summary: str
    text: str
    place: str
    unit: str
    asked: int
    n: int
    withdrawn: bool
    published_at: datetime | None
    changed_at: datetime | None
    change: str = ""
    written_role: str = ""
    approved_role: str = ""
    publisher: str = ""
    url: str = ""
    verdict: str = ""
    external_id: str = ""
    published_on: date | None = None
    contested: bool = False  # somebody objected, and nobody has decided yet
    sources: tuple[CitedSource, ...] = field(default=())

    @property
    def is_foreign(self) -> bool:
        """Whether another organisation published it."""
        return bool(self.publisher)


@dataclass(frozen=True)
class Changed:
    """What a version changed: empty where nothing did. `verdict` is the rating or outcome before it."""

    verdict: str = ""
    question: tuple[Change, ...] = ()
    summary: tuple[Change, ...] = ()
    text: tuple[Change, ...] = ()
    added: tuple[CitedSource, ...] = ()
    dropped: tuple[CitedSource, ...] = ()


@dataclass(frozen=True)
class PublicVersion:
    """One published version, with what changed against the one before it."""

    n: int
    step: str
    rating: str
    outcome: str
    question: str
    summary: str
    text: str
    change: str
    published_at: datetime
    written_role: str
    approved_role: str
    sources: tuple[CitedSource, ...]
    changed: Changed
    erased: bool = False  # by law: the texts are gone, the version is not


def answered_cases() -> QuerySet[Case]:
    """Cases whose answer anyone may read, withdrawn ones included, with what a page needs in two queries."""
    return _answered_cases().all()


@cache  # to say all this takes Django longer than the database needs to answer it
def _answered_cases() -> QuerySet[Case]:
    return _cases().filter(Q(answer__current__isnull=False) | Q(foreign__isnull=False))


def _cases() -> QuerySet[Case]:
    contested = Objection.objects.filter(version__answer__case=OuterRef("pk"), ruling__isnull=True)
    first = AnswerVersion.objects.filter(answer__case=OuterRef("pk"), state=rules.PUBLISHED).order_by("n")
    return (
        Case.objects.select_related("unit", "foreign", "answer__current")
        .prefetch_related("answer__current__sources__copy", "unit__periods")
        .annotate(
            contested=Exists(contested),
            first_at=Subquery(first.values("published_at")[:1]),
        )
    )


def answers_in(case_ids: Iterable[int]) -> list[PublicAnswer]:
    """The public answers of these Cases in the order of the ids; a Case that has none is left out."""
    ids = list(case_ids)
    found = {case.pk: case for case in answered_cases().filter(pk__in=ids)} if ids else {}
    return [public_answer(found[pk]) for pk in ids if pk in found]


def latest_answers(
    limit: int, *, offset: int = 0, kind: str | None = None, lang: str | None = None
) -> list[PublicAnswer]:
    """Our own newest answers, newest first, without withdrawn ones; only of one kind or language if it is given."""
    cases = answered_cases().filter(state=rules.ANSWERED, answer__current__isnull=False)
    if kind:
        cases = cases.filter(kind=kind)
    if lang:
        cases = cases.filter(answer__current__lang=lang)
    ordered = cases.order_by("-answer__current__published_at", "-pk")
    return [public_answer(case) for case in ordered[offset : offset + limit]]


def all_answers() -> Iterable[PublicAnswer]:
    """Every public answer by number, withdrawn ones left out; streamed, for exports and feeds."""
    cases = answered_cases().filter(state=rules.ANSWERED).order_by("pk")
    return (public_answer(case) for case in cases.iterator(chunk_size=500))


def withdrawn_answers() -> list[PublicAnswer]:
    """Our own answers whose newest version withdraws them, by number."""
    cases = answered_cases().filter(answer__current__step=rules.WITHDRAW).order_by("pk")
    return [public_answer(case) for case in cases]


def answer_by_number(number: str) -> PublicAnswer | None:
    """The public answer with this number, or None; a merged Case's number leads to the Case it went into."""
    case = case_by_number(number)
    while case is not None and case.merged_into_id:
        case = Case.objects.get(pk=case.merged_into_id)
    return next(iter(answers_in([case.pk])), None) if case else None


def case_by_number(number: str) -> Case | None:
    """The Case with this number, or None."""
    year, _, digits = number.partition("-")
    if not (year.isdecimal() and digits.isascii() and digits.isdecimal() and len(digits) < 19):
        return None
    case = Case.objects.filter(pk=int(digits)).first()
    return case if case and case.number == number else None


def versions_of(answer: PublicAnswer) -> list[PublicVersion]:
    """All published versions of our own answer, newest first; empty for a foreign one."""
    rows = (
        AnswerVersion.objects.filter(answer__case=answer.case_id, state=rules.PUBLISHED)
        .select_related("approved_by", "publication")
        .prefetch_related("sources__copy")
        .order_by("n")
    )
    versions: list[PublicVersion] = []
    before: AnswerVersion | None = None
    for row in rows:
        comparable = before and not (_is_erased(row) or _is_erased(before))
        versions.append(_public_version(row, changed=_changed(row, before) if before and comparable else Changed()))
        before = row
    return versions[::-1]


def as_if_published(version: AnswerVersion, *, now: datetime) -> tuple[PublicAnswer, list[PublicVersion]]:
    """The Answer and its history as the public would read them, were this version published now. Nothing is written."""
    case: Any = _cases().get(pk=version.answer.case_id)
    case.first_at = case.first_at or now
    version = copy(version)
    version.published_at = now
    answer, before = _own(case, version), case.answer.current
    comparable = before and not _is_erased(before)
    newest = _public_version(version, changed=_changed(version, before) if comparable else Changed())
    return answer, [newest, *versions_of(answer)]


def public_answer(case: Case) -> PublicAnswer:
    """The public face of a Case loaded by `answered_cases`."""
    version = case.answer.current if hasattr(case, "answer") else None
    return _own(case, version) if version else _foreign(case)


def _shared(case: Any, *, at: datetime | None) -> dict[str, Any]:
    named = case.unit and (case.unit.name_on(timezone.localtime(at).date()) if at else case.unit.name)
    unit = named or ""
    return {"case_id": case.pk, "number": case.number, "kind": case.kind, "place": case.place,
            "unit": unit, "asked": case.asked, "contested": case.contested}  # fmt: skip


def _own(case: Any, version: AnswerVersion) -> PublicAnswer:
    return PublicAnswer(
        **_shared(case, at=version.published_at),
        lang=version.lang,
        question=version.question,
        rating=version.rating,
        outcome=version.outcome,
        summary=version.summary,
        text=version.text,
        n=version.n,
        withdrawn=version.step == rules.WITHDRAW,
        published_at=case.first_at,
        changed_at=version.published_at,
        change=version.change,
        written_role=EDITOR,
        approved_role=APPROVER,
        sources=_sources(version),
    )


def _foreign(case: Case) -> PublicAnswer:
    foreign = case.foreign
    return PublicAnswer(
        **_shared(case, at=foreign.imported_at),
        lang=case.lang,
        question=foreign.question,
        rating="",
        outcome="",
        summary=foreign.summary,
        text=foreign.text,
        n=1,
        withdrawn=False,
        published_at=None,
        changed_at=foreign.imported_at,
        publisher=foreign.publisher,
        url=foreign.url,
        verdict=foreign.verdict,
        external_id=foreign.external_id,
        published_on=foreign.published_on,
    )


def _is_erased(row: AnswerVersion) -> bool:
    return hasattr(row, "publication") and row.publication.erased_at is not None


def _changed(row: AnswerVersion, before: AnswerVersion) -> Changed:
    sources, earlier = _sources(row), _sources(before)
    words = {
        name: tuple(words_changed(getattr(before, name), getattr(row, name)))
        for name in ("question", "summary", "text")
        if getattr(before, name) != getattr(row, name)
    }
    verdict = before.rating or before.outcome
    return Changed(
        verdict=verdict if verdict != (row.rating or row.outcome) else "",
        added=tuple(each for each in sources if each not in earlier),
        dropped=tuple(each for each in earlier if each not in sources),
        **words,
    )


def _public_version(row: AnswerVersion, *, changed: Changed) -> PublicVersion:
    assert row.published_at is not None  # noqa: S101 - a constraint of the table
    return PublicVersion(
        n=row.n,
        step=row.step,
        rating=row.rating,
        outcome=row.outcome,
        question=row.question,
        summary=row.summary,
        text=row.text,
        change=row.change,
        published_at=row.published_at,
        written_role=EDITOR,
        approved_role=APPROVER,
        sources=_sources(row),
        changed=changed,
        erased=_is_erased(row),
    )


def _sources(version: AnswerVersion) -> tuple[CitedSource, ...]:
    rows = version.sources.all()
    return tuple(_cited(row) for row in rows)


def _cited(row: Source) -> CitedSource:
    copied_at, sha256 = (row.copy.taken_at, row.copy.sha256) if row.copy else (None, "")
    return CitedSource(row.title, row.publisher, row.url, row.dated_on, copied_at, sha256)
