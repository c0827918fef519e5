"""Keep answers that other organisations published. An import publishes nothing in our name."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from sangto.desk import rules
from sangto.desk.actions.findable import renew_words
from sangto.desk.models import Case, Change, ForeignAnswer
from sangto.engine.text import guess_lang

NEW, KNOWN, RENEWED = "new", "known", "renewed"
BATCH = 500
TITLE_CHARS = 200
LIMITS = {"external_id": 200, "publisher": 200, "question": 1000, "summary": 500, "text": 200_000, "verdict": 100,
          "url": 1000}  # fmt: skip
WORDS = ("external_id", "publisher", "url", "published_on", "verdict", "question", "summary", "text")
_NO_TEXT = re.compile("[\\0\ud800-\udfff]")  # no database keeps NUL and lone surrogates
_ADDRESS = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)


@dataclass(frozen=True)
class ForeignRow:
    """One published answer of another organisation. There is no field for who made the claim or who checked it."""

    external_id: str
    publisher: str
    question: str
    summary: str = ""
    text: str = ""
    verdict: str = ""
    url: str = ""
    published_on: date | None = None
    lang: str = ""
    kind: str = rules.CLAIM


def import_answers(rows: Sequence[ForeignRow], *, now: datetime) -> list[str]:
    """Keep each row with a Case of its own, found again by publisher and id; says for each what became of it.

    "new", "known" (nothing changed), "renewed" (its words changed), or why it is refused: no_id, no_publisher,
    no_question, unknown_kind, unknown_lang, bad_url or too_long. One transaction for every 500 rows: after a crash in
    between, the same import again makes up for the rest.
    """
    said: list[str] = []
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        try:
            said += _keep(batch, now=now)
        except IntegrityError:
            # Another import brought some of these rows a moment ago: now they are known.
            said += _keep(batch, now=now)
    return said


def refusal_of(row: ForeignRow) -> str:
    """Why the row cannot be kept, or an empty text."""
    if any(_NO_TEXT.search(getattr(row, name)) for name in LIMITS):
        return "not_text"
    missing = {"no_id": row.external_id, "no_publisher": row.publisher, "no_question": row.question}
    for code, value in missing.items():
        if not value.strip():
            return code
    if row.kind not in rules.KINDS:
        return "unknown_kind"
    if row.lang not in ("", *rules.LANGUAGES):
        return "unknown_lang"
    if row.url and not _ADDRESS.fullmatch(row.url):
        return "bad_url"
    return "too_long" if any(len(getattr(row, name)) > limit for name, limit in LIMITS.items()) else ""


@transaction.atomic
def _keep(rows: Sequence[ForeignRow], *, now: datetime) -> list[str]:
    keys = [_key(row) for row in rows]
    answers = {each.key: each for each in ForeignAnswer.objects.select_related("case").filter(key__in=keys)}
    new: list[ForeignAnswer] = []
    renewed: dict[str, ForeignAnswer] = {}
    said = []
    for key, row in zip(keys, rows, strict=True):
        code = refusal_of(row) or (_renewal(answers[key], row, now=now) if key in answers else NEW)
        if code == NEW:
            answers[key] = _fresh(key, row, now=now)
            new.append(answers[key])
        elif code == RENEWED:
            renewed[key] = answers[key]
        said.append(code)
    _write(new, [each for each in renewed.values() if each.pk], now=now)
    return said


def _fresh(key: str, row: ForeignRow, *, now: datetime) -> ForeignAnswer:
    case = Case(kind=row.kind, lang=row.lang or guess_lang(row.question), question=row.question[:TITLE_CHARS],
                state=rules.ANSWERED, opened_at=now, settled_at=now)  # fmt: skip
    return ForeignAnswer(case=case, key=key, imported_at=now, **{name: getattr(row, name) for name in WORDS})


def _renewal(answer: ForeignAnswer, row: ForeignRow, *, now: datetime) -> str:
    """Put the row's words into the answer. The kind of its Case stays: Messages may have joined it as that."""
    lang = row.lang or answer.case.lang
    if lang == answer.case.lang and all(getattr(answer, name) == getattr(row, name) for name in WORDS):
        return KNOWN
    for name in WORDS:
        setattr(answer, name, getattr(row, name))
    answer.imported_at = now
    answer.case.lang, answer.case.question = lang, row.question[:TITLE_CHARS]
    return RENEWED


def _write(new: list[ForeignAnswer], renewed: list[ForeignAnswer], *, now: datetime) -> None:
    Case.objects.bulk_create([each.case for each in new])
    ForeignAnswer.objects.bulk_create(new)
    ForeignAnswer.objects.bulk_update(renewed, [*WORDS, "imported_at"], batch_size=50)
    Case.objects.bulk_update([each.case for each in renewed], ["lang", "question"], batch_size=100)
    renew_words([each.case for each in [*new, *renewed]])
    Change.objects.bulk_create([Change(case=each.case, at=now) for each in [*new, *renewed]])


def _key(row: ForeignRow) -> str:
    return hashlib.sha256(f"{row.publisher}\0{row.external_id}".encode(errors="replace")).hexdigest()
