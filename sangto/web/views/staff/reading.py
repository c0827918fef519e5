"""A version as a reader will see it, held against the published version before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sangto.desk import rules
from sangto.desk.queries.highlights import Mark, marks_of
from sangto.engine.text import Change, words_changed


@dataclass(frozen=True)
class CitedRow:
    """A source of a version; `mark` is same, added or removed against the version before."""

    source: Any
    mark: str


@dataclass(frozen=True)
class Reading:
    """A version with its verdict, sources, and what changed; the changes are empty for a first version.

    `marks` holds what may be a name or an address; none in a published version, where all of it was decided on.
    """

    version: Any
    verdict: str
    verdict_before: str
    question: Sequence[Change]
    summary: Sequence[Change]
    text: Sequence[Change]
    sources: Sequence[CitedRow]
    marks: Sequence[Mark]

    @property
    def is_undecided(self) -> bool:
        """Whether somebody still has to say what of the text may be public."""
        return not all(mark.is_decided for mark in self.marks)

    @property
    def marks_in(self) -> dict[str, list[Mark]]:
        """The marks by the field they stand in."""
        return {field: [mark for mark in self.marks if mark.field == field] for field in rules.MARKED_FIELDS}


def readings_of(versions: Sequence[Any]) -> list[Reading]:
    """The versions, newest first as given, each against the published one below it."""
    return [_reading(version, _before(versions[place + 1 :])) for place, version in enumerate(versions)]


def _before(older: Sequence[Any]) -> Any | None:
    return next((each for each in older if each.state == rules.PUBLISHED), None)


def _verdict(version: Any) -> str:
    return str(version.rating or version.outcome)


def _reading(version: Any, before: Any | None) -> Reading:
    return Reading(
        version=version,
        verdict=_verdict(version),
        verdict_before=_verdict(before) if before and _verdict(before) != _verdict(version) else "",
        question=_changes(version, before, "question"),
        summary=_changes(version, before, "summary"),
        text=_changes(version, before, "text"),
        sources=_sources(version, before),
        marks=[] if version.state == rules.PUBLISHED else marks_of(version),
    )


def _changes(version: Any, before: Any | None, name: str) -> list[Change]:
    return words_changed(getattr(before, name), getattr(version, name)) if before else []


def _sources(version: Any, before: Any | None) -> list[CitedRow]:
    now, earlier = list(version.sources.all()), list(before.sources.all()) if before else []
    known = {_cited(each) for each in earlier}
    kept = {_cited(each) for each in now}
    rows = [CitedRow(each, "same" if before is None or _cited(each) in known else "added") for each in now]
    return rows + [CitedRow(each, "removed") for each in earlier if _cited(each) not in kept]


def _cited(source: Any) -> tuple[Any, ...]:
    return (source.title, source.publisher, source.url, source.dated_on)
