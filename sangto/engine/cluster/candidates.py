"""Which pairs of Messages are worth comparing: those that share two of their rarest words or word pairs.

A share of words or word pairs that hardly any other Message has is what near-duplicates have in common and chance does
not. Unlike MinHash this needs no luck, and what two Messages alone share always comes first.
"""

from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import Any

import numpy as np
import numpy.typing as npt

from sangto.engine.cluster.arrays import Flags, Hashes, Ints, Shares, Words, mixed
from sangto.engine.cluster.asked import Asked, text_chunks
from sangto.engine.cluster.tokens import Vocabulary

_RAREST, _RAREST_COMMON, _COMMON = 5, 4, 200
_COUNT_BITS = range(12, 26)
# What one text in a thousand has is seen among many that share its slot, and so small a table stays in the cache.
_OFTEN_BITS = 20
_HASH_BITS = 46
_BEHIND = 3
_PAIRS_AT_ONCE = 20_000
_MARKED_AGAIN_AT = 4.0, 8.0
_ALIKE_AT_LEAST = 0.43
_BOILERPLATE_AT_LEAST, _BOILERPLATE_ONE_IN = 50, 1000
Span = tuple[int, int]
_NONE = np.uint64(0xFFFFFFFFFFFFFFFF)


def _pair_hashes(asked: Asked, *, hashes: Hashes, words: slice) -> Hashes:
    """The hash of each word and the next one; of a text's last word nothing that counts."""
    here = hashes[asked.words[words]]
    after = np.append(here[1:], np.uint64(0))
    return mixed(here * np.uint64(0xD6E8FEB86659FD93) + after)


def _slots(hashes: Hashes, *, bits: int) -> Words:
    slots: Words = (hashes >> np.uint64(64 - bits)).astype(np.int32)
    return slots


def _count_bits(asked: Asked) -> int:
    """How many bits number the slots in which word pairs are counted: a few slots for each pair."""
    return min(max(len(asked.words).bit_length() + 1, _COUNT_BITS[0]), _COUNT_BITS[-1])


def pair_slots(asked: Asked, *, vocabulary: Vocabulary) -> Words:
    """The slot in which each word with the next one is counted, of a text's last word 0.

    A pair that shares its slot with others seems less rare than it is.
    """
    slots = np.empty(len(asked.words), np.int32)
    for at, stop in text_chunks(asked.starts):
        words = slice(int(asked.starts[at]), int(asked.starts[stop]))
        slots[words] = _slots(_pair_hashes(asked, hashes=vocabulary.hashes, words=words), bits=_count_bits(asked))
    slots[asked.starts[1:] - 1] = 0
    return slots


def boilerplate(asked: Asked, *, texts: Flags, slots: Words, vocabulary: Vocabulary) -> Flags:
    """Which words stand mostly in word pairs that one text in a thousand has: what goes round with any question.

    Only the flagged texts count.
    """
    of_those = np.repeat(texts, asked.sizes)
    words, slots = asked.words[of_those], slots[of_those] >> max(0, _count_bits(asked) - _OFTEN_BITS)
    at_least = max(_BOILERPLATE_AT_LEAST, int(texts.sum()) // _BOILERPLATE_ONE_IN)
    often = np.bincount(slots, minlength=1) >= at_least
    often[0] = False
    either = often[slots]
    either[1:] |= either[:-1].copy()
    size = len(vocabulary.hashes)
    found: Flags = 2 * np.bincount(words[either], minlength=size) > np.bincount(words, minlength=size)
    return found


def _ranked(counts: Ints, hashes: Hashes) -> Hashes:
    """Numbers whose order is rarest first; what occurs once is last, for it joins nothing."""
    rank = (np.minimum(counts, (1 << (64 - _HASH_BITS)) - 2).astype(np.uint64) << np.uint64(_HASH_BITS)) | (
        hashes >> np.uint64(64 - _HASH_BITS)
    )
    rank[counts < 2] = _NONE
    return rank


def _rarest(asked: Asked, *, hashes: Hashes, counts: Ints, pairs: Ints, at: int, stop: int) -> tuple[Hashes, Hashes]:
    """A row for each text of the chunk: its rarest words and word pairs in one order for all texts, or _NONE.

    And the rarest of the others that many texts have: what slips and wrapping share by chance comes first in a question
    asked a thousand times, and would hide what all of those have.
    """
    words = slice(int(asked.starts[at]), int(asked.starts[stop]))
    starts = 2 * (asked.starts[at:stop] - asked.starts[at])
    here = asked.words[words]
    paired = _pair_hashes(asked, hashes=hashes, words=words)
    ranked = np.empty(2 * len(here), np.uint64)
    ranked[::2] = _ranked(counts[here], hashes[here])
    times = pairs[_slots(paired, bits=_count_bits(asked))]
    rarer = np.minimum(counts[here], np.append(counts[here[1:]], 0))
    # A pair that hardly ever stands without its rarer word says no more than the word: a slip would count three times.
    ranked[1::2] = _ranked(np.where(times * 2 >= rarer, 0, times), paired)
    ranked[2 * (asked.starts[at + 1 : stop + 1] - asked.starts[at]) - 1] = _NONE
    sizes = 2 * np.diff(asked.starts[at : stop + 1])
    rows = _lowest(ranked, starts=starts, sizes=sizes, count=_RAREST)
    ranked[ranked < np.uint64(_COMMON << _HASH_BITS)] = _NONE
    return rows, _lowest(ranked, starts=starts, sizes=sizes, count=_RAREST_COMMON)


def _lowest(ranked: Hashes, *, starts: Ints, sizes: Ints, count: int) -> Hashes:
    """A row for each run with its `count` lowest values, which become _NONE."""
    rows = np.empty((len(starts), count), np.uint64)
    for column in range(count):
        rows[:, column] = np.minimum.reduceat(ranked, starts)
        ranked[ranked == np.repeat(rows[:, column], sizes)] = _NONE
    return rows


def _together(rows: Hashes) -> list[Hashes]:
    """A hash for each two values of a row, 0 where there are not two, and for the only value of a row."""
    rows = mixed(rows + np.uint64(1)) * (rows != _NONE)
    made = [rows[:, 0] * (rows[:, 1] == 0)]
    for one in range(rows.shape[1]):
        for other in range(one + 1, rows.shape[1]):
            both = (rows[:, one] != 0) & (rows[:, other] != 0)
            made.append((rows[:, one] + rows[:, other]) * both)
    return made


def _keys(rarest: Hashes, common: Hashes, *, first: int, bits: int) -> Hashes:
    """The hashes of what two texts may share, with the text's number in the low bits."""
    made = np.stack([*_together(rarest), *_together(common)[1:]], axis=1)
    keys: Hashes = mixed(made) >> np.uint64(bits) << np.uint64(bits)
    numbers = np.arange(first, first + len(rarest), dtype=np.uint64)[:, None]
    found: Hashes = (keys | numbers)[made != 0]
    return found


def _adjacent(keys: Hashes, *, bits: int) -> Ints:
    """The pairs of texts with one key (the later in the high half): each with the first that has it and the few before.

    Sorts the keys in place.
    """
    keys.sort()
    same = (keys[1:] ^ keys[:-1]) < np.uint64(1 << bits)
    shared = np.zeros(len(keys), np.bool_)
    shared[1:] = same
    begins = ~shared
    shared[:-1] |= same
    # Half of the keys are those of one text only, so what follows is worked out for the others.
    at = np.flatnonzero(shared)
    texts = (keys[at] & np.uint64((1 << bits) - 1)).astype(np.int64)
    place = np.arange(len(at), dtype=np.int32)
    first = np.maximum.accumulate(np.where(begins[at], place, 0))
    behind = place - first
    found = []
    for back in range(_BEHIND + 1):
        later = np.flatnonzero(behind > back)
        earlier = later - back if back else first[later]
        found.append((texts[later] << 32) | texts[earlier])
    return np.concatenate(found)


def _marks(hashes: Hashes, *, weight: Shares) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """Of each word how many bits it sets in a sketch, more the more it weighs, and which these are."""
    number = 1 + np.searchsorted(_MARKED_AGAIN_AT, weight, side="right")
    places = np.stack([hashes >> np.uint64(8 * mark) & np.uint64(255) for mark in range(len(_MARKED_AGAIN_AT) + 1)])
    return number.astype(np.uint8), places.astype(np.uint8)


def _sketches(asked: Asked, *, marks: tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]], span: Span) -> Hashes:
    """256 bits for each text of the span, some set for each of its words."""
    at, stop = span
    number, places = marks
    words = asked.words[asked.starts[at] : asked.starts[stop]]
    row = np.repeat(np.arange(0, (stop - at) * 256, 256, dtype=np.int32), np.diff(asked.starts[at : stop + 1]))
    bits = np.zeros((stop - at) * 256, np.bool_)
    for mark, place in enumerate(places):
        if mark:
            again = number[words] > mark
            words, row = words[again], row[again]
        bits[row + place[words]] = True
    packed: Hashes = np.packbits(bits).view(np.uint64).reshape(-1, 4)
    return packed


def _bit_counts(sketches: Hashes) -> npt.NDArray[np.int16]:
    counts = np.bitwise_count(sketches)
    total = counts[:, 0].astype(np.int16)
    for column in range(1, counts.shape[1]):
        total += counts[:, column]
    return total


def _worthwhile(sketches: Hashes, sizes: npt.NDArray[np.int16], later: Ints, earlier: Ints) -> Flags:
    """Which pairs have enough of what their words weigh in common."""
    shared = _bit_counts(sketches[later] & sketches[earlier])
    fits: Flags = (1 + _ALIKE_AT_LEAST) * shared >= _ALIKE_AT_LEAST * (sizes[later] + sizes[earlier])
    return fits


def _each_once(pairs: Ints) -> Ints:
    pairs.sort()
    once: Ints = pairs[np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)]]
    return once


def _halves(parts: Sequence[npt.NDArray[Any]], *, bound: int) -> list[list[npt.NDArray[Any]]]:
    """Of each part what is below the bound, and the rest: one list each, for a thread each."""
    below = [part < bound for part in parts]
    return [
        [part[low] for part, low in zip(parts, below, strict=True)],
        [part[~low] for part, low in zip(parts, below, strict=True)],
    ]


def candidates(
    asked: Asked, *, slots: Words, vocabulary: Vocabulary, weight: Shares, workers: int
) -> tuple[Ints, Ints]:
    """Pairs of texts (later, earlier) that share two of their rarest words or word pairs and many of their words.

    No text may be without words. `weight` is that of each word. Each pair is there once, in the order of the later.
    """
    with ThreadPoolExecutor(workers) as pool:
        every = _sharing(asked, slots=slots, hashes=vocabulary.hashes, pool=pool)
        later, earlier = every >> 32, every & 0xFFFFFFFF
        marks = _marks(vocabulary.hashes, weight=weight)
        spans = text_chunks(asked.starts)
        sketches = np.concatenate(list(pool.map(lambda span: _sketches(asked, marks=marks, span=span), spans)))
        sizes = _bit_counts(sketches)
        chunks = [slice(at, at + _PAIRS_AT_ONCE) for at in range(0, len(later), _PAIRS_AT_ONCE)]
        fits = list(pool.map(lambda part: _worthwhile(sketches, sizes, later[part], earlier[part]), chunks))
    kept = np.concatenate([np.zeros(0, np.bool_), *fits])
    return later[kept], earlier[kept]


def _sharing(asked: Asked, *, slots: Words, hashes: Hashes, pool: Executor) -> Ints:
    """The pairs of texts that share two of their rarest words or word pairs, each once and in order."""
    texts = len(asked.starts) - 1
    bits = max(1, texts.bit_length())
    counts = np.bincount(asked.words, minlength=len(hashes))
    pairs = np.bincount(slots, minlength=1 << _count_bits(asked))

    def keys_of(span: Span) -> Hashes:
        rows = _rarest(asked, hashes=hashes, counts=counts, pairs=pairs, at=span[0], stop=span[1])
        return _keys(*rows, first=span[0], bits=bits)

    keys = _halves(list(pool.map(keys_of, text_chunks(asked.starts))), bound=1 << 63)
    found = list(pool.map(lambda half: _adjacent(np.concatenate(half), bits=bits), keys))
    paired = _halves(found, bound=texts // 2 << 32)
    return np.concatenate(list(pool.map(lambda half: _each_once(np.concatenate(half)), paired)))
