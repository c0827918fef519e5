"""Numbers, dates and percentages in a text, written in one way however they were typed."""

import re
from collections.abc import Callable

_SCALES = {
    "nghin": 10**3, "ngan": 10**3, "thousand": 10**3, "k": 10**3,
    "trieu": 10**6, "tr": 10**6, "million": 10**6, "m": 10**6, "mln": 10**6,
    "ty": 10**9, "ti": 10**9, "billion": 10**9, "bn": 10**9,
    "trillion": 10**12,
}  # fmt: skip
SCALES = "nghin|ngan|trieu|ty|thousand|million|billion|trillion"
_WORDS = {
    "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
    "ten": "10", "eleven": "11", "twelve": "12", "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50",
    "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90",
}  # fmt: skip
_WORD = re.compile(rf"\b(?:{'|'.join(_WORDS)})\b")
_DATE = re.compile(r"(?<![\d/.,-])(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(?![\d/]|[.,-]\d)")
_SPOKEN_DATE = re.compile(r"\b(?:ngay|mung) (\d{1,2}) thang (\d{1,2})(?: nam (\d{4}))?\b")
_NUMBER = re.compile(
    r"(?<![\d.,])(\d{1,40}+(?:[.,]\d{1,40}+){0,9})(?:\s?(%|phan tram\b|percent\b|per cent\b|pct\b)"
    rf"|(?:\s?(?:{'|'.join(word for word in _SCALES if len(word) > 2)}|ty|ti)|k|m|tr|bn)\b)?"
)
_PART = re.compile(r"(?<![\d.,/])(\d{1,4})/(\d{1,4})(?!\d)")


def canonical(number: str) -> str:
    """One spelling for a number as typed: "1.000", "1,000" and "1000" are "1000"; "1,50" and "1.5" are "1.5"."""
    last = max(number.rfind("."), number.rfind(","))
    if last < 0:
        return number.lstrip("0") or "0"
    groups = re.split(r"[.,]", number)
    grouped = all(len(group) == 3 for group in groups[1:]) and groups[0].lstrip("0") != "" and len(groups[0]) <= 3
    if grouped and len({*re.findall(r"[.,]", number)}) == 1:
        return "".join(groups).lstrip("0")
    whole = re.sub(r"[.,]", "", number[:last]).lstrip("0") or "0"
    fraction = number[last + 1 :].rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


def _scaled(number: str, *, scale: int) -> str:
    whole, _, fraction = number.partition(".")
    zeros = len(str(scale)) - 1
    if len(fraction) > zeros:
        return number
    return (whole + fraction.ljust(zeros, "0")).lstrip("0") or "0"


def quantity(typed: str) -> str:
    """One spelling for a folded number with or without a scale after it: "5 trieu" is "5000000"."""
    number, _, scale = typed.partition(" ")
    return _scaled(canonical(number), scale=_SCALES[scale]) if scale else canonical(number)


def _date(year: str, *, month: str, day: str) -> str:
    return f"{year}-{int(month):02}-{int(day):02}" if year else f"{int(day)}/{int(month)}"


def _typed_date(match: re.Match[str]) -> str:
    first, _, second, third = match.groups()
    if len(first) == 4:
        return _date(first, month=second, day=third)
    year = third if len(third) == 4 else f"20{third}" if len(third) == 2 else third
    day, month = (second, first) if int(second) > 12 >= int(first) else (first, second)
    return _date(year, month=month, day=day)


def _value(match: re.Match[str]) -> str:
    number, percent = canonical(match[1]), match[2]
    if percent:
        return f"{number}%"
    unit = match[0][len(match[1]) :].strip()
    return _scaled(number, scale=_SCALES[unit]) if unit in _SCALES else number


def _spoken_date(match: re.Match[str]) -> str:
    return _date(match[3] or "", month=match[2], day=match[1])


def _part(match: re.Match[str]) -> str:
    return f"{int(match[1])}/{int(match[2])}"


def _taken(
    pattern: re.Pattern[str], *, text: str, found: list[tuple[int, str]], value: Callable[[re.Match[str]], str]
) -> str:
    found.extend((match.start(), value(match)) for match in pattern.finditer(text))
    return pattern.sub(lambda match: ";" * len(match[0]), text)


def canonical_numbers(folded: str) -> tuple[str, ...]:
    """The numbers of a folded text without links, in order: "1000", "1.5", "50%", dates "2025-09-02" or "2/9"."""
    found: list[tuple[int, str]] = []
    text = _WORD.sub(lambda match: _WORDS[match[0]], folded)
    for pattern, value in ((_DATE, _typed_date), (_SPOKEN_DATE, _spoken_date), (_PART, _part), (_NUMBER, _value)):
        text = _taken(pattern, text=text, found=found, value=value)
    return tuple(number for _, number in sorted(found))
