"""Places of a text: countries, states, provinces, cities by name; communes, wards and districts by their title."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from sangto.engine.guard.lexicon import (
    Mention,
    Phrase,
    Table,
    by_length,
    lines,
    listed,
    mentions,
    phrases_of,
    placed_mentions,
)
from sangto.engine.guard.words import Sentence

_TITLES = listed("places.titles")
_UNNAMED = listed("places.unnamed")


class Named(NamedTuple):
    """A commune, ward or district: its title and the first two words of its name."""

    title: str
    name: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join((self.title, *self.name))


@cache
def _gazetteer() -> tuple[Table, dict[str, frozenset[str]]]:
    within: dict[str, frozenset[str]] = {}
    found: list[Phrase] = []
    for at, line in enumerate(lines("places")):
        head, _, names = line.partition(" = ")
        place, _, parent = head.partition(" < ")
        within[place] = within.get(parent, frozenset()) | {place}
        found += _phrases(names, family=at, place=place)
    return by_length(iter(found)), within


def _phrases(names: str, *, family: int, place: str) -> Iterator[Phrase]:
    # One family for all: of two places that one spelling may mean, the text says neither for certain.
    return (one._replace(family=0) for one in phrases_of(names, family=family, member=place))


def places(sentence: Sentence) -> tuple[Mention, ...]:
    """The places named in a sentence, each with the ids its spelling may stand for."""
    return mentions(sentence, table=_gazetteer()[0])


def placed_places(sentence: Sentence) -> list[tuple[int, Mention]]:
    """What `places` gives, each with the place of its first word."""
    return placed_mentions(sentence, table=_gazetteer()[0])


def named(sentence: Sentence) -> tuple[Named, ...]:
    """The communes, wards and districts that a sentence names with a capital."""
    if _TITLES.isdisjoint(sentence.plain):
        return ()
    words, found = sentence.words, []
    for at, word in enumerate(words[:-1]):
        if word.folded not in _TITLES:
            continue
        if words[at + 1].case and words[at + 1].folded not in _UNNAMED:
            name = tuple(one.folded for one in words[at + 1 : at + 3] if one.case and one.folded.isalpha())
            found.append(Named(word.folded, name))
    return tuple(found)


def compatible(one: Mention, other: Mention) -> bool:
    """Whether two names may mean the same place or one that lies in the other."""
    return may_be_one(one.members, other.members)


def may_be_one(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether ids of the gazetteer may mean the same place or one that lies in the other."""
    within = _gazetteer()[1]
    return any(first in within[second] or second in within[first] for first in one for second in other)


def is_abroad(mention: Mention) -> bool:
    """Whether a name means a place outside Vietnam for certain."""
    within = _gazetteer()[1]
    return not any("vietnam" in within[one] for one in mention.members)
