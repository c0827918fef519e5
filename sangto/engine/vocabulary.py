"""The words of an index as numbers: a spelling has an id, so has its stem, and columns tell about them."""

import itertools
import string
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import tantivy
from numpy.typing import NDArray

from sangto.engine.columns import distinct
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


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """The English stem (Porter 2) of a folded word of at most 40 characters; a Vietnamese syllable stays as it is."""
    word = word[:_WORD_CHARACTERS]
    if not (word.isascii() and word.isalpha()) or len(word) < 3:
        return word
    found = _STEMMER.analyze(word)
    return found[0] if found else word


def triples_of(words: Sequence[str]) -> NDArray[np.uint16]:
    """The places of the first ten letter triples of each word, a space before and after it; `TRIPLES` for none."""
    padded = "".join([f" {word} "[: _TRIPLES_A_WORD + 2].ljust(_TRIPLES_A_WORD + 2, "\0") for word in words])
    letters = np.frombuffer(padded.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    letters = letters.reshape(len(words), _TRIPLES_A_WORD + 2)
    hashed = (letters[:, :-2] * 1009 + letters[:, 1:-1]) * 1009 + letters[:, 2:] & 0x7FFFFFFF
    count = np.fromiter(map(len, words), np.int64, len(words))
    places = np.where(np.arange(_TRIPLES_A_WORD) < count[:, None], (hashed * 40503 >> 4) % TRIPLES, TRIPLES)
    return places.astype(np.uint16)


def _held(entries: NDArray[np.int64], held: NDArray[np.generic]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """What entries hold, each thing once an entry: the entries, in the upper half of their numbers, and the things."""
    both = distinct(entries | held.astype(np.int64))
    return both & ~np.int64(0xFFFFFFFF), both & 0xFFFFFFFF


def _slips(word: str) -> list[str]:
    """Every string one slip of a finger away: a letter left out, doubled, swapped, or another one."""
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    swapped = [head + tail[1] + tail[0] + tail[2:] for head, tail in cuts[:-2]]
    left_out = [head + tail[1:] for head, tail in cuts[:-1]]
    others = [head + letter + tail[1:] for head, tail in cuts[:-1] for letter in _LETTERS]
    return swapped + left_out + others + [head + letter + tail for head, tail in cuts for letter in _LETTERS]


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
        if key not in self._ids:
            self._add_stems([key])
        return self._ids[key]

    def known(self, word: str) -> int | None:
        """The id of a folded word's stem when some entry holds it, else None."""
        found = self._ids.get(stem(word))
        return found if found is not None and self.holding[found] > 0 else None

    def respelled(self, word: str) -> int | None:
        """The id of the most frequent stem (of equals the first) one slip from an unknown word of 4 letters or more."""
        if len(word) < _SLIP_LETTERS or len(word) > 16 or not word.isalpha():
            return None
        found = self._ids.keys() & _slips(stem(word))
        held = [known for slip in found if self.holding[known := self._ids[slip]] > 0]
        return max(held, key=lambda known: (int(self.holding[known]), -known), default=None)

    def count(self, spellings: NDArray[np.generic], *, times: int, owner: NDArray[np.int64] | None = None) -> None:
        """Notes that so many entries more (or less, if negative) hold these spellings; each counts once an entry.

        `owner` gives a number below 2**31 for the entry of each spelling; without it all are of one.
        """
        entries = np.zeros(len(spellings), np.int64) if owner is None else owner << 32
        entries, spelled = _held(entries, spellings)
        more = np.int32(times)  # of the columns' own kind: of any other, `add.at` takes fifty times as long
        np.add.at(self.spelled, spelled, more)
        np.add.at(self.holding, _held(entries, self.stem_of[spelled])[1], more)

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

    def _add_stems(self, keys: list[str]) -> None:
        count, number = len(self._ids), len(self._ids) + len(keys)
        while number > len(self.holding):
            self._grow()
        self.triples[count:number] = triples_of(keys)
        self.numeric[count:number] = [key[:1].isdecimal() for key in keys]
        self._ids.update(zip(keys, range(count, number), strict=True))

    def _grow(self) -> None:
        size = len(self.holding)
        self.holding = np.concatenate([self.holding, np.zeros(size, np.int32)])
        self.rarity = np.concatenate([self.rarity, np.zeros(size, np.float32)])
        self._usual = np.concatenate([self._usual, np.zeros(size, np.float32)])
        self.numeric = np.concatenate([self.numeric, np.zeros(size, np.bool_)])
        self.triples = np.concatenate([self.triples, np.full((size, _TRIPLES_A_WORD), TRIPLES, np.uint16)])

    def spellings(self, folded: Sequence[str], written: Sequence[str]) -> list[int]:
        """The ids of words given folded and as written, new ones for those not known yet. For writers only."""
        return self.numbered(list(zip(folded, written, strict=True)))

    def numbered(self, words: Sequence[tuple[str, str]]) -> list[int]:
        """What `spellings` gives, of words as pairs: folded and as written."""
        known = self._spellings
        if new := [word for word in dict.fromkeys(words) if word not in known]:
            self._add_spellings(new)
        return [known[word] for word in words]

    def known_spelling(self, folded: str, written: str) -> int:
        """The id of a spelling, or -1."""
        return self._spellings.get((folded, written), -1)

    @property
    def spelling_count(self) -> int:
        """How many spellings have an id."""
        return len(self._spellings)

    def _add_spellings(self, words: list[tuple[str, str]]) -> None:
        stems = [stem(folded) for folded, _ in words]
        if new := [one for one in dict.fromkeys(stems) if one not in self._ids]:
            self._add_stems(new)
        count, number = len(self._spellings), len(self._spellings) + len(words)
        while (size := len(self.stem_of)) < number:
            self.stem_of = np.concatenate([self.stem_of, np.zeros(size, np.uint32)])
            self.key = np.concatenate([self.key, np.zeros(size, np.uint32)])
            self.spelled = np.concatenate([self.spelled, np.zeros(size, np.int32)])
            self.place = np.concatenate([self.place, np.full(size, -1, np.int32)])
        self.stem_of[count:number] = [self._ids[one] for one in stems]
        self._spellings.update(zip(words, range(count, number), strict=True))
