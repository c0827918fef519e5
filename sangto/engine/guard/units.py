"""Units of measure and counted things: which dimension a word after a number has, and how large one of it is."""

from functools import cache
from typing import NamedTuple

from sangto.engine.guard.lexicon import Phrases, by_first_stem, lines, listed, phrases_of
from sangto.engine.guard.words import Word

MEASURES = listed("units.measures")
MONEY = frozenset({"vnd", "usd", "eur", "gbp"})


class Unit(NamedTuple):
    """A unit: its dimension ("mass"), its size in the dimension's base, and its name."""

    dimension: str
    size: float
    name: str


@cache
def _table() -> tuple[Phrases, tuple[Unit, ...]]:
    units, found = [], []
    for at, line in enumerate(lines("units")):
        head, _, names = line.partition(": ")
        dimension, size = head.split(" = ") if " = " in head else (head, "1")
        units.append(Unit(dimension, float(size), names.replace("/", ",").split(",")[0].strip()))
        found += list(phrases_of(names, family=at, member=""))
    return by_first_stem(iter(found)), tuple(units)


def _fits(typed: str, *, word: Word) -> bool:
    return not word.typed or word.typed == typed or word.typed.isascii()


def unit_at(words: tuple[Word, ...], *, at: int) -> tuple[Unit, int] | None:
    """The unit that stands at a place and how many words it takes, or None."""
    phrases, units = _table()
    if at >= len(words):
        return None
    for phrase in phrases.get(words[at].stem, ()):
        found = words[at : at + len(phrase.stems)]
        if tuple(word.stem for word in found) == phrase.stems and all(
            _fits(typed, word=word) for typed, word in zip(phrase.typed, found, strict=True)
        ):
            return units[phrase.family], len(phrase.stems)
    return None


@cache
def unit_named(name: str) -> Unit | None:
    """The unit that a suffix of a number stands for ("kg" of "5kg"), or None."""
    phrases, units = _table()
    return next((units[one.family] for one in phrases.get(name, ()) if one.stems == (name,)), None)
