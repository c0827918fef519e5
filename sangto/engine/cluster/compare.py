"""How alike two Messages are and whether they contradict each other, for many pairs at once."""

from concurrent.futures import ThreadPoolExecutor
from copy import copy
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sangto.engine.cluster.arrays import Flags, Ints, Shares, Words
from sangto.engine.cluster.asked import Asked, is_number, is_telling, spread, text_chunks
from sangto.engine.cluster.slips import Slips
from sangto.engine.cluster.tokens import Vocabulary

Sums = npt.NDArray[np.float64]

_PAIRS_AT_ONCE = 4000
_REPEAT_BITS, _WORD_BITS = 9, 30
_OWN_PAIRS_AT_MOST, _SLIPS_MATTER_AT = 120, 0.42
_UNTELLING_WEIGHT, _BOILERPLATE_WEIGHT = 0.3, 0.2
_MANY = 4
_MATCHINGS = 3


@dataclass(frozen=True)
class Compared:
    """For each pair its likeness (0..1), and whether its numbers, negations and things are the same.

    `swapped` says that each has a telling word of its own which is no slip of the keyboard for one of the other's;
    `added` is how many telling words one text has and the other lacks that do not go round with any question.
    """

    likeness: Shares
    numbers_differ: Flags
    negation_differs: Flags
    swapped: Flags
    added: Ints


@dataclass(frozen=True)
class _Own:
    """Words that only one text of a pair has: which pair, whether it is the later text's, and the word."""

    pair: Ints
    later: Flags
    word: Ints


class Comparer:
    """Compares pairs of texts of one corpus; what is asked of each word is worked out once, as its `weight`."""

    def __init__(self, asked: Asked, *, vocabulary: Vocabulary, workers: int) -> None:
        self._asked, self._workers = asked, workers
        self._counts = np.bincount(asked.words, minlength=len(vocabulary.hashes))
        telling = is_telling(vocabulary)
        # Digits are compared in order, by themselves.
        self._worth = np.where(is_number(vocabulary), 0, np.where(telling, _MANY, 1))
        self._exact = is_number(vocabulary) | (vocabulary.length == 0)
        self.weight = _weights(self._counts, texts=len(asked.starts) - 1, telling=telling)
        self._own_weight = self.weight
        self._slips, self._sizes = Slips(vocabulary, counts=self._counts), asked.sizes
        self._slips_matter_at = _SLIPS_MATTER_AT
        self._keys = _all_occurrence_keys(asked, workers=workers)

    def weigh_little(self, boilerplate: Flags) -> None:
        """Lets boilerplate count for little where only one of two texts has it."""
        self._own_weight = self.weight * np.where(boilerplate, _BOILERPLATE_WEIGHT, 1.0).astype(np.float32)

    def within(self, first: Ints, stop: Ints) -> "Comparer":
        """The same for the words of each text from `first` up to `stop`, where slips are looked for in every pair."""
        inner = copy(self)
        inner._asked, inner._slips_matter_at = self._asked.cut(first, stop, workers=self._workers), 0.0
        inner._sizes = inner._asked.sizes
        inner._keys = _all_occurrence_keys(inner._asked, workers=self._workers)
        return inner

    def at_most(self, later: Ints, earlier: Ints, *, alike: Shares) -> Shares:
        """How alike pairs that were `alike` can be now that boilerplate weighs little."""
        whole, spared = self._sums()
        every = whole[later] + whole[earlier]
        shared = alike * every / (1 + alike)
        rest = np.maximum(every - 2 * shared - spared[later] - spared[earlier], 0)
        most: Shares = (shared / np.maximum(shared + rest, 1e-6)).astype(np.float32)
        return most

    def _sums(self) -> tuple[Sums, Sums]:
        """What the words of each text weigh, and how much less that is where only one of two texts has them."""
        asked, spared = self._asked, self.weight - self._own_weight

        def sums_of(span: tuple[int, int]) -> tuple[Sums, Sums]:
            starts = asked.starts[span[0] : span[1] + 1]
            words = asked.words[starts[0] : starts[-1]]
            runs = starts[:-1] - starts[0]
            return np.add.reduceat(self.weight[words], runs), np.add.reduceat(spared[words], runs)

        with ThreadPoolExecutor(self._workers) as pool:
            parts = list(pool.map(sums_of, text_chunks(asked.starts)))
        return np.concatenate([whole for whole, _ in parts]), np.concatenate([less for _, less in parts])

    def compare(self, later: Ints, earlier: Ints) -> Compared:
        """Compares each later text with the earlier one beside it."""
        chunks = [slice(at, at + _PAIRS_AT_ONCE) for at in range(0, len(later), _PAIRS_AT_ONCE)]
        with ThreadPoolExecutor(self._workers) as pool:
            parts = list(pool.map(lambda part: self._chunk(later[part], earlier[part]), chunks))
        asked = self._asked
        return Compared(
            likeness=np.concatenate([np.zeros(0, np.float32), *(likeness for likeness, _, _ in parts)]),
            numbers_differ=asked.numbers[later] != asked.numbers[earlier],
            # Without its question mark a word that only asks looks like one that negates, but it stands in one place.
            negation_differs=(asked.negations[later] != asked.negations[earlier])
            & (asked.denials[later] != asked.denials[earlier]),
            swapped=np.concatenate([np.zeros(0, np.bool_), *(swapped for _, swapped, _ in parts)]),
            added=np.concatenate([np.zeros(0, np.int64), *(added for _, _, added in parts)]),
        )

    def differ(self, one: Words, other: Words) -> Flags:
        """Which words change what is said when one stands for the other: one is telling, and it is no slip.

        Where both go round with any question, they say nothing.
        """
        worth, exact = self._worth, self._exact
        telling = (np.minimum(worth[one], worth[other]) > 0) & (np.maximum(worth[one], worth[other]) >= _MANY)
        about = self._own_weight >= self.weight
        known = np.flatnonzero(telling & (about[one] | about[other]))
        close = self._slips.fit(one[known], other[known])
        found = np.zeros(len(one), np.bool_)
        found[known] = ~close | exact[one[known]] | exact[other[known]]
        return found

    def _chunk(self, later: Ints, earlier: Ints) -> tuple[Shares, Flags, Ints]:
        own, shared, alone = self._set_beside(later, earlier)
        worthwhile = shared >= self._slips_matter_at * (shared + alone)
        close = self._slipped(own, worthwhile=worthwhile)
        slipped = np.bincount(own.pair, weights=self._own_weight[own.word] * close, minlength=len(later))
        # A slip stands on both sides, so half of what the slips weigh is shared and the other half was never there.
        whole = shared + alone - slipped / 2
        likeness = np.divide(shared + slipped / 2, whole, out=np.ones_like(whole), where=whole > 0)
        telling = ~close & (self._worth[own.word] >= _MANY) & (self._own_weight[own.word] >= self.weight[own.word])
        added = [np.bincount(own.pair[side & telling], minlength=len(later)) for side in (own.later, ~own.later)]
        swapped = self._swapped(own, close=close, pairs=len(later))
        return likeness.astype(np.float32), swapped, np.maximum(*added)

    def _swapped(self, own: _Own, *, close: Flags, pairs: int) -> Flags:
        """Which pairs have something in place of something else: a word on each side, and one of the two telling.

        It need not be both: without diacritics "Mỹ" (America) is the English "my", "An" of Nghệ An an article.
        """
        worth = np.where(close, 0, self._worth[own.word])
        sides = [np.bincount(own.pair[side], weights=worth[side], minlength=pairs) for side in (own.later, ~own.later)]
        swapped: Flags = (np.minimum(*sides) > 0) & (np.maximum(*sides) >= _MANY)
        return swapped

    def _set_beside(self, later: Ints, earlier: Ints) -> tuple[_Own, Sums, Sums]:
        """The words of one side only, and by pair the weight of the shared ones and of those."""
        keys = np.concatenate([self._side(later, mark=1), self._side(earlier, mark=0)])
        # Two runs, each in order: a merge sort needs one pass.
        keys.sort(kind="stable")
        twin = np.flatnonzero(keys[1:] ^ keys[:-1] == 1)
        alone = np.ones(len(keys), np.bool_)
        alone[twin] = alone[twin + 1] = False
        word = (keys >> 1 + _REPEAT_BITS) & ((1 << _WORD_BITS) - 1)
        pair = keys >> 1 + _REPEAT_BITS + _WORD_BITS
        weight = self.weight[word]
        shared = np.bincount(pair[twin], weights=weight[twin], minlength=len(later)).astype(np.float64)
        own = np.flatnonzero(alone)
        rest = np.bincount(pair[own], weights=self._own_weight[word[own]], minlength=len(later)).astype(np.float64)
        return _Own(pair[own], (keys[own] & 1) == 1, word[own]), shared, rest

    def _side(self, texts: Ints, *, mark: int) -> Ints:
        sizes = self._sizes[texts]
        places, _ = spread(self._asked.starts[texts], sizes=sizes)
        pair = np.arange(len(texts)) << 1 + _REPEAT_BITS + _WORD_BITS | mark
        keys: Ints = np.repeat(pair, sizes) | self._keys[places] << 1
        return keys

    def _slipped(self, own: _Own, *, worthwhile: Flags) -> Flags:
        """Which own words are a slip for one of the other side's; each is one word's slip at most."""
        pairs = len(worthwhile)
        close = np.zeros(len(own.word), np.bool_)
        sides = [np.flatnonzero(side & ~self._exact[own.word]) for side in (own.later, ~own.later)]
        counts = [np.bincount(own.pair[side], minlength=pairs) for side in sides]
        few = np.minimum(*counts) * np.maximum(*counts) <= np.where(worthwhile, _OWN_PAIRS_AT_MOST, -1)
        mine = sides[0][few[own.pair[sides[0]]]]
        begins = np.searchsorted(own.pair[sides[1]], np.arange(pairs))
        beside = counts[1][own.pair[mine]]
        places, _ = spread(begins[own.pair[mine]], sizes=beside)
        one, other = np.repeat(mine, beside), sides[1][places]
        fits = self._slips.fit(own.word[one], own.word[other])
        one, other = one[fits], other[fits]
        for _ in range(_MATCHINGS):
            matched = _each_once(one, other)
            close[one[matched]] = close[other[matched]] = True
            left = ~close[one] & ~close[other]
            one, other = one[left], other[left]
        return close


def _each_once(one: Ints, other: Ints) -> Ints:
    """Of the pairs (by `one`) some in which no number stands twice on its side."""
    _, first = np.unique(one, return_index=True)
    _, second = np.unique(other[first], return_index=True)
    return first[second]


def _weights(counts: Ints, *, texts: int, telling: Flags) -> Shares:
    """What a word weighs: more the rarer it is, as far as so many texts can tell, and little if it tells nothing."""
    rarity = np.log((texts + 1000) / (np.minimum(counts, texts) + 10))
    weight: Shares = (np.maximum(rarity, 0.5) * np.where(telling, 1.0, _UNTELLING_WEIGHT)).astype(np.float32)
    return weight


def _all_occurrence_keys(asked: Asked, *, workers: int) -> Ints:
    with ThreadPoolExecutor(workers) as pool:
        spans = text_chunks(asked.starts)
        return np.concatenate(list(pool.map(lambda span: _occurrence_keys(asked, span=span), spans)))


def _occurrence_keys(asked: Asked, *, span: tuple[int, int]) -> Ints:
    """Of each text of the span the words in order, each with how often the text has it before (up to 511 times).

    So a word said twice is two.
    """
    starts = asked.starts[span[0] : span[1] + 1]
    words = asked.words[starts[0] : starts[-1]]
    word_bits = int(words.max(initial=0)).bit_length()
    # Half as wide where it fits, for that is sorted in half the time.
    wide = np.uint32 if (span[1] - span[0]).bit_length() + word_bits <= 32 else np.uint64
    owner = (np.arange(span[1] - span[0]) << word_bits).astype(wide)
    ordered = np.repeat(owner, np.diff(starts)) | words.astype(wide)
    ordered.sort()
    begins = np.concatenate([[True], ordered[1:] != ordered[:-1]])[: len(ordered)]
    place = np.arange(len(ordered), dtype=np.int32)
    before = place - np.maximum.accumulate(np.where(begins, place, 0))
    keys: Ints = (ordered & wide((1 << word_bits) - 1)).astype(np.int64) << _REPEAT_BITS
    return keys | np.minimum(before, (1 << _REPEAT_BITS) - 1)
