"""Digits that are typed as something else: letters that look alike, and words."""

import re
from collections.abc import Iterator

from sangto.engine.redact.view import Change, View

JOINT = "\x1f"
"""Between two digits that were typed as words."""
LEAST_DIGITS = 8
FEW_DIGITS = 13  # a single word among more digits than a telephone number or an identity number has is a word
_VIETNAMESE = "khong mot hai ba bon nam sau bay tam chin"
_ENGLISH = "zero one two three four five six seven eight nine"
_WORDS = {
    **{word: str(digit) for words in (_VIETNAMESE, _ENGLISH) for digit, word in enumerate(words.split())},
    "ko": "0", "oh": "0", "o": "0", "nought": "0", "tu": "4", "lam": "5", "nham": "5",
}  # fmt: skip
_TIMES = {"double": 2, "triple": 3}
_ALIKE = str.maketrans("olqi", "0101")

_LOOKS = re.compile(r"(?<![a-z\d])(?:(?=[olqi]*\d)[\dolqi]++|(?<=\d[ .\-])o{2,4}(?=[ .\-]?\d))(?![a-z])")
_WORD = rf"(?:{'|'.join(sorted({*_WORDS, *_TIMES}, key=len, reverse=True))})(?![a-z])"
_RUN = re.compile(rf"(?<![a-z\d])(?:{_WORD}|\d++)(?:[ .,\-/]{{0,3}}+(?:{_WORD}|\d++))++")
_PART = re.compile(rf"{_WORD}|\d+")


def as_digits(view: View) -> View:
    """A bare view with digits where letters that look alike stand among digits, and where digits are spelled out.

    "o9l2" is 0912. Words count in a run of at least 8 digits in all: "khong chin 12 345 678"; "nam 2026" is a year.
    """
    looks = View(_LOOKS.sub(lambda match: match[0].translate(_ALIKE), view.text), view.starts, view.ends)
    return looks.replaced(_spelled(looks.text))


def _spelled(text: str) -> Iterator[Change]:
    for run in _RUN.finditer(text):
        parts = list(_PART.finditer(text, *run.span()))
        digits = sum(len(part[0]) if part[0].isdecimal() else 1 for part in parts)
        if digits >= LEAST_DIGITS:
            yield from _changes(parts if digits <= FEW_DIGITS else _in_company(parts))


def _in_company(parts: list[re.Match[str]]) -> list[re.Match[str]]:
    """The parts without words that stand alone among numbers."""
    words = [False, *(not part[0].isdecimal() for part in parts), False]
    return [part for n, part in enumerate(parts, start=1) if not words[n] or words[n - 1] or words[n + 1]]


def _changes(parts: list[re.Match[str]]) -> Iterator[Change]:
    """Each word as its digit, with a joint between neighbours."""
    behind, times, begin = -1, 1, -1
    for part in parts:
        if part[0] in _TIMES:
            times, begin = _TIMES[part[0]], part.start()
            continue
        begin, digit = begin if times > 1 else part.start(), _WORDS.get(part[0], part[0])
        if part[0].isdecimal() and times == 1:
            behind = -1
            continue
        if behind >= 0:
            yield behind, begin, JOINT
        yield begin, part.end(), digit * times
        behind, times = part.end(), 1
