"""Prints how well differences of numbers, dates, places and negation are marked: precision and recall for each kind.

Three sets. "pairs": tests/engine/data/differences.tsv, 142 short pairs written for this with the kinds in which they
differ. "near misses": tests/engine/data/near_misses.jsonl, where each pair differs in one thing; pairs that differ in a
product or an opposite are left out, and a unit counts as a number. "altered": real questions and claims, the
Vietnamese ones of bench/vi-answers (test) and, with SANGTO_DATA, the English claims of CheckThat 2021, each beside
itself with one number, date, place or negation altered by rule, and beside itself in other writing.
Run: python -m bench.differences [-v].
"""

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from sangto.engine.differ import compare

ROOT = Path(__file__).parents[1]
DATA = ROOT / "tests" / "engine" / "data"
CLAIMS = Path(os.environ.get("SANGTO_DATA", ROOT.parent / "shared" / "data")) / "claims"
KINDS = ("number", "date", "place", "negation")
MOST_CLAIMS = 2000
SAID = {"number": "number", "unit": "number", "date": "date", "place": "place", "negation": "negation", None: ""}
PLACES = ("Hà Nội", "Đà Nẵng", "Hải Phòng", "Cần Thơ", "Texas", "Florida", "California", "China", "India", "London")
MONTHS = ("January", "February", "April", "June", "July", "August", "October", "November", "December")


class Pair(NamedTuple):
    """Two texts and the kinds in which they differ."""

    one: str
    other: str
    kinds: frozenset[str]


def written() -> Iterator[Pair]:
    """The pairs written for this."""
    for line in (DATA / "differences.tsv").read_text(encoding="utf-8").splitlines():
        _, kinds, one, other = line.split("\t")
        yield Pair(one, other, frozenset(kinds.split(",")) - {"-"})


def near_misses() -> Iterator[Pair]:
    """The fixed near misses and paraphrases of the guard."""
    for line in (DATA / "near_misses.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row.get("differs") in SAID:
            yield Pair(row["message"], row["claim"], frozenset({SAID[row.get("differs")]} - {""}))


def altered() -> Iterator[Pair]:
    """Real questions beside themselves with one thing altered, or the same number in other writing."""
    for text in (*_vietnamese(), *_english()):
        yield Pair(text, f"{text} ", frozenset())
        yield from _with_number(text)
        yield from _with_place(text)
        yield from _with_date(text)
        yield from _negated(text)


def _vietnamese() -> list[str]:
    lines = (ROOT / "bench" / "vi-answers" / "answers.jsonl").read_text(encoding="utf-8").splitlines()
    return [row["title"] for row in map(json.loads, lines)]


def _english() -> list[str]:
    path = CLAIMS / "checkthat2021" / "vclaims.jsonl"
    if not path.exists():
        print(f"== {path} is not there: no English claims\n")
        return []
    with path.open(encoding="utf-8") as file:
        return [json.loads(line)["vclaim"] for line in islice(file, MOST_CLAIMS)]


_PLAIN_NUMBER = re.compile(r"(?<![\w.,:/$-])\d{1,3}(?:[.,]000)+(?![\w.,:/-])")
_FULL_DATE = re.compile(r"(?<![\w/.-])(\d{1,2})/(\d{1,2})/(20\d\d)(?![\w/-])")


def _with_number(text: str) -> Iterator[Pair]:
    if found := _PLAIN_NUMBER.search(text):
        digits = re.sub(r"\D", "", found[0])
        yield Pair(text, text[: found.start()] + digits + text[found.end() :], frozenset())
        yield Pair(text, f"{text[: found.start()]}{int(digits) * 3}{text[found.end() :]}", frozenset({"number"}))


def _with_place(text: str) -> Iterator[Pair]:
    held = [place for place in PLACES if re.search(rf"\b{place}\b", text)]
    if len(held) == 1:
        group = PLACES[:4] if held[0] in PLACES[:4] else PLACES[4:]
        new = group[(group.index(held[0]) + 1) % len(group)]
        yield Pair(text, text.replace(held[0], new), frozenset({"place"}))


def _with_date(text: str) -> Iterator[Pair]:
    if found := _FULL_DATE.search(text):
        day, month, year = map(int, found.groups())
        written_out = f"{day} tháng {month} năm {year}"
        yield Pair(text, text.replace(found[0], written_out), frozenset())
        yield Pair(text, text.replace(found[0], f"{day}/{month % 12 + 1}/{year}"), frozenset({"date"}))
    months = [month for month in MONTHS if re.search(rf"\b{month} \d", text)]
    if len(months) == 1:
        new = MONTHS[(MONTHS.index(months[0]) + 1) % len(MONTHS)]
        yield Pair(text, text.replace(months[0], new), frozenset({"date"}))


def _negated(text: str) -> Iterator[Pair]:
    for word, negated in ((" phải ", " không phải "), (" được ", " không được "), (" will ", " will not "),
                          (" can ", " cannot ")):  # fmt: skip
        if text.count(word) == 1 and not re.search(r"không|chưa|cấm|ban|not|n't", text):
            yield Pair(text, text.replace(word, negated), frozenset({"negation"}))
            return


def measured(pairs: Iterator[Pair], *, shown: bool) -> tuple[int, dict[str, tuple[int, int, int]]]:
    """How many pairs there are, and for each kind what was rightly, wrongly and not marked."""
    right, wrong, missed, count = Counter[str](), Counter[str](), Counter[str](), 0
    for pair in pairs:
        count += 1
        found = {each.kind for each in compare(pair.one, pair.other).differences}
        right.update(found & pair.kinds)
        wrong.update(found - pair.kinds)
        missed.update(pair.kinds - found)
        if shown and found != pair.kinds:
            print("   ", sorted(found), "not", sorted(pair.kinds), "|", pair.one, "|", pair.other)
    return count, {kind: (right[kind], wrong[kind], missed[kind]) for kind in KINDS}


def main() -> None:
    """Prints a table."""
    for name, pairs in (("pairs", written()), ("near misses", near_misses()), ("altered", altered())):
        count, rows = measured(pairs, shown="-v" in sys.argv)
        print(f"{name}: {count}")
        for kind, (right, wrong, missed) in rows.items():
            precision, recall = right / max(right + wrong, 1), right / max(right + missed, 1)
            counted = f"({right} right, {wrong} wrong, {missed} missed)"
            print(f"  {kind:9} precision {precision:.3f}  recall {recall:.3f}  {counted}")


if __name__ == "__main__":
    main()
