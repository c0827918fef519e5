"""The words of an index as numbers: a spelling has an id, so has its stem, and columns tell about them."""

import itertools
import string
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np
import tantivy
from numpy.typing import NDArray

from sangto.engine.embed import hashes
from sangto.engine.meaning import table

__all__ = ["TRIPLES", "Vocabulary"]

TRIPLES = 4096  # letter triples are hashed into so many places
_TRIPLES_A_WORD = 10
_WORD_CHARACTERS = 40
_LEAST_ENTRIES = 10_000
_SLIP_LETTERS = 4
_LETTERS = string.ascii_lowercase

_spaced = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace())
_STEMMER = _spaced.filter(tantivy.Filter.stemmer("english")).build()


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The English stem (Porter 2) of a folded word of at most 40 characters; a Vietnamese syllable stays as it is."""
    word = word[:_WORD_CHARACTERS]
    if not (word.isascii() and word.isalpha()) or len(word) < 3:
        return word
    found = _STEMMER.analyze(word)
    return found[0] if found else word


def _triples(word: str) -> list[int]:
    padded = f" {word} "
    found = [hash_of(padded[at : at + 3]) for at in range(len(padded) - 2)]
    return found[:_TRIPLES_A_WORD] + [TRIPLES] * (_TRIPLES_A_WORD - len(found))


def hash_of(triple: str) -> int:
    """The place of a letter triple, 0..4095, the same in every process."""
    place = 0
    for char in triple:
        place = (place * 1009 + ord(char)) & 0x7FFFFFFF
    return (place * 40503 >> 4) % TRIPLES


def _slips(word: str) -> Iterable[str]:
    """Every string one slip of a finger away: a letter left out, doubled, swapped, or another one."""
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in _LETTERS)
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        yield from (head + letter + tail for letter in _LETTERS)


def key_of(written: str) -> str:
    """What the word table calls a written word: one without diacritics stands behind "=", being no short form there."""
    return f"={written}" if written.isascii() else written


class Vocabulary:
    """Spellings and stems by id. Columns grow by copying, so that a reader keeps whole ones while a writer adds.

    A spelling is a word as written beside the same word folded; several spellings have one stem.
    """

    def __init__(self) -> None:
        self._spellings: dict[tuple[str, str], int] = {}
        # By spelling: its stem, its key in the word table and its place there (-1). Every other column is by stem.
        self.stem_of, self.key = np.zeros(1024, np.uint32), np.zeros(1024, np.uint32)
        self.spelled = np.zeros(1024, np.int32)  # entries that hold the spelling
        self.place = np.full(1024, -1, np.int32)
        self._placed = 0
        self._ids: dict[str, int] = {}
        self.holding = np.zeros(1024, np.int32)  # entries that hold the stem
        self.triples = np.full((1024, _TRIPLES_A_WORD), TRIPLES, np.uint16)
        self.rarity = np.zeros(1024, np.float32)
        self.numeric = np.zeros(1024, np.bool_)
        self._usual = np.zeros(1024, np.float32)  # the share of texts at large that hold the stem
        self._entries = _LEAST_ENTRIES

    def __len__(self) -> int:
        return len(self._ids)

    def id_of(self, word: str) -> int:
        """The id of a folded word's stem, a new one if it is not known yet. For writers only."""
        key = stem(word)
        known = self._ids.get(key)
        return known if known is not None else self._added(key)

    def known(self, word: str) -> int | None:
        """The id of a folded word's stem when some entry holds it, else None."""
        found = self._ids.get(stem(word))
        return found if found is not None and self.holding[found] > 0 else None

    def respelled(self, word: str) -> int | None:
        """The id of the most frequent stem that is one slip away from an unknown word of four letters or more."""
        if len(word) < _SLIP_LETTERS or len(word) > 16 or not word.isalpha():
            return None
        found = {known for slip in _slips(stem(word)) if (known := self._ids.get(slip)) is not None}
        held = [known for known in found if self.holding[known] > 0]
        return max(held, key=lambda known: int(self.holding[known]), default=None)

    def count(self, spellings: NDArray[np.uint32], *, times: int) -> None:
        """Notes that so many entries more (or less, if negative) hold these spellings; each counts once."""
        distinct = np.unique(spellings)
        self.spelled[distinct] += times
        self.holding[np.unique(self.stem_of[distinct])] += times

    def weigh(self, entries: int) -> None:
        """Sets how telling each stem is: its inverse document frequency, about 0.2 to about 12, float32.

        A small index is read as part of one of 10,000 entries whose words are as frequent as in texts at large.
        """
        self._look_up()
        missing = max(_LEAST_ENTRIES - entries, 0)
        holding = self.holding + missing * self._usual
        self._entries = entries + missing
        self.rarity = self.rarity_of(holding)

    def _look_up(self) -> None:
        """Finds the spellings added since the last time in the word table, and how frequent they usually are."""
        new = list(itertools.islice(self._spellings, self._placed, None))
        if not new:
            return
        at = slice(self._placed, len(self._spellings))
        folded, own = hashes([one for one, _ in new]), hashes([key_of(written) for _, written in new])
        places = table().find(own)
        self.key[at] = np.where(places >= 0, own, folded)
        self.place[at] = np.where(places >= 0, places, table().find(folded))
        self._usual[self.stem_of[at]] = np.exp(-table().prior_rarity(folded))
        self._placed = len(self._spellings)

    def rarity_of(self, holding: NDArray[np.generic]) -> NDArray[np.float32]:
        """How telling is what so many entries hold: the inverse document frequency of BM25, natural logarithm."""
        held = holding.astype(np.float32)
        total = np.maximum(self._entries, held)
        return np.log1p((total - held + 0.5) / (held + 0.5)).astype(np.float32)

    def _added(self, key: str) -> int:
        number = len(self._ids)
        if number == len(self.holding):
            self._grow()
        self.triples[number] = _triples(key)
        self.numeric[number] = key[:1].isdecimal()
        self._ids[key] = number
        return number

    def _grow(self) -> None:
        size = len(self.holding)
        self.holding = np.concatenate([self.holding, np.zeros(size, np.int32)])
        self.rarity = np.concatenate([self.rarity, np.zeros(size, np.float32)])
        self._usual = np.concatenate([self._usual, np.zeros(size, np.float32)])
        self.numeric = np.concatenate([self.numeric, np.zeros(size, np.bool_)])
        self.triples = np.concatenate([self.triples, np.full((size, _TRIPLES_A_WORD), TRIPLES, np.uint16)])

    def spellings(self, folded: Sequence[str], written: Sequence[str]) -> list[int]:
        """The ids of words given folded and as written, new ones for those not known yet. For writers only."""
        known, add = self._spellings, self._add_spelling
        pairs = zip(folded, written, strict=True)
        return [found if (found := known.get(pair)) is not None else add(pair) for pair in pairs]

    def known_spelling(self, folded: str, written: str) -> int:
        """The id of a spelling, or -1."""
        return self._spellings.get((folded, written), -1)

    @property
    def spelling_count(self) -> int:
        """How many spellings have an id."""
        return len(self._spellings)

    def _add_spelling(self, pair: tuple[str, str]) -> int:
        number = len(self._spellings)
        if number == len(self.stem_of):
            self.stem_of = np.concatenate([self.stem_of, np.zeros(number, np.uint32)])
            self.key = np.concatenate([self.key, np.zeros(number, np.uint32)])
            self.spelled = np.concatenate([self.spelled, np.zeros(number, np.int32)])
            self.place = np.concatenate([self.place, np.full(number, -1, np.int32)])
        self.stem_of[number] = self.id_of(pair[0])
        self._spellings[pair] = number
        return number
