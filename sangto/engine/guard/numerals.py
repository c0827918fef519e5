"""Number words ("hai triệu rưỡi", "mười lăm", "two hundred", "a dozen") read as numbers."""

from sangto.engine.guard.lexicon import listed
from sangto.engine.guard.units import unit_at
from sangto.engine.guard.words import Word

VIETNAMESE_DIGITS = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8,
    "chín": 9, "mốt": 1, "nhăm": 5,
}  # fmt: skip
_FOLDED_DIGITS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "lam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "nham": 5,
}  # fmt: skip
_TENS = {"muoi": 10, "chuc": 10, "tram": 100}
_FILLERS = frozenset({"linh", "le"})
SCALES = {
    "nghin": 10**3, "ngan": 10**3, "ng": 10**3, "thousand": 10**3, "k": 10**3, "ca": 10**3,
    "trieu": 10**6, "tr": 10**6, "cu": 10**6, "million": 10**6, "mil": 10**6, "mio": 10**6,
    "ty": 10**9, "ti": 10**9, "billion": 10**9, "bn": 10**9, "trillion": 10**12, "vạn": 10**4, "hundred": 100,
}  # fmt: skip
_VIETNAMESE_SCALES = frozenset({"nghin", "ngan", "trieu", "ty", "ti"})
_ENGLISH = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
_ENGLISH_SCALES = {"hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "dozen": 12}
STARTS = frozenset(_FOLDED_DIGITS) | frozenset(_ENGLISH) | {"muoi", "a", "hundred", "thousand", "tram"}


def _digit(word: Word, *, marked: bool) -> int:
    if not word.typed or word.typed.isascii():
        return _FOLDED_DIGITS.get(word.folded, 0) if not marked or word.folded in ("hai", "ba") else 0
    return VIETNAMESE_DIGITS.get(word.typed, 0)


def _multiplier(word: Word) -> int:
    if word.folded == "muoi" and word.typed and not word.typed.isascii():
        return 10 if word.typed in ("mười", "mươi") else 0
    return _TENS.get(word.folded, 0)


def _below_thousand(words: tuple[Word, ...], *, at: int, marked: bool) -> tuple[int, int]:
    """The number below 1,000 that starts at a place, and the place after it."""
    total, pending, start, digits_in_row = 0, 0, at, 0
    while at < len(words):
        word = words[at]
        if multiplier := _multiplier(word):
            if digits_in_row == 0 and at > start and multiplier != 10:
                break
            total, pending, digits_in_row = total + (pending or 1) * multiplier, 0, 0
        elif (digit := _digit(word, marked=marked)) and digits_in_row == 0:
            pending, digits_in_row = digit, 1
        elif digit and pending > 1 and at == start + 1 and at + 1 < len(words) and words[at + 1].folded == "tuoi":
            pending = pending * 10 + digit
        elif not (word.folded in _FILLERS and at > start and digits_in_row == 0):
            break
        at += 1
    return total + pending, at


_NOT_FIVE = listed("numerals.not_five")


def vietnamese_number(words: tuple[Word, ...], *, at: int, marked: bool) -> tuple[int, int] | None:
    """The number that Vietnamese words at a place say, and the place after it; scales are left to the caller.

    A single word counts only before a scale or a unit, since "ba", "năm" and "tư" are other words too.
    """
    number, end = _below_thousand(words, at=at, marked=marked)
    if not number:
        return None
    if end - at == 1 and words[at].typed != "mười" or words[at].folded in ("chuc", "tram"):
        after = words[end].folded if end < len(words) else ""
        if words[at].folded == "nam" and (
            after == "thang" or at and (words[at - 1].folded in _NOT_FIVE or words[at - 1].folded[0].isdecimal())
        ):
            return None
        unit = unit_at(words, at=end)
        if after not in _VIETNAMESE_SCALES and (unit is None or unit[0].dimension in ("points", "floors")):
            return None
        if unit and words[at].typed.isascii() and (words[at].folded, after) in (("bay", "ngay"), ("nam", "nguoi")):
            return None
    return number, end


def english_number(words: tuple[Word, ...], *, at: int) -> tuple[int, int] | None:
    """The number that English words at a place say ("two hundred", "a dozen"), and the place after it."""
    total = current = 0
    start = at
    while at < len(words):
        word = words[at].folded
        if word in _ENGLISH:
            current += _ENGLISH[word]
        elif word in _ENGLISH_SCALES and (at > start or word in ("hundred", "thousand")):
            scaled = (current or 1) * _ENGLISH_SCALES[word]
            total, current = (total + scaled, 0) if scaled >= 1000 else (total, scaled)
        elif not (word == "a" and at == start) and not (word == "and" and current >= 100):
            break
        at += 1
    if not total + current or (at - start == 1 and words[start].folded in ("one", "a", "hundred", "thousand")):
        return None
    while words[at - 1].folded == "and":
        at -= 1
    return total + current, at
