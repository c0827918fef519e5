"""What of a version may be a name or a home address, and what of that a Member has decided on."""

from collections.abc import Iterable
from dataclasses import dataclass

from sangto.desk import rules
from sangto.desk.models import AnswerVersion, Highlight
from sangto.engine.redact import highlights

Words = tuple[str, str, str]
"""Field, kind, and the words themselves."""


@dataclass(frozen=True)
class Mark:
    """Words of one field of a version, from `start` to `end`, with their kind; `is_decided`: they may be public."""

    field: str
    start: int
    end: int
    kind: str
    words: str
    is_decided: bool

    @property
    def key(self) -> str:
        """Names the place within its version."""
        return f"{self.field}-{self.start}-{self.end}"


def decisions_of(version: AnswerVersion) -> dict[Words, Highlight]:
    """What was decided about this version's text as it is now, by field, kind and words."""
    rows: Iterable[Highlight] = version.highlights.all()
    return {words_of(version, row): row for row in rows if row.decided_at is not None}


def marks_of(version: AnswerVersion) -> list[Mark]:
    """The places of a version that may be a name or an address, in reading order, found anew in its text.

    A place is decided when the same words in the same field were.
    """
    decided = decisions_of(version)
    found = [
        (field, one, getattr(version, field)[one.start : one.end])
        for field in rules.MARKED_FIELDS
        for one in highlights(getattr(version, field))
    ]
    return [
        Mark(field, one.start, one.end, one.kind, words, (field, one.kind, words) in decided)
        for field, one, words in found
    ]


def words_of(version: AnswerVersion, row: Highlight) -> Words:
    """The field, the kind and the words of a row."""
    return row.field, row.kind, getattr(version, row.field)[row.start : row.end]
