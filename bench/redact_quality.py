"""Prints how well redaction finds what bench/redaction marks, for what is masked and for what is only highlighted.

Recall: marked parts of which every letter and digit is covered. Precision: covered parts that touch a marked one. The
part "held out" was not looked at while the patterns were made. With -v the misses of the tuned part are shown.
Run: python -m bench.redact_quality [-v] [--hostile].
"""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench import redact_lines
from bench.redact_lines import HELD_OUT, SEEN, TUNED
from sangto.engine.redact import highlights, redact

MASKED = ("phone", "id", "e-mail", "bank", "card", "plate", "insurance", "passport", "account", "location")
HIGHLIGHTED = ("name", "address")
Row = dict[str, Any]
Part = tuple[int, int, str]


@dataclass
class Score:
    """Counts over lines, by kind: what is marked, what of it was covered, what was covered, what of that is marked."""

    marked: Counter[str] = field(default_factory=Counter)
    covered: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def recall(self, kinds: Sequence[str]) -> float:
        return _share(sum(self.covered[kind] for kind in kinds), sum(self.marked[kind] for kind in kinds))

    def precision(self, kinds: Sequence[str]) -> float:
        return _share(sum(self.right[kind] for kind in kinds), sum(self.found[kind] for kind in kinds))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def masked_parts(text: str) -> list[Part]:
    """What is masked; a link that is only shortened is none."""
    return [(one.start, one.end, one.kind) for one in redact(text).spans if one.kind != "link"]


def highlighted_parts(text: str) -> list[Part]:
    return [(one.start, one.end, one.kind) for one in highlights(text)]


def score(rows: Iterable[Row], find: Callable[[str], list[Part]], kinds: Sequence[str]) -> Score:
    """The score of one way of finding over lines, for marked parts of these kinds."""
    result = Score()
    for row in rows:
        text, found = row["text"], find(row["text"])
        marked = [one for one in row["spans"] if one["kind"] in kinds]
        seen = {at for start, end, _ in found for at in range(start, end)}
        for one in marked:
            result.marked[one["kind"]] += 1
            letters = [at for at in range(one["start"], one["end"]) if text[at].isalnum()]
            if seen.issuperset(letters):
                result.covered[one["kind"]] += 1
            else:
                result.missed.append(f"{row['id']} {one['kind']}: {text}")
        for start, end, kind in found:
            result.found[kind] += 1
            if any(start < one["end"] and one["start"] < end for one in marked):
                result.right[kind] += 1
            else:
                result.wrong.append(f"{row['id']} {kind} {text[start:end]!r}: {text}")
    return result


def scores(rows: Iterable[Row]) -> tuple[Score, Score]:
    """How the lines are masked, and how they are highlighted."""
    rows = list(rows)
    return score(rows, masked_parts, MASKED), score(rows, highlighted_parts, HIGHLIGHTED)


def print_table(name: str, rows: Sequence[Row]) -> None:
    for result, kinds in zip(scores(rows), (MASKED, HIGHLIGHTED), strict=True):
        for kind in (*kinds, ""):
            these = (kind,) if kind else kinds
            counted = sum(result.marked[each] for each in these)
            said = f"recall {result.recall(these):.3f}  precision {result.precision(these):.3f}"
            print(f"{name:9} {kind or 'together':10} {counted:5}  {said}")


def print_speed(rows: Sequence[Row]) -> None:
    """The time for 100 kB of the lines, in milliseconds of this machine."""
    text = "\n".join(row["text"] for row in rows)
    text = (text * (1 + 100_000 // len(text)))[:100_000]
    for name, act in (("redact", redact), ("highlights", highlights)):
        start = time.thread_time()
        act(text)
        print(f"{name} of 100 kB: {(time.thread_time() - start) * 1000:.0f} ms")


def main() -> None:
    lines = redact_lines.rows()
    for part in (TUNED, SEEN, HELD_OUT):
        print_table(part, [row for row in lines if row["part"] == part])
    print_table("all", lines)
    print_table("hard", [row for row in lines if row["hard"]])
    print_speed(lines)
    if "-v" in sys.argv:
        for result in scores(row for row in lines if row["part"] != HELD_OUT):
            print("\n".join(["", "MISSED", *result.missed, "WRONG", *result.wrong]))


if __name__ == "__main__":
    main()
