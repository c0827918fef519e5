"""Amounts in a text: how much, of what, how exactly; with the dates among them, in reading order."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from sangto.engine.guard.dates import MONTHS, Date, date_at, is_year, may_be_same
from sangto.engine.guard.lexicon import listed
from sangto.engine.guard.numerals import SCALES, STARTS, english_number, vietnamese_number
from sangto.engine.guard.units import MEASURES, MONEY, Unit, unit_at, unit_named
from sangto.engine.guard.words import Sentence
from sangto.engine.numbers import canonical

_TYPED = re.compile(
    r"([$€£]?)(\d[\d.,]*)(?:-(\d[\d.,]*)(?![\d/-]))?([:/-][\d.,:/-]*)?(?:([a-zđ]{1,6}[²³]?)(\d{1,2})?)?(%?)\Z"
)
_CLOCK = re.compile(r"(\d{1,2})(?::|h|g)(\d{2})?(?:p|am|pm)?\Z")
_SIGNS = {"$": "usd", "€": "euro", "£": "£"}
_STARTING = STARTS | MONTHS.keys() | {"thang", "nua", "half"}
_ABOUT = listed("numbers.about")
_BELOW = listed("numbers.below")
_ABOVE = listed("numbers.above")
_LEAST, _MOST = (
    frozenset({("toi", "thieu"), ("it", "nhat"), ("at", "least"), ("tro", "len")}),
    frozenset({("toi", "da"), ("at", "most"), ("less", "than"), ("khong", "qua")}),
)
_PERSONS = listed("numbers.persons")
_HEARD = listed("numbers.heard")
_LABELS, _OWN_LABELS = listed("numbers.labels"), frozenset({"lop", "grade"})
_AFTERNOON = frozenset({"chieu", "toi", "dem", "pm"})
_JOINING = frozenset({"den", "toi", "to", "va", "and"})
APPROXIMATE = 0.1
_CONVERTED = 0.08


class Amount(NamedTuple):
    """From `low` to `high` of a unit (the same for a single number), in the base of its dimension.

    `typed` is the number as it was read, `label` the word before that it belongs to ("lớp"), `counted` the word after,
    `bound` "<" or ">" where the text says "under" or "over", `weak` a "one" that may be an article, `own` the age of
    the sender's people or how long something has been so with them.
    """

    low: float
    high: float
    unit: Unit | None
    typed: float
    about: bool
    label: str
    counted: str
    bound: str = ""
    weak: bool = False
    own: bool = False

    def __str__(self) -> str:
        size = self.unit.size if self.unit else 1
        shown = "-".join(f"{one / size:,.12g}" for one in dict.fromkeys((self.low, self.high)))
        return f"{shown} {self.unit.name}" if self.unit else shown


Numeric = Amount | Date


def _value(typed: str) -> float:
    plain = canonical(typed.rstrip(".,")) if typed.rstrip(".,") else "0"
    return float(plain) if "." in plain else int(plain)


def _starts_with_digit(folded: str) -> bool:
    first = folded[0]
    return first.isdecimal() or first in _SIGNS


class _Reader:
    """Reads the amounts of one sentence from left to right."""

    def __init__(self, sentence: Sentence) -> None:
        self.words, self.vietnamese, self.marked = sentence.words, sentence.vietnamese, sentence.marked
        self.plain = sentence.plain
        self.found: list[Numeric] = []
        self.places: list[tuple[int, int]] = []

    def _folded(self, at: int) -> str:
        return self.plain[at] if 0 <= at < len(self.plain) else ""

    def read(self, places: Iterable[int]) -> tuple[Numeric, ...]:
        free = 0
        for at in places:
            if at >= free:
                last = self.found[-1] if self.found else None
                free = self._from(at)
                self._place(at, free, last=last)
        return tuple(self.found)

    def _place(self, start: int, end: int, *, last: Numeric | None) -> None:
        """Notes where the amount or date that was just found stands, one that goes on with the last one included."""
        if len(self.found) > len(self.places):
            self.places.append((start, end))
        elif self.found and self.found[-1] is not last:
            self.places[-1] = self.places[-1][0], end

    def _from(self, at: int) -> int:
        word = self.words[at]
        first = word.folded[0]
        is_number = _starts_with_digit(word.folded)
        may_be_date = first.isdecimal() or word.folded == "thang" or not self.vietnamese and word.folded in MONTHS
        if may_be_date and (dated := date_at(self.words, at=at, vietnamese=self.vietnamese)):
            self.found.append(dated[0]._replace(bound=self._bound(at)))
            return dated[1]
        if is_number:
            return self._digits(at)
        if word.folded in STARTS:
            spoken = (
                vietnamese_number(self.words, at=at, marked=self.marked)
                if self.vietnamese
                else english_number(self.words, at=at)
            )
            if spoken is not None:
                return self._amount(at, spoken[1], spoken[0], spoken[0], "", "")
        if word.folded in ("nua", "half") and word.typed in ("nửa", "half", "nua", ""):
            return self._half(at)
        return at + 1

    def _half(self, at: int) -> int:
        if self._folded(at + 1) == "dem":  # midnight
            return at + 2
        after = unit_at(self.words, at=at + 1)
        if (
            self.words[at].folded == "nua"
            and self._folded(at - 1) not in ("mot", "phan", "hon", "gan", "giam", "con", "")
            and not after
        ):
            return at + 1
        if after and after[0].dimension in ("time", "mass", "volume"):
            self._add(at, 0.5, 0.5, after[0], counted="")
            return at + 1 + after[1]
        least = 40 if "gan" in (self._folded(at - 1), self._folded(at - 2)) else 50
        self._add(at, least, 50, unit_named("%"), counted=self._folded(at + 1))
        return at + 1

    def _digits(self, at: int) -> int:
        typed = self.words[at].folded
        if self.words[at].typed and (clock := _CLOCK.match(typed)) and (":" in typed or typed[-1] != "g"):
            return self._clock(at, clock)
        if is_year(typed) and self._is_year(at):
            self.found.append(Date(int(typed), 0, 0, bound=self._bound(at)))
            return at + 1
        match = _TYPED.match(typed)
        if match is None:
            return at + 1
        sign, low, high, rest, suffix, tail, percent = match.groups()
        if (
            rest
            and len(rest) > 1
            and rest[0] == "/"
            and (divisor := _value(rest[1:].split("/")[0]))
            and not is_year(rest[1:])
        ):
            return self._amount(at, at + 1, _value(low) / divisor, _value(low) / divisor, suffix or "", sign)
        unit = "%" if percent else suffix or ""
        number = _value(low)
        if tail:
            number += int(tail) / 10 ** len(tail)
        return self._amount(at, at + 1, number, _value(high) if high else number, unit, sign)

    def _is_own(self, start: int, unit: Unit | None) -> bool:
        if (
            unit is None
            and self._folded(start - 1) not in _OWN_LABELS
            or unit
            and unit.dimension not in ("age", "time")
        ):
            return False
        words = self.words[max(0, start - 4) : start]
        before = [word.folded for word in words if word.typed not in ("tới", "tối")]
        if "tre" in before or self._bound(start):
            return False
        return any(word in _PERSONS for word in before) and not any(word in _HEARD for word in before)

    def _is_year(self, at: int) -> bool:
        unit = unit_at(self.words, at=at + 1)
        if self._folded(at - 1) in ("nam", "hoc", "thang", "in", "since", "year"):
            return True
        return (unit is None or unit[0].dimension not in MEASURES) and self._folded(at + 1) not in SCALES

    def _bound(self, start: int) -> str:
        at = start - 1
        while (
            self._folded(at) in ("nam", "ngay", "thang", "muc", "khoang", "du", "mung", "the", "year")
            and at > start - 4
        ):
            at -= 1
        before, pair = self._folded(at), (self._folded(at - 1), self._folded(at))
        if pair in _LEAST:
            return ">"
        if pair in _MOST:
            return "<"
        return "<" if before in _BELOW else ">" if before in _ABOVE or self._folded(start - 1) == "du" else ""

    def _is_afternoon(self, at: int) -> bool:
        return self._folded(at) in _AFTERNOON and self.words[at].typed not in ("tôi", "tới")

    def _clock(self, at: int, clock: re.Match[str]) -> int:
        hours, end = int(clock[1]) + int(clock[2] or 0) / 60, at + 1
        if hours < 12 and (self._is_afternoon(end) or clock[0].endswith("pm")):
            hours += 12
        self._add(at, hours, hours, unit_named("h"), counted="")
        return end

    def _scale(self, at: int, suffix: str) -> tuple[float, int, str]:
        scale = 1.0
        if suffix in SCALES and suffix != "ng" or suffix in ("m", "b") and not self.vietnamese:
            scale, suffix = scale * (10**9 if suffix == "b" else SCALES.get(suffix, 10**6)), ""
        while not suffix and (word := self.words[at] if at < len(self.words) else None):
            name = "k" if word.folded == "khong" and not word.typed and scale == 1 else word.folded
            if (
                name not in SCALES
                or name in ("khong", "ca", "k" if scale > 1 else "")
                or (name == "cu" and word.typed == "cũ")
            ):
                break
            scale, at = scale * SCALES[name], at + 1
        return scale, at, suffix

    def _amount(self, start: int, at: int, low: float, high: float, suffix: str, sign: str) -> int:
        if self.vietnamese and self._folded(at) == "ruoi":
            low = high = low + 0.5
            at += 1
        scale, at, suffix = self._scale(at, suffix)
        low, high = (_whole(low * scale) if low < high or low == high else low), _whole(high * scale)
        unit, at = self._unit(at, suffix, sign)
        if self._folded(at) == "ruoi":
            extra = scale / 2 if scale > 1 else 0.5
            low, high, at = low + extra, high + extra, at + 1
        if unit and unit.dimension == "time" and self._is_afternoon(at) and unit.name in ("giờ", "h") and low < 12:
            low, high = low + 12, high + 12
        self._add(start, low, high, unit, counted=self._folded(at), scale=scale)
        return at

    def _unit(self, at: int, suffix: str, sign: str) -> tuple[Unit | None, int]:
        if sign:
            return unit_named(_SIGNS[sign]), at
        if suffix:
            return unit_named(suffix), at
        found = unit_at(self.words, at=at)
        return (found[0], at + found[1]) if found else (None, at)

    def _add(self, start: int, low: float, high: float, unit: Unit | None, *, counted: str, scale: float = 1.0) -> None:
        before = self._folded(start - 1)
        about = before in _ABOUT or self._folded(start - 2) in _ABOUT and before in ("hon", "chung", "the")
        size = unit.size if unit else 1
        label = before if before in _LABELS and unit is None else ""
        bound = self._bound(start) or (
            ">" if self._folded(start + 1) == "tro" or self._folded(start + 2) == "tro" else ""
        )
        weak = low == high == 1 and not self._folded(start)[:1].isdecimal()
        amount = Amount(
            low * size, high * size, unit, low, about, label, counted, bound, weak, self._is_own(start, unit)
        )
        last = self.found[-1] if self.found else None
        if (
            before in _JOINING
            and isinstance(last, Amount)
            and last.unit is None
            and last.high < amount.low
            and start >= 2
            and self._folded(start - 2)[0].isdecimal()
        ):
            # "từ 5 đến 7 triệu": the first takes scale and unit of the second.
            scaled = last.low * scale if last.low * scale <= low else last.low
            self.found[-1] = Amount(scaled * size, amount.high, unit, last.typed, about, label, counted)
            return
        self.found.append(amount)


def _whole(number: float) -> float:
    return int(number) if number == int(number) else number


def numerics(sentence: Sentence) -> tuple[Numeric, ...]:
    """The amounts and dates of a sentence in reading order."""
    places = [
        at
        for at, folded in enumerate(sentence.plain)
        if folded in _STARTING or not folded[0].isalpha() and _starts_with_digit(folded)
    ]
    return _Reader(sentence).read(places) if places else ()


def placed_numerics(sentence: Sentence) -> list[tuple[int, int, Numeric]]:
    """What `numerics` gives, each with its first word and the word after its last."""
    reader = _Reader(sentence)
    found = reader.read(range(len(sentence.words)))
    return [(*place, one) for place, one in zip(reader.places, found, strict=True)]


def _near(one: float, other: float, *, tolerance: float) -> bool:
    return abs(one - other) <= tolerance * max(abs(one), abs(other))


def same_amount(one: Amount, other: Amount) -> bool:
    """Whether two amounts may be the same: equal, one within the range of the other, or about equal where one says so.

    Amounts of different dimensions are never the same; one without a unit takes that of the other.
    """
    first, second = one.unit, other.unit
    if first and second and first.dimension != second.dimension and not {first.dimension, second.dimension} <= _PEOPLE:
        return False
    if not (first and second):
        low, high, other_low, other_high = _bare(one), _bare_high(one), _bare(other), _bare_high(other)
    else:
        low, high, other_low, other_high = one.low, one.high, other.low, other.high
    if (low, high) == (other_low, other_high):
        return True
    if one.bound and not other.bound and _inside(other_low, other_high, low, bound=one.bound):
        return True
    if other.bound and not one.bound and _inside(low, high, other_low, bound=other.bound):
        return True
    if (low == high) != (other_low == other_high):
        return other_low <= low <= high <= other_high or low <= other_low <= other_high <= high
    tolerance = APPROXIMATE if one.about != other.about else _CONVERTED if first and second and first != second else 0.0
    return _near(low, other_low, tolerance=tolerance) and _near(high, other_high, tolerance=tolerance)


def _inside(low: float, high: float, limit: float, *, bound: str) -> bool:
    return high <= limit if bound == "<" else low >= limit


def _bare(amount: Amount) -> float:
    return amount.low / amount.unit.size if amount.unit else amount.low


def _bare_high(amount: Amount) -> float:
    return amount.high / amount.unit.size if amount.unit else amount.high


_PEOPLE = frozenset({"people", "pupils", "children", "households"})


def comparable_amounts(one: Amount, other: Amount) -> bool:
    """Whether two amounts say how much of the same thing, so that they can differ."""
    if one.label or other.label:
        return one.label == other.label
    first, second = one.unit, other.unit
    if first and second:
        return first.dimension == second.dimension or {first.dimension, second.dimension} <= MONEY
    if first or second:
        scaled = other if first else one
        return (first or second).dimension in MONEY and scaled.low >= 1000  # type: ignore[union-attr]
    return bool(one.counted) and one.counted == other.counted or min(one.low, other.low) >= 1000


def same_numeric(one: Numeric, other: Numeric) -> bool:
    """Whether two may be the same; a number never is a date, but a year may be a bare number."""
    if isinstance(one, Amount) and isinstance(other, Amount):
        return same_amount(one, other)
    if isinstance(one, Date) and isinstance(other, Date):
        return may_be_same(one, other)
    return False
