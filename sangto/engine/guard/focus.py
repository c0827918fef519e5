"""What a Vietnamese question asks for: a time, money, an age, a share, a number of something, papers, a place."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sangto.engine.guard.dates import Date
from sangto.engine.guard.lexicon import listed
from sangto.engine.guard.negation import asks_by
from sangto.engine.guard.numbers import Numeric
from sangto.engine.guard.words import ASKED, PAUSE, Sentence

TIME, AGE, MONEY, PERCENT, COUNT, PAPERS, PLACE = "time", "age", "money", "percent", "count", "papers", "place"
# "How", "why", "which" and "who" may ask for nearly anything.
OPEN, WHETHER = "open", "whether"
_CERTAIN = frozenset({TIME, AGE, MONEY, PERCENT, COUNT, PAPERS})
_LEAST_PRICE = 1000
_HOW_MUCH = frozenset({MONEY, PERCENT, COUNT})
_UNITS = {
    **dict.fromkeys(listed("focus.time_units"), TIME),
    **dict.fromkeys(listed("focus.money_units"), MONEY),
    "tuoi": AGE,
    "phan": PERCENT,
}
_PRICED, _BARE = listed("focus.priced"), listed("focus.bare") | {"", PAUSE, ASKED}
_WHEN, _AT_PLACE, _PLACES = listed("focus.when"), listed("focus.at_place"), listed("focus.places")
_PAPERS, _COUNTED, _OPEN = listed("focus.papers"), listed("focus.counted"), listed("focus.open")
_NEVER, _WHETHER = listed("focus.never"), listed("focus.whether")
_LIKE_ANOTHER = frozenset({"nao", "may", "dau", "nhieu", "gi", "ai", "sao"})
_DIMENSIONS = {
    "time": TIME, "working_day": TIME, "age": AGE, "vnd": MONEY, "usd": MONEY, "eur": MONEY, "percent": PERCENT,
}  # fmt: skip


_STARTS = frozenset({"bao", "may", "khong", "chua", "hay"}) | _WHEN | _PAPERS | _AT_PLACE | _PLACES | _OPEN


class Asked(NamedTuple):
    """The kind of thing that is asked for, and the words that ask, as they were typed ("bao nhiêu ngày")."""

    kind: str
    words: str


class _Reader:
    """Reads what one Vietnamese sentence asks for."""

    def __init__(self, sentence: Sentence) -> None:
        # A word that only looks like a question word without its diacritics ("đầu", "máy") stands as "-".
        self.plain = [
            "-" if word.folded in _LIKE_ANOTHER and not asks_by(word, marked=sentence.marked) else word.folded
            for word in sentence.words
        ]
        self.words = sentence.words
        self.found: list[Asked] = []

    def _at(self, at: int) -> str:
        return self.plain[at] if 0 <= at < len(self.plain) else ""

    def read(self) -> tuple[Asked, ...]:
        free = 0
        for at, word in enumerate(self.plain):
            if word in _STARTS and at >= free:
                kind, free = self._kind(at)
                if kind:
                    said = self.words[at:free]
                    self.found.append(Asked(kind, " ".join([one.typed or one.folded for one in said])))
        held = set(self.plain)
        if "hay" in held or held & _WHETHER and held & {"khong", "chua"}:
            self.found.append(Asked(WHETHER, ""))
        return tuple(self.found)

    def _kind(self, at: int) -> tuple[str, int]:
        """The kind that the words at a place ask for ("" for none), and the place after them."""
        word, after = self.plain[at], self._at(at + 1)
        if word == "bao" and after == "nhieu":
            return self._amount(at, at + 2, COUNT)
        if word == "may":
            return self._amount(at, at + 1, "")
        if word == "bao" and after in ("lau", "gio") or word in _WHEN and after in ("nao", "may"):
            skipped = self._at(at - 1) in _NEVER or self._at(at + 2) == "cung"
            return ("" if skipped else TIME), at + 2
        if word in _PAPERS and after in ("gi", "nao"):
            return PAPERS, at + 2
        if word in _AT_PLACE and after == "dau" or word in _PLACES and after == "nao":
            return PLACE, at + 2
        return (OPEN if word in _OPEN else ""), at + 1

    def _amount(self, at: int, end: int, otherwise: str) -> tuple[str, int]:
        unit, before = self._at(end), self._at(at - 1)
        if unit in _UNITS and (unit != "phan" or self._at(end + 1) == "tram"):
            return _UNITS[unit], end + 1
        if before in _PRICED or self._at(at - 2) in _PRICED and before in ("la", "tien", "khoang"):
            return MONEY, end
        if otherwise and unit in _BARE:
            return OPEN, end
        counts = unit in _COUNTED or otherwise and unit != "bao"
        return (COUNT, end + 1) if counts else ("", end)


def asked(sentence: Sentence) -> tuple[Asked, ...]:
    """What a Vietnamese sentence asks for, in reading order; nothing for a plain statement or another language."""
    if not sentence.vietnamese or _STARTS.isdisjoint(sentence.plain):
        return ()
    return _Reader(sentence).read()


def told(numerics: Iterable[Numeric]) -> Iterator[str]:
    """The kinds of question that dates and amounts answer."""
    for one in numerics:
        if isinstance(one, Date):
            yield TIME
        elif one.unit:
            yield _DIMENSIONS.get(one.unit.dimension, COUNT)
        else:
            yield MONEY if one.low >= _LEAST_PRICE else COUNT


def is_certain(asked: Iterable[Asked]) -> bool:
    """Whether everything that is asked for is of a kind that only a like answer can settle; not for nothing asked."""
    kinds = {one.kind for one in asked}
    return bool(kinds) and kinds <= _CERTAIN


def another(mine: Sequence[Asked], theirs: Sequence[Asked], *, told: Iterable[str]) -> tuple[str, str] | None:
    """What one question, a certain one, asks for and what another does, when nothing asked is the same or told.

    `told` are the kinds that the texts beside the other question give. None where one of them may settle the first.
    """
    wanted, held = {one.kind for one in mine}, {one.kind for one in theirs}
    if OPEN in held or wanted & held.union(told):
        return None
    if wanted & _HOW_MUCH and held & (_HOW_MUCH - {COUNT}):
        return None
    return mine[0].words, next((one.words for one in theirs if one.words), "")
