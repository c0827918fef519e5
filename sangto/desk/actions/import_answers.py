"""Keep an answer that another organisation published. An import publishes nothing in our name."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from sangto.desk import rules
from sangto.desk.actions.grouping import touch
from sangto.desk.models import Case, ForeignAnswer
from sangto.engine.text import guess_lang


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


class CannotImport(Exception):
    """The row cannot be kept. `code`: no_question, no_publisher, unknown_kind, unknown_lang or too_long."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def import_answer(row: ForeignRow, *, now: datetime) -> bool:
    """Keep the row with a Case of its own; True when it is new, False when it was known and its words are renewed."""
    _check(row)
    known = ForeignAnswer.objects.select_related("case").filter(key=_key(row)).first()
    values = _values(row)
    if known is None:
        case = Case.objects.create(
            kind=row.kind, lang=row.lang or guess_lang(row.question), question=row.question[:200],
            state=rules.ANSWERED, opened_at=now, settled_at=now,
        )  # fmt: skip
        ForeignAnswer.objects.create(case=case, key=_key(row), imported_at=now, **values)
        touch(case, now=now)
        return True
    if any(getattr(known, name) != value for name, value in values.items()):
        ForeignAnswer.objects.filter(pk=known.pk).update(imported_at=now, **values)
        touch(known.case, now=now)
    return False


def _values(row: ForeignRow) -> dict[str, object]:
    names = ("external_id", "publisher", "url", "published_on", "verdict", "question", "summary", "text")
    return {name: getattr(row, name) for name in names}


def _check(row: ForeignRow) -> None:
    if not row.question.strip():
        raise CannotImport("no_question")
    if not row.publisher.strip():
        raise CannotImport("no_publisher")
    if row.kind not in rules.KINDS:
        raise CannotImport("unknown_kind")
    if row.lang not in ("", *rules.LANGUAGES):
        raise CannotImport("unknown_lang")
    limits = {"question": 1000, "summary": 500, "publisher": 200, "verdict": 100, "url": 1000, "external_id": 200}
    if any(len(getattr(row, name)) > limit for name, limit in limits.items()):
        raise CannotImport("too_long")


def _key(row: ForeignRow) -> str:
    return hashlib.sha256(f"{row.publisher}\0{row.external_id}".encode()).hexdigest()
