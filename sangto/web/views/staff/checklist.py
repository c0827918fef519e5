"""The checklist of one version: what the desk can see by itself, and what a Member says with a tick."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sangto.desk import rules
from sangto.web.checklist_wording import COMMITMENTS, LINES


@dataclass(frozen=True)
class Line:
    """One line: `is_met` is computed, and None for what a Member ticks (`is_ticked`)."""

    code: str
    text: Any
    is_met: bool | None = None
    is_ticked: bool = False


@dataclass(frozen=True)
class Commitment:
    """One of the five commitments with its lines for this version."""

    title: Any
    lines: list[Line]


def checklist_of(
    version: Any, *, kind: str, step: str, has_unit: bool, is_undecided: bool, ticks: Collection[str]
) -> list[Commitment]:
    """The lines by commitment, for the version as it is saved; None where nothing was begun. Empty for a withdrawal."""
    needed = rules.ticks_needed(kind, step)
    if not needed:
        return []
    seen = {
        "verdict": version is not None and rules.is_verdict(kind, version.rating or version.outcome),
        "sources": version is not None and len(version.sources.all()) > 0,
        "unit": has_unit,
        "names": version is not None and not is_undecided,
        "two_people": True,  # triggers hold it
        "change": version is not None and bool(version.change),
        "contest": True,  # the template of every answer
    }
    lines = {
        "fairness": ("verdict", rules.RATES_CLAIM, rules.OTHER_SIDE),
        "sources": ("sources", rules.SOURCES_READ),
        "organisation": ("unit",),
        "method": ("two_people", "names"),
        "corrections": ("change", "contest") if rules.needs_change_note(step) else ("contest",),
    }
    wanted = {*seen, *needed}
    return [
        Commitment(COMMITMENTS[name], [_line(code, seen, ticks) for code in codes if code in wanted])
        for name, codes in lines.items()
    ]


def _line(code: str, seen: dict[str, bool], ticks: Collection[str]) -> Line:
    return Line(code, LINES[code], is_met=seen.get(code), is_ticked=code in ticks)
