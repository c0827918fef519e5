"""A message as an index reads it: known stems, pairs, spellings, and what its words mean."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sangto.engine.embed import COVERED, hashes, pairs, unit
from sangto.engine.meaning import table
from sangto.engine.text import raw_words, typed_with_diacritics, words
from sangto.engine.vocabulary import Vocabulary, key_of

__all__ = ["Query", "read_query", "unsigned"]

_WORDS = 128
_SLIP_WEIGHT = 0.7
_MENDED = 4  # unknown words of a message that a slip is looked for in
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_SIGNED = re.compile(rf"(\(@\w+\))\s*(?:{_MONTH} \d{{1,2}}, \d{{4}}|\d{{1,2}} {_MONTH} \d{{4}})\s*\Z")


@dataclass(frozen=True)
class Query:
    """The ids of a message's known stems in order, and how much each counts (0..1).

    `pairs` are the places in `ids` where a pair begins that some entry holds, and `often` how many entries hold it.
    """

    ids: NDArray[np.int64]
    trust: NDArray[np.float32]
    unknown: int  # words that no entry holds, not even with a slip mended
    pairs: NDArray[np.int64]
    often: NDArray[np.int64]
    spelled: NDArray[np.int64]  # the ids of its spellings (or -1), none when it was typed without diacritics
    meant: NDArray[np.int64]  # for every word, and then every pair that the word table knows, its place there, or -1
    places: NDArray[np.int64]  # for every word and pair of `meant` where it is in `ids`, or -1
    telling: NDArray[np.float32]  # for every word and pair of `meant` how much it tells
    topic: NDArray[np.float32]  # what it is about, as a direction in the word table


@dataclass(frozen=True)
class _Known:
    """The ids of the known stems, how much each counts, and for every word of the message where it is among them."""

    ids: list[int]
    trust: list[float]
    places: list[int]


def _known(folded: list[str], *, real: NDArray[np.bool_], vocabulary: Vocabulary) -> _Known:
    """A word that neither the index nor the word table (`real`) knows counts as the known one that is a slip away."""
    held = _Known([], [], [])
    unknown = 0
    for word, is_word in zip(folded, real.tolist(), strict=True):
        found, sure = vocabulary.known(word), 1.0
        if found is None and not is_word and unknown < _MENDED:
            found, sure = vocabulary.respelled(word), _SLIP_WEIGHT
            unknown += 1
        held.places.append(-1 if found is None else len(held.ids))
        if found is not None:
            held.ids.append(found)
            held.trust.append(sure)
    return held


@dataclass(frozen=True)
class _Words:
    """For each word its key in the word table, where it is there (-1), and the place of the word folded."""

    keys: NDArray[np.uint32]
    places: NDArray[np.int64]
    folded: NDArray[np.int64]


def _looked_up(folded: list[str], *, written: list[str], typed: bool) -> _Words:
    """As written where the word table knows that, else folded."""
    plain = hashes(folded)
    places = table().find(plain)
    if not typed:
        return _Words(plain, places, places)
    own = hashes([key_of(word) for word in written])
    found = table().find(own)
    return _Words(np.where(found >= 0, own, plain), np.where(found >= 0, found, places), places)


def _meant(
    said: _Words, *, known: _Known, vocabulary: Vocabulary
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32], NDArray[np.float32]]:
    """`meant`, `places`, `telling` and `topic`: a word inside a known pair tells half as much as alone."""
    places = np.array(known.places, np.int64)
    rare = table().rarity_of(said.folded)
    rare[places >= 0] = vocabulary.rarity[np.array(known.ids, np.int64)[places[places >= 0]]]
    both = table().find(pairs(said.keys[:-1], said.keys[1:]))
    at = np.flatnonzero(both >= 0)
    together, paired = (rare[at] + rare[at + 1]) / 2, np.union1d(at, at + 1)
    rare[paired] /= 2
    meant = np.concatenate([said.places, both[at]])
    whole, told = np.concatenate([places, np.full(len(at), -1)]), np.concatenate([rare, together])
    return meant, whole, told, _topic(meant, paired=paired)


def _topic(meant: NDArray[np.int64], *, paired: NDArray[np.int64]) -> NDArray[np.float32]:
    share = table().weights_of(meant)
    share[paired] *= COVERED
    found: NDArray[np.float32] = unit((share @ table().at(meant))[None])[0]
    return found


def unsigned(text: str) -> str:
    """The text of an embedded post without the day in its signature, which is no day of what it claims."""
    return _SIGNED.sub(r"\1", text)


def read_query(text: str, *, vocabulary: Vocabulary, often: Callable[[int, int], int]) -> Query:
    """The first 128 words of a message; `often` says how many entries hold a pair of stems."""
    text = unsigned(text)
    folded, written = words(text)[:_WORDS], raw_words(text)[:_WORDS]
    typed = typed_with_diacritics(text)
    said = _looked_up(folded, written=written, typed=typed)
    known = _known(folded, real=said.folded >= 0, vocabulary=vocabulary)
    counts = [often(one, other) for one, other in zip(known.ids, known.ids[1:], strict=False)]
    held = np.flatnonzero(counts)
    spelled = [vocabulary.known_spelling(*pair) for pair in zip(folded, written, strict=True)] if typed else []
    return Query(
        np.array(known.ids, np.int64),
        np.array(known.trust, np.float32),
        len(folded) - len(known.ids),
        held,
        np.array(counts, np.int64)[held],
        np.array(spelled, np.int64),
        *_meant(said, known=known, vocabulary=vocabulary),
    )
