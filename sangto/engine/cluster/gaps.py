"""Texts of one group that put different things where their representative says nothing.

A text that leaves a word out is like one that has it and like one that has another in its place; held against it alone,
the two would join.
"""

from collections.abc import Callable

import numpy as np

from sangto.engine.cluster.arrays import Flags, Hashes, Ints, Words, mixed
from sangto.engine.cluster.asked import Asked, spread
from sangto.engine.cluster.tokens import Vocabulary

Differ = Callable[[Words, Words], Flags]


def _words(asked: Asked, texts: Ints, *, vocabulary: Vocabulary) -> tuple[Words, Hashes, Ints]:
    """The words of the texts, their hashes, and their text; before and behind each text a word 0 with hash 0."""
    sizes = asked.sizes[texts]
    places, _ = spread(asked.starts[texts], sizes=sizes)
    into = np.arange(len(places)) + 2 * np.repeat(np.arange(len(texts)), sizes) + 1
    words = np.zeros(len(places) + 2 * len(texts), np.int32)
    hashes = np.zeros(len(words), np.uint64)
    words[into] = asked.words[places]
    hashes[into] = vocabulary.hashes[words[into]]
    return words, hashes, np.repeat(texts, sizes + 2)


def _gap(before: Hashes, behind: Hashes, *, head: Ints) -> Hashes:
    return mixed(mixed(mixed(before) + behind) + head.astype(np.uint64))


def _gaps(asked: Asked, heads: Ints, *, vocabulary: Vocabulary) -> Hashes:
    """The sorted hashes of the places between two words of each of the texts, before the first and behind the last."""
    _, hashes, head = _words(asked, heads, vocabulary=vocabulary)
    within = np.flatnonzero(head[1:] == head[:-1])
    return np.sort(_gap(hashes[within], hashes[within + 1], head=head[within]))


def _fills(asked: Asked, members: Ints, *, found: Ints, vocabulary: Vocabulary) -> tuple[Hashes, Words, Ints]:
    """Where a word or two of a member stand in a gap of its representative: each one's place, itself, the member.

    They are in the order of the places, which are hashes.
    """
    known = _gaps(asked, np.flatnonzero(np.bincount(found[members])), vocabulary=vocabulary)
    words, hashes, member = _words(asked, members, vocabulary=vocabulary)
    places, at = [], []
    for wide in (1, 2):
        within = np.flatnonzero(member[wide + 1 :] == member[: -wide - 1])
        if wide > 1:
            # Two words before or behind all others are mostly a greeting.
            within = within[(hashes[within] != 0) & (hashes[within + wide + 1] != 0)]
        gap = _gap(hashes[within], hashes[within + wide + 1], head=found[member[within]])
        fits = known[np.minimum(np.searchsorted(known, gap), len(known) - 1)] == gap
        for word in range(1, wide + 1):
            places.append(mixed(gap[fits] + np.uint64(2 * wide + word)))
            at.append(within[fits] + word)
    place, filling = np.concatenate(places), np.concatenate(at)
    order = np.argsort(place, kind="stable")
    return place[order], words[filling[order]], member[filling[order]]


def fill_otherwise(asked: Asked, members: Ints, *, found: Ints, vocabulary: Vocabulary, differ: Differ) -> Ints:
    """The members (in order) that fill a gap of their representative otherwise than the first of its group that does.

    `found` gives each text's representative; `differ` says whether one word in place of another changes what is said.
    """
    # It takes two to differ.
    members = members[np.bincount(found[members], minlength=1)[found[members]] > 1]
    if not len(members):
        return members
    gap, words, member = _fills(asked, members, found=found, vocabulary=vocabulary)
    place = np.arange(len(gap))
    first = np.maximum.accumulate(np.where(np.append(True, gap[1:] != gap[:-1])[: len(gap)], place, 0))
    later = np.flatnonzero(words != words[first])
    apart: Ints = np.unique(member[later[differ(words[later], words[first[later]])]])
    return apart
