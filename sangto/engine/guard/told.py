"""What a text tells, each with where it stands: amounts, dates, weekdays, places, negations."""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from sangto.engine.guard.dates import Date, comparable, may_be_same
from sangto.engine.guard.negation import is_soft, placed_negations
from sangto.engine.guard.numbers import Amount, Numeric, placed_numerics
from sangto.engine.guard.spots import Known, Spot, is_same_place, spots
from sangto.engine.guard.units import MONEY
from sangto.engine.guard.words import Placed, Sentence

Kind = Literal["number", "date", "place", "negation"]
KINDS: tuple[Kind, ...] = ("number", "date", "place", "negation")

# A month counts as 30 days and a year as 365: "12 tháng" is "1 năm".
_CONVERTED = 0.02
_WEEKDAYS = {"hai": 1, "ba": 2, "tu": 3, "nam": 4, "sau": 5, "bay": 6}
_TYPED_DAYS = {"hai": "hai", "ba": "ba", "tu": "tư", "nam": "năm", "sau": "sáu", "bay": "bảy"}
_ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_BEFORE_DAY = frozenset(
    {"", ",", "vao", "sang", "chieu", "toi", "dem", "ngay", "tu", "den", "moi", "cac", "hang", "va"}
)
_AFTER_DAY = frozenset({"", ",", "?", "tuan", "ngay", "nay", "toi", "den", "hang", "va", "dau", "cuoi"})
# Words that turn a statement round without negating it, and what they do not stand beside when they do.
_TURNING = {
    "het": ({"truoc", "hau", "ca", "tren", "den", "toi"}, {"suc", "long", "minh", "coi", "thay", "ngay", "nam"})
}
_NAMED_BY_NUMBER = frozenset({"covid", "cov", "ncov"})
_UNTRUE = frozenset({"false", "untrue", "fake", "hoax"})
_UNTRUE_BESIDE = frozenset({"or", "true", "real", "positive", "news", "alarm"})
_SAID_UNTRUE = (("sai", "su", "that"), ("tin", "gia"), ("bia", "dat"))


_HOME = frozenset({"vietnam"})


class Weekday(NamedTuple):
    """A day of the week, 1 for Monday."""

    day: int


class Turn(NamedTuple):
    """A negating word and the stems it bears on; `own` where it says so itself ("false"), without bearing on others."""

    word: str
    scope: frozenset[str] = frozenset()
    own: bool = False


class Told(NamedTuple):
    """One thing that a text tells, from one place in the text to another."""

    kind: Kind
    start: int
    end: int
    value: Amount | Date | Weekday | Spot | Turn


def told(placed: list[Placed], *, known: Known) -> list[Told]:
    """All that the sentences tell, in reading order; what overlaps is told once, as place before date before number."""
    return [one for sentence, at in placed for one in _of_sentence(sentence, at, known=known)]


def speaks_of_ban(placed: list[Placed]) -> bool:
    """Whether a word says much the same as a negation ("cấm", "banned"), so that the other text may well negate."""
    return any(is_soft(sentence) for sentence, _ in placed)


def is_same(one: Told, other: Told) -> bool:
    """Whether two things of one kind are the same in other writing; negations are counted, not compared."""
    mine, theirs = one.value, other.value
    if isinstance(mine, Amount) and isinstance(theirs, Amount):
        return _is_same_amount(mine, theirs)
    if isinstance(mine, Date) and isinstance(theirs, Date):
        return may_be_same(mine._replace(bound=""), theirs._replace(bound=""))
    if isinstance(mine, Spot) and isinstance(theirs, Spot):
        return is_same_place(mine, theirs)
    return mine == theirs and type(mine) is type(theirs)


def tells(one: Told) -> bool:
    """Whether it is worth saying that the other text lacks it: no "một" that may be an article, no age of one's own."""
    if isinstance(one.value, Amount):
        return not (one.value.weak or one.value.own)
    return not (isinstance(one.value, Spot) and one.value.members == _HOME)


def may_differ(one: Told, other: Told) -> bool:
    """Whether two things that are not the same stand for each other: "5 kg" and "7 kg", not "5 kg" and "7 giờ"."""
    mine, theirs = one.value, other.value
    if isinstance(mine, Amount) and isinstance(theirs, Amount):
        if mine.label != theirs.label:
            return False
        if mine.unit is None or theirs.unit is None:
            return True
        units = {mine.unit.dimension, theirs.unit.dimension}
        return len(units) == 1 or units <= MONEY or mine.typed == theirs.typed
    if isinstance(mine, Date) and isinstance(theirs, Date):
        return comparable(mine, theirs)
    return type(mine) is type(theirs)


def _is_same_amount(one: Amount, other: Amount) -> bool:
    first, second = one.unit, other.unit
    if one.label and other.label and one.label != other.label:
        return False
    if first and second:
        if first.dimension != second.dimension:
            return False
        tolerance = 1e-6 if first.name == second.name else _CONVERTED
        return _near(one.low, other.low, tolerance) and _near(one.high, other.high, tolerance)
    if (first or second) and "%" in (first.name if first else "", second.name if second else ""):
        return False
    size, other_size = first.size if first else 1, second.size if second else 1
    return _near(one.low / size, other.low / other_size, 1e-6) and _near(one.high / size, other.high / other_size, 1e-6)


def _near(one: float, other: float, tolerance: float) -> bool:
    return abs(one - other) <= tolerance * max(abs(one), abs(other))


def _of_sentence(sentence: Sentence, at: tuple[tuple[int, int], ...], *, known: Known) -> list[Told]:
    free = [True] * len(sentence.words)
    found: list[Told] = []
    for kind, start, end, value in _read(sentence, known=known):
        if all(free[start:end]):
            free[start:end] = [False] * (end - start)
            found.append(Told(kind, at[start][0], at[end - 1][1], value))
    return sorted(found, key=lambda one: one.start)


def _read(
    sentence: Sentence, *, known: Known
) -> Iterator[tuple[Kind, int, int, Amount | Date | Weekday | Spot | Turn]]:
    """What a sentence tells in the order in which it is believed, from one word to another."""
    for spot in spots(sentence, known=known):
        yield "place", spot.start, spot.end, spot
    for start, day in _weekdays(sentence):
        yield "date", start, start + (2 if sentence.plain[start] in ("thu", "chu") else 1), day
    numerics = [(_trimmed(sentence, start, end), one) for start, end, one in _put_together(sentence)]
    for (start, end), one in numerics:
        if isinstance(one, Date):
            yield "date", start, end, one
    for (start, end), one in numerics:
        if isinstance(one, Amount) and sentence.folded(start - 1) not in _NAMED_BY_NUMBER:
            yield "number", start, end, one
    for start, negation in placed_negations(sentence):
        if negation.sure or negation.hinted:
            yield "negation", start, start + 1, Turn(negation.word, negation.scope)
    yield from (("negation", start, end, Turn(word, own=True)) for start, end, word in _turns(sentence))


def _put_together(sentence: Sentence) -> list[tuple[int, int, Numeric]]:
    """The amounts and dates, "một triệu hai trăm nghìn" as one amount."""
    found: list[tuple[int, int, Numeric]] = []
    for start, end, one in placed_numerics(sentence):
        before = found[-1][2] if found and found[-1][1] == start else None
        if isinstance(one, Amount) and isinstance(before, Amount) and _goes_on(before, one):
            bare = before.low if not one.unit else before.low * one.unit.size
            found[-1] = found[-1][0], end, one._replace(low=bare + one.low, high=bare + one.high, weak=False)
        else:
            found.append((start, end, one))
    return found


def _goes_on(before: Amount, one: Amount) -> bool:
    """Whether two amounts side by side are the thousands and the rest of one number."""
    is_round = before.unit is None and before.low == before.high and before.low >= 1000 and before.low % 1000 == 0
    scale = 1000
    while is_round and before.low % (scale * 1000) == 0:
        scale *= 1000
    return is_round and _rest(one) < scale and one.low == one.high


def _rest(one: Amount) -> float:
    return one.low / one.unit.size if one.unit else one.low


def _trimmed(sentence: Sentence, start: int, end: int) -> tuple[int, int]:
    """The words of a number or date without a pause at their end."""
    while end - start > 1 and sentence.plain[end - 1] in (",", "?"):
        end -= 1
    return start, min(end, len(sentence.words))


def _weekdays(sentence: Sentence) -> Iterator[tuple[int, Weekday]]:
    for at, folded in enumerate(sentence.plain):
        if folded.removesuffix("s") in _ENGLISH_DAYS and not sentence.vietnamese:
            yield at, Weekday(_ENGLISH_DAYS.index(folded.removesuffix("s")) + 1)
        elif folded == "chu" and sentence.folded(at + 1) == "nhat":
            yield at, Weekday(7)
        elif folded == "thu" and sentence.vietnamese and (day := _day_after(sentence, at)):
            yield at, Weekday(day)


def _day_after(sentence: Sentence, at: int) -> int:
    """The day that "thứ" at a place and the word after it name; 0 for none, as in "lần thứ hai"."""
    word = sentence.words[at + 1] if at + 1 < len(sentence.words) else None
    if word is None or sentence.words[at].typed not in ("thứ", "thu"):
        return 0
    near = sentence.folded(at - 1) in _BEFORE_DAY or sentence.folded(at + 2) in _AFTER_DAY
    if not (near or sentence.words[at].case):
        return 0
    if word.folded in ("2", "3", "4", "5", "6", "7"):
        return int(word.folded) - 1
    return _WEEKDAYS.get(word.folded, 0) if word.typed in (_TYPED_DAYS.get(word.folded, ""), word.folded) else 0


def _turns(sentence: Sentence) -> Iterator[tuple[int, int, str]]:
    for at, folded in enumerate(sentence.plain):
        before, after = sentence.folded(at - 1), sentence.folded(at + 1)
        if folded in _TURNING and sentence.words[at].typed in ("hết", "het", "hêt"):
            not_after, not_before = _TURNING[folded]
            if before not in not_after and after not in not_before and after[:1].isalpha():
                yield at, at + 1, folded
        elif folded in _UNTRUE and not sentence.vietnamese and not {before, after} & _UNTRUE_BESIDE:
            yield at, at + 1, "false"
        for said in _SAID_UNTRUE:
            if sentence.plain[at : at + len(said)] == said and before not in ("hay", "hoac", "khong"):
                yield at, at + len(said), "false"
