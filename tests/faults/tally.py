"""What a campaign counted, and the line it ends with."""

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

BROKEN = ("lost", "doubled", "forks", "corrupt")


@dataclass
class Tally:
    """Counts by name, deaths by crash point, and every broken promise in a sentence."""

    counts: Counter[str] = field(default_factory=Counter)
    points: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[str, str]] = field(default_factory=list)
    notice: str = ""  # why nothing was tried
    began: float = field(default_factory=time.monotonic)

    def add(self, name: str, n: int = 1) -> None:
        self.counts[name] += n

    def take(self, verdict: Any, where: str = "") -> None:
        """Count a judge's verdict in."""
        self.counts.update(verdict.counts)
        self.faults += [(kind, f"{where}{what}") for kind, what in verdict.faults]

    def merge(self, other: "Tally", where: str = "") -> None:
        """Count another tally in."""
        self.counts.update(other.counts)
        self.points.update(other.points)
        self.faults += [(kind, f"{where}{what}") for kind, what in other.faults]

    def line(self, name: str) -> str:
        """One line: what was tried, what was found."""
        if self.notice:
            return f"{name}: NOT RUN: {self.notice}"
        tried = {"points": len(self.points), **self.counts} if self.points else dict(self.counts)
        kinds = dict.fromkeys((*BROKEN, *(kind for kind, _what in self.faults)))
        found = {kind: sum(each == kind for each, _what in self.faults) for kind in kinds}
        words = [f"{value:,} {key}" for key, value in {**tried, **found}.items()]
        return f"{name}: {', '.join(words)}; {time.monotonic() - self.began:.0f} s"
