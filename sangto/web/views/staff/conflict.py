"""Two texts of one draft: what somebody typed, and what another window saved meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sangto.desk.actions import Content, Reference
from sangto.engine.text import Change, words_changed

FIELDS = ("question", "summary", "text", "change")


@dataclass(frozen=True)
class Conflict:
    """What stands there now (`version`), and by field how its words differ from those that were typed.

    `theirs` and `mine` are Sources of the one only; `may_save`: the typed text may take its place.
    """

    version: Any
    may_save: bool
    verdict: str
    words: dict[str, list[Change]]
    theirs: Sequence[Reference]
    mine: Sequence[Reference]


def conflict_between(version: Any, *, stands: Content, typed: Content, may_save: bool) -> Conflict:
    """The differences to show: words that only stand there are added, words that were only typed are removed."""
    return Conflict(
        version=version,
        may_save=may_save,
        verdict=stands.verdict if stands.verdict != typed.verdict else "",
        words={
            name: words_changed(getattr(typed, name), getattr(stands, name))
            for name in FIELDS
            if getattr(typed, name) != getattr(stands, name)
        },
        theirs=[each for each in stands.sources if each not in typed.sources],
        mine=[each for each in typed.sources if each not in stands.sources],
    )
