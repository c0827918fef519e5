"""What entries are about beside what a message is about: directions in the word table, worked out when they are asked.

Nothing is kept: only the words of the entries that a search found are looked at, each once.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sangto.engine.embed import COVERED, pairs
from sangto.engine.meaning import Near, distinct_of, table

__all__ = ["Spoken", "alike", "roughly_alike", "spoken"]

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Spoken:
    """The words of some texts laid end to end, and after them the pairs that the word table knows.

    Of each its place in the word table (-1 for a word that is not there), where its first word stands, and how much it
    counts for what the text is about.
    """

    places: Ints
    at: Ints
    share: Floats


def spoken(keys: NDArray[np.uint32], *, places: NDArray[np.int32], owner: Ints) -> Spoken:
    """The words of texts by their keys and places in the word table; `owner` is the text that each stands in."""
    double = table().find(pairs(keys[:-1], keys[1:]))
    known = np.flatnonzero((double >= 0) & (owner[:-1] == owner[1:]))
    share = np.ones(len(keys) + len(known), np.float32)
    share[known] = share[known + 1] = COVERED
    found = np.concatenate([places, double[known]])
    share *= table().weights_of(found)
    return Spoken(found, np.concatenate([np.arange(len(keys)), known]), share)


def roughly_alike(topic: Floats, places: Ints, *, owner: Ints, count: int) -> Floats:
    """How near a direction is to what each of `count` texts is about, about -1..1; 0 for one without known words.

    By the places of single words, and a cosine as if they had nothing to do with each other: no direction of a whole
    text is worked out. For sorting out; it finds as many right ones as the exact one does.
    """
    share = table().weights_of(places)
    distinct, column = distinct_of(places + 1, len(table().codes) + 1)
    near = table().cosines(topic[None], distinct - 1)[0]
    sums = np.bincount(owner, share * near[column], count)
    lengths = np.sqrt(np.bincount(owner, share * share, count))
    return np.divide(sums, np.maximum(lengths, 1e-6)).astype(np.float32)


def alike(topic: Floats, said: Spoken, *, owner: Ints, count: int, beside: Near) -> Floats:
    """The cosine (-1..1) of a direction with the topic of each of `count` texts; 0 for one without known words.

    `beside` holds the directions of the words and pairs.
    """
    width = len(beside.scale)
    share = said.share * beside.scale[beside.column]
    cells = np.bincount(owner[said.at] * width + beside.column, share, count * width)
    topics = cells.reshape(count, width).astype(np.float32) @ beside.steps
    lengths = np.sqrt(np.einsum("ij,ij->i", topics, topics))
    found: Floats = topics @ topic / np.maximum(lengths, 1e-6)
    return found
