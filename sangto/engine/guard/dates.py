"""Dates as far as a text gives them: any of day, month and year may be open."""

import re
from typing import NamedTuple

from sangto.engine.guard.lexicon import listed
from sangto.engine.guard.words import Word

MONTHS = {
    name: month
    for month, names in enumerate(
        [
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ],
        start=1,
    )
    for name in names.split()
}
_FULL = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})\Z")
_SHORT = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\Z")
_MONTH_YEAR = re.compile(r"(\d{1,2})[-/]((?:19|20)\d\d)\Z")
_DAYS_MONTH = re.compile(r"\d{1,2}-(\d{1,2})/(\d{1,2})\Z")
_DAY_CUES = listed("dates.day_cues")
_FRACTIONS = listed("dates.fractions")


class Date(NamedTuple):
    """Year, month and day, 0 where the text leaves it open; `swapped` where day and month may be the other way round.

    `bound` is "<" for "before", ">" for "since".
    """

    year: int
    month: int
    day: int
    swapped: bool = False
    bound: str = ""

    def __str__(self) -> str:
        if self.day and self.month:
            return f"{self.day}/{self.month}" + (f"/{self.year}" if self.year else "")
        if self.month:
            return f"{self.month}/{self.year}" if self.year else f"tháng {self.month}"
        return str(self.year or self.day)


def _agree(one: int, other: int) -> bool:
    return not one or not other or one == other


def compatible(one: Date, other: Date) -> bool:
    """Whether both may be the same day, month or year: no part that both give differs."""
    if not _agree(one.year, other.year):
        return False
    if _agree(one.month, other.month) and _agree(one.day, other.day):
        return True
    turned = (one.swapped or other.swapped) and one.day and one.month
    return bool(turned) and _agree(one.day, other.month) and _agree(one.month, other.day)


def _within(one: Date, bounded: Date) -> bool:
    if not bounded.bound or one.bound == bounded.bound or not (one.year and bounded.year):
        return False
    first, second = (one.year, one.month, one.day), (bounded.year, bounded.month, bounded.day)
    return first <= second if bounded.bound == "<" else first >= second


def may_be_same(one: Date, other: Date) -> bool:
    """Whether two dates may be the same, or one lies on the right side of the other's "before" or "since"."""
    if one.year and other.year and not (one.month and other.month) and (one.year == other.year):
        return True
    return compatible(one, other) and comparable(one, other) or _within(one, other) or _within(other, one)


def comparable(one: Date, other: Date) -> bool:
    """Whether both give the same part, so that they can differ: a year and a day without one cannot."""
    if one.year and other.year:
        return True
    return bool(one.month and other.month) or bool(one.day and other.day and not (one.month or other.month))


def is_year(typed: str) -> bool:
    """Whether a bare number is most likely a year (1900 to 2099)."""
    return len(typed) == 4 and typed.isdecimal() and typed[:2] in ("19", "20")


def _valid(year: int, *, month: int, day: int, swapped: bool = False) -> Date | None:
    return Date(year, month, day, swapped) if 1 <= month <= 12 and 1 <= day <= 31 else None


def _full(match: re.Match[str], *, vietnamese: bool) -> Date | None:
    first, _, second, third = match.groups()
    if len(first) == 4:
        return _valid(int(first), month=int(second), day=int(third))
    if len(third) not in (2, 4):
        return None
    year = int(third) if len(third) == 4 else 2000 + int(third)
    return _day_month(int(first), second=int(second), year=year, vietnamese=vietnamese)


def _day_month(first: int, *, second: int, year: int, vietnamese: bool) -> Date | None:
    if second > 12 or not vietnamese and first <= 12:
        first, second = second, first
    return _valid(year, month=second, day=first, swapped=not vietnamese and first <= 12)


def typed_date(typed: str, *, before: str, vietnamese: bool) -> Date | None:
    """The date that a token such as "2/9", "1-7-2025" or "7/2025" is after the word `before`, or None."""
    if match := _FULL.match(typed):
        return _full(match, vietnamese=vietnamese)
    if match := _MONTH_YEAR.match(typed):
        return Date(int(match[2]), int(match[1]), 0) if 1 <= int(match[1]) <= 12 else None
    if match := _DAYS_MONTH.match(typed):
        return _valid(0, month=int(match[2]), day=int(match[1]))
    if match := _SHORT.match(typed):
        cued = before in _DAY_CUES
        if match[2] == "/" and typed not in _FRACTIONS or cued and match[2] != ".":
            return _day_month(int(match[1]), second=int(match[3]), year=0, vietnamese=vietnamese)
    return None


def _at(words: tuple[Word, ...], *, at: int) -> str:
    return words[at].folded if at < len(words) else ""


def _year_after(words: tuple[Word, ...], *, at: int) -> tuple[int, int]:
    skipped = at
    while _at(words, at=skipped) in (",", "nam", "of", "in"):
        skipped += 1
    typed = _at(words, at=skipped)
    is_given = len(typed) == 4 and typed.isdecimal()
    return (int(typed), skipped + 1) if is_given and skipped - at <= 2 else (0, at)


_MONTH_WORDS = {
    "gieng": 1,
    "hai": 2,
    "ba": 3,
    "tu": 4,
    "nam": 5,
    "sau": 6,
    "bay": 7,
    "tam": 8,
    "chin": 9,
    "muoi": 10,
    "chap": 12,
}


def _month(typed: str, *, spoken: bool) -> tuple[int, int]:
    """Month and year of "9" or "9/2025" (0 where there is none)."""
    month, _, year = typed.partition("/")
    if month.isdecimal() and len(month) <= 2 and 1 <= int(month) <= 12 and (not year or is_year(year)):
        return int(month), int(year or 0)
    return (_MONTH_WORDS.get(typed, 0) if spoken or typed in ("gieng", "chap") else 0), 0


def _vietnamese_date(words: tuple[Word, ...], *, at: int) -> tuple[Date, int] | None:
    """A date from "2 tháng 9 [năm 2025]" at a number, or from "tháng 9 [năm 2025]" at its first word."""
    day, start = 0, at
    if words[at].folded[0].isdecimal():
        typed = words[at].folded
        if not (typed.isdecimal() and len(typed) <= 2 and int(typed)):
            return None
        day, start = int(typed), at + 1
    if _at(words, at=start) != "thang":
        return None
    month, year = _month(_at(words, at=start + 1), spoken=words[start].typed != "" and not day)
    if (
        not month
        or _at(words, at=start + 2) in ("ngay", "tuoi", "tuan", "luong")
        or (not day and not words[start + 1].folded.isascii())
    ):
        return None
    year_after, end = _year_after(words, at=start + 2) if not year else (year, start + 2)
    return Date(year_after, month, day), end


def _english_day(typed: str) -> int:
    day = re.sub(r"(?:st|nd|rd|th)\Z", "", typed)
    # A day that no month has stays a day, so that a slip of the keyboard does not make the date vaguer.
    return int(day) if day.isdecimal() and len(day) <= 2 else 0


def _english_date(words: tuple[Word, ...], *, at: int) -> tuple[Date, int] | None:
    """A date from "Sept 2[, 2025]", "2 [of] September [2025]" or "September 2025"."""
    word = words[at].folded
    if month := MONTHS.get(word, 0):
        if day := _english_day(_at(words, at=at + 1)):
            year, end = _year_after(words, at=at + 2)
            return Date(year, month, day), end
        year, end = _year_after(words, at=at + 1)
        return (Date(year, month, 0), end) if year or word not in ("may", "march", "mar", "jun", "dec", "sep") else None
    if day := _english_day(word):
        after = at + 2 if _at(words, at=at + 1) == "of" else at + 1
        if month := MONTHS.get(_at(words, at=after), 0):
            year, end = _year_after(words, at=after + 1)
            return Date(year, month, day), end
    return None


def date_at(words: tuple[Word, ...], *, at: int, vietnamese: bool) -> tuple[Date, int] | None:
    """The date that starts at a place and the place after it, or None."""
    word = words[at].folded
    if word[0].isdecimal():
        before = words[at - 1].folded if at else ""
        if (date := typed_date(word, before=before, vietnamese=vietnamese)) is not None:
            return date, at + 1
        return _vietnamese_date(words, at=at) or _english_date(words, at=at)
    if word == "thang":
        return _vietnamese_date(words, at=at)
    return _english_date(words, at=at) if word in MONTHS and not vietnamese else None
