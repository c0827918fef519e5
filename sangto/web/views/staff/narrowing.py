"""What a member typed to see fewer Cases: read from the address, kindly."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from sangto.desk.queries.inbox import Narrowing, opened_until
from sangto.desk.rules import VIEW_FIELDS
from sangto.people.queries import units_held
from sangto.people.rules import may_read_cases
from sangto.web import wording
from sangto.web.views.staff.access import Member

WORDS_CHARS = 200
MOST_DAYS = 3650
MOST_ASKED = 1_000_000


@dataclass(frozen=True)
class Typed:
    """The fields as the page shows them again. What cannot be understood is left out, and its field is empty."""

    words: str
    unit: str
    kind: str
    days: int | None
    asked: int | None
    free: bool
    units: list[Any]  # those whose Cases the Member may read

    @property
    def is_set(self) -> bool:
        """Whether anything narrows the view."""
        return bool(self.words or self.unit or self.kind or self.days or self.asked or self.free)

    def query(self, *, view: str, order: str) -> str:
        """The address's query that says this and nothing else, as a saved view keeps it."""
        given = (view, order, self.words, self.unit, self.kind, self.days, self.asked, "1" if self.free else "")
        return urlencode([(field, value) for field, value in zip(VIEW_FIELDS, given, strict=True) if value])

    def narrowing(self, *, now: datetime) -> Narrowing:
        """What the query of Cases understands."""
        return Narrowing(
            words=self.words,
            unit=int(self.unit) if self.unit else None,
            kind=self.kind,
            opened_until=opened_until(self.days, now=now) if self.days else None,
            asked=self.asked or 0,
            is_free=self.free,
        )


def typed(query: QueryDict, *, viewer: Member) -> Typed:
    """The fields of an address for this viewer."""
    units = units_held(viewer, may_read_cases)
    unit, kind = query.get("unit", ""), query.get("kind", "")
    return Typed(
        words=" ".join(query.get("q", "")[:WORDS_CHARS].split()),
        unit=unit if unit in {str(each.pk) for each in units} else "",
        kind=kind if kind in wording.KINDS else "",
        days=_number(query.get("days", ""), most=MOST_DAYS),
        asked=_number(query.get("asked", ""), most=MOST_ASKED),
        free=query.get("free") == "1",
        units=units,
    )


def _number(text: str, *, most: int) -> int | None:
    """A whole number from 1 to `most`; a greater one is `most`."""
    text = text.strip()
    if not (text.isascii() and text.isdecimal()):
        return None
    return min(int(text[:12]), most) or None
