"""Texts as vectors, by a small table of word meanings that is always there.

The table is made by `bench/distil_words.py`. It knows Vietnamese words with their diacritics, Vietnamese words folded
(the mean of what they may stand for), and English words.
"""

import re
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from sangto.engine.text import fold
from sangto.engine.text import words as folded_words

__all__ = ["COVERED", "DEFAULT_RARITY", "RARITY_STEPS", "Vectors", "Words", "hashes", "pairs", "tokens", "unit"]

Hashes = npt.NDArray[np.uint32]
Vectors = npt.NDArray[np.float32]

FORMAT = 1
"""The version of the packaged file that this code reads."""
LEVELS = (-1.51, -0.453, 0.453, 1.51)
"""What two bits stand for: the best four levels for normally distributed numbers (Max 1960, table I)."""
DEFAULT_RARITY = 9.0
"""The rarity of a word that the table does not know: a name, a slip, a rare word."""
RARITY_STEPS = 20.0
"""Steps of a stored rarity byte in one unit of rarity."""
COVERED = 0.25
"""What a word still weighs inside a known pair: "bao" says little in "bao hiem"."""

_BLOCK = 1_024  # words added up at once
_SHIFT = 10  # of 2^22 beginnings of a key one in fifty is taken
_WORD = re.compile(r"[^\W\d_]+")
_STEPS = np.rint(np.array(LEVELS) * 84).astype(np.int8)
_DECODED = _STEPS[(np.arange(256)[:, None] >> np.array([6, 4, 2, 0])) & 3]


def tokens(text: str) -> list[str]:
    """The words of a text as the table knows them: with diacritics where the writer typed them, else folded.

    A word without diacritics in a text that has them stands behind "=": there "ma" is not short for "má" or "mã".
    """
    plain = unicodedata.normalize("NFC", text).lower()
    spelled = _WORD.findall(plain)
    if sum(not word.isascii() for word in spelled) * 5 < len(spelled):
        return folded_words(text)
    found: list[str] = []
    for word in spelled:
        if not word.isascii():
            found.append(word)
        elif (written_out := fold(word)) != word:
            found += written_out.split()
        else:
            found.append("=" + word)
    return found


def hashes(listed: Iterable[str]) -> Hashes:
    """The 32-bit key of each token or folded word: CRC-32 of its UTF-8 bytes, the same on every machine."""
    return np.fromiter((zlib.crc32(word.encode("utf-8", "replace")) for word in listed), np.uint32)


def pairs(first: Hashes, second: Hashes) -> Hashes:
    """The key of each pair of neighbouring words from the keys of its two words, in this order."""
    mixed = first * np.uint32(0x9E3779B1) ^ second
    mixed ^= mixed >> np.uint32(15)
    return mixed * np.uint32(0x85EBCA6B)


def unit(vectors: Vectors) -> Vectors:
    """The vectors with length 1; zeros stay zeros."""
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None]
    found: Vectors = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return found


@dataclass(frozen=True)
class Words:
    """A table of what words mean and how rare they are. Without a table everything is unknown and `reason` says why.

    `keys` ascend and `places` gives the row of each: several keys may share one. By row: `codes` holds directions in
    two bits a dimension, `weights` how much the word counts in the mean of a text, `rarities` how rare it is.
    """

    keys: Hashes
    places: npt.NDArray[np.uint16]
    codes: npt.NDArray[np.uint8]
    weights: Vectors
    rarities: Vectors
    reason: str = ""

    @classmethod
    def none(cls, reason: str) -> Self:
        """A table that knows no word."""
        nothing = np.empty(0, np.float32)
        empty = (nothing.astype(np.uint32), nothing.astype(np.uint16), np.empty((0, 1), np.uint8), nothing, nothing)
        return cls(*empty, reason)

    @classmethod
    def load(cls, path: Path | None = None) -> Self:
        """The packaged table, or the one at a path. Never raises: what cannot be read gives a table without words."""
        try:
            found = path or resources.files("sangto.engine") / "model" / "words.npz"
            with found.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
                if int(file["format"]) != FORMAT:
                    return cls.none(f"the word table has format {int(file['format'])}, this version reads {FORMAT}")
                return cls._checked(*(file[name] for name in ("keys", "places", "codes", "weights", "rarities")))
        except Exception as error:  # a damaged archive raises any of six kinds, and a decision must go on without it
            return cls.none(f"the word table cannot be read: {type(error).__name__}: {error}")

    @classmethod
    def _checked(cls, *arrays: npt.NDArray[Any]) -> Self:
        keys, places, codes, weights, rarities = arrays
        if "".join(one.dtype.char for one in arrays) != "IHBeB" or codes.ndim != 2:
            return cls.none("the word table holds other kinds of numbers than it should")
        rows_fit = len(keys) == len(places) and len(codes) == len(weights) == len(rarities)
        if not len(keys) or not rows_fit or places.max() >= len(codes) or np.any(keys[1:] <= keys[:-1]):
            return cls.none("the word table is cut short or out of order")
        steps = np.float32(RARITY_STEPS)
        return cls(keys, places, codes, weights.astype(np.float32), rarities.astype(np.float32) / steps)

    def unpacked(self) -> Self:
        """The same table, with all that a message needs of it worked out: the first one need not wait for that."""
        if len(self):
            _ = self._steps, self._lengths, self._begun
        return self

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def dimensions(self) -> int:
        """How many numbers a vector has; 4 without a table."""
        return int(self.codes.shape[1]) * 4

    def prior_rarity(self, keys: Hashes) -> Vectors:
        """How rare each key is in texts at large, as an inverse document frequency from 0 to 12.75.

        A key that is not known has `DEFAULT_RARITY`. Meant for a young desk, whose own texts do not tell yet.
        """
        return self.rarity_of(self._rows(keys))

    def rarity_of(self, rows: npt.NDArray[np.intp]) -> Vectors:
        """What `prior_rarity` gives for the keys of these rows; -1 is a key that is not known."""
        found = np.full(len(rows), DEFAULT_RARITY, np.float32)
        found[rows >= 0] = self.rarities[rows[rows >= 0]]
        return found

    def directions(self, keys: Hashes) -> Vectors:
        """One vector of length 1 for each key; zeros for a key that is not known."""
        return self.at(self._rows(keys))

    def find(self, keys: Hashes) -> npt.NDArray[np.intp]:
        """The row of each key, -1 for one that is not known."""
        return self._rows(keys)

    def at(self, rows: npt.NDArray[np.intp]) -> Vectors:
        """The direction, of length 1, of each row; zeros for -1."""
        if not len(self):
            return np.zeros((len(rows), self.dimensions), np.float32)
        found = self._decoded(rows)
        found[rows < 0] = 0
        return found

    def weights_of(self, rows: npt.NDArray[np.intp]) -> Vectors:
        """How much each row counts in the mean of a text; 0 for -1."""
        if not len(self):
            return np.zeros(len(rows), np.float32)
        return np.where(rows >= 0, self.weights[rows], np.float32(0))

    def cosines(self, vectors: Vectors, rows: npt.NDArray[np.intp]) -> Vectors:
        """The dot product of each of some vectors with the direction of each row; 0 for a row of -1."""
        steps, scale = self.steps(rows)
        found: Vectors = vectors @ steps.T
        found *= scale
        return found

    def steps(self, rows: npt.NDArray[np.intp]) -> tuple[Vectors, Vectors]:
        """The direction of each row, not yet of length 1, and what brings it there; 0 for a row of -1.

        To scale what is made of many directions takes a fraction of scaling all of them.
        """
        if not len(self):
            return np.zeros((len(rows), self.dimensions), np.float32), np.zeros(len(rows), np.float32)
        scale = 1 / self._lengths[rows, 0]
        scale[rows < 0] = 0
        return self._steps[rows].astype(np.float32), scale

    def vectors(self, keys: Hashes, offsets: npt.NDArray[np.int64]) -> Vectors:
        """One vector of length 1 for each text; zeros where no word of it is known.

        `keys` are those of the tokens of all texts in a row, without pairs; text i is
        `keys[offsets[i]:offsets[i + 1]]`.
        """
        found = np.zeros((len(offsets) - 1, self.dimensions), np.float32)
        start = 0
        while start < len(found) and len(self):
            end = max(int(np.searchsorted(offsets, offsets[start] + _BLOCK, side="right")) - 1, start + 1)
            words = keys[offsets[start] : offsets[end]]
            found[start:end] = self._sums(words, offsets[start : end + 1] - offsets[start])
            start = end
        return unit(found)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One vector for each text, as `vectors` gives it; who has the keys of the texts already calls `vectors`."""
        listed = [tokens(text) for text in texts]
        offsets = np.cumsum([0, *(len(one) for one in listed)], dtype=np.int64)
        return self.vectors(hashes(word for one in listed for word in one), offsets)

    @cached_property
    def _begun(self) -> npt.NDArray[np.bool_]:
        """Whether any key begins with these bits: most pairs of words are no key, and this tells at once."""
        found = np.zeros(1 << (32 - _SHIFT), np.bool_)
        found[self.keys >> _SHIFT] = True
        return found

    def _rows(self, keys: Hashes) -> npt.NDArray[np.intp]:
        found = np.full(len(keys), -1, np.intp)
        likely = np.flatnonzero(self._begun[keys >> _SHIFT])
        at = np.minimum(np.searchsorted(self.keys, keys[likely]), len(self) - 1)
        hit = self.keys[at] == keys[likely]
        found[likely[hit]] = self.places[at[hit]]
        return found

    @cached_property
    def _steps(self) -> npt.NDArray[np.int8]:
        """The directions in a byte a dimension: unpacking the rows asked for would take ten times as long as this."""
        found: npt.NDArray[np.int8] = _DECODED[self.codes].reshape(len(self.codes), self.dimensions)
        return found

    @cached_property
    def _lengths(self) -> Vectors:
        starts = range(0, len(self.codes), _BLOCK)
        squares = [(self._steps[at : at + _BLOCK].astype(np.float32) ** 2).sum(axis=1) for at in starts]
        found: Vectors = np.maximum(np.sqrt(np.concatenate(squares)), 1e-6)[:, None].astype(np.float32)
        return found

    def _decoded(self, rows: npt.NDArray[np.intp]) -> Vectors:
        found: Vectors = np.divide(self._steps[rows], self._lengths[rows])
        return found

    def _sums(self, keys: Hashes, offsets: npt.NDArray[np.int64]) -> Vectors:
        """The weighted sum of the directions of the words and pairs of each text."""
        text = np.repeat(np.arange(len(offsets) - 1), np.diff(offsets))
        single, double = self._rows(keys), self._rows(pairs(keys[:-1], keys[1:]))
        double[text[:-1] != text[1:]] = -1
        known = np.flatnonzero(double >= 0)
        share = np.ones(len(keys), np.float32)
        share[known] = share[known + 1] = COVERED
        rows, text = np.concatenate([single, double[known]]), np.concatenate([text, text[known]])
        kept = rows >= 0
        share = np.concatenate([share, np.ones(len(known), np.float32)])[kept] * self.weights[rows[kept]]
        # Each word is decoded once a block and a matrix product adds up, which is far faster than word by word.
        words, column = np.unique(rows[kept], return_inverse=True)
        cells = np.bincount(text[kept] * len(words) + column, share, (len(offsets) - 1) * len(words))
        found: Vectors = cells.reshape(len(offsets) - 1, len(words)).astype(np.float32) @ self._decoded(words)
        return found
