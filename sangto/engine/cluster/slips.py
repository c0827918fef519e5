"""Whether one word is another with a slip of the keyboard, for many pairs of words at once."""

import numpy as np

from sangto.engine.cluster.arrays import Flags, Hashes, Ints, Words
from sangto.engine.cluster.spelling import SPELLED_LETTERS
from sangto.engine.cluster.tokens import Vocabulary
from sangto.engine.syllable import FOLDED

_SHORTEST, _SHORTEST_MIXED, _SHORTEST_LONG, _SHORTEST_OTHER_LETTER = 3, 4, 5, 6
_MUCH_RARER, _MUCH_RARER_SYLLABLE, _RARER = 10, 100, 3
_RARE, _RARE_ONE_IN = 3, 20_000
_LETTER_BITS = 48
_SYLLABLES = frozenset(syllable.encode("latin-1", "replace") for syllable in FOLDED)


def _one_slip(one: Ints | Words, other: Ints | Words, *, vocabulary: Vocabulary) -> tuple[Flags, Flags]:
    """Which pairs are one letter apart or two neighbours changed about, and which of them by one letter for another."""
    letters, length = vocabulary.letters, vocabulary.length.astype(np.int64)
    mine, theirs, short, long = letters[one], letters[other], length[one], length[other]
    rows, shorter = np.arange(len(one)), np.minimum(short, long)
    differ = mine != theirs
    ahead = np.minimum(np.where(differ.any(axis=1), differ.argmax(axis=1), SPELLED_LETTERS), shorter)
    columns = np.arange(SPELLED_LETTERS)
    from_end = [
        each[rows[:, None], np.maximum(size[:, None] - 1 - columns, 0)]
        for each, size in ((mine, short), (theirs, long))
    ]
    unlike = (from_end[0] != from_end[1]) | (columns >= shorter[:, None])
    behind = np.where(unlike.any(axis=1), unlike.argmax(axis=1), SPELLED_LETTERS)
    left = shorter - ahead - behind
    equal = short == long
    at, after = np.minimum(ahead, SPELLED_LETTERS - 1), np.minimum(ahead + 1, SPELLED_LETTERS - 1)
    turned = equal & (left == 2) & (mine[rows, at] == theirs[rows, after]) & (mine[rows, after] == theirs[rows, at])
    other_letter = equal & (left == 1)
    return turned | other_letter | ((np.abs(short - long) == 1) & (left <= 0)), other_letter


def _signatures(vocabulary: Vocabulary) -> Hashes:
    """Of each word the set of its letters, a bit for each letter or two."""
    letters = vocabulary.letters
    bits = np.uint64(1) << (letters % _LETTER_BITS).astype(np.uint64)
    bits[letters == 0] = 0
    found: Hashes = np.bitwise_or.reduce(bits, axis=1)
    return found


class Slips:
    """Which words of a vocabulary are a slip for which; what is asked of each word is worked out once."""

    def __init__(self, vocabulary: Vocabulary, *, counts: Ints) -> None:
        self._vocabulary, self._counts = vocabulary, counts
        self._letters_of = _signatures(vocabulary)
        spelled = vocabulary.letters.view(f"S{SPELLED_LETTERS}").ravel().tolist()
        self._syllable = np.array([word in _SYLLABLES for word in spelled], np.bool_)
        self._rare_at_most = max(_RARE, int(counts.sum()) // _RARE_ONE_IN)

    def fit(self, one: Ints | Words, other: Ints | Words) -> Flags:
        """Which pairs of words are one word and a slip for it, and not two words that look alike.

        They are one letter apart, or two neighbours changed about. "Ninh" and "Bình" are so too: that one of two
        words is a slip shows in its being rare, and much rarer (100 times where both are Vietnamese syllables). A rare
        word is also a slip when it begins alike and is long for the kind of slip, or is no syllable and the other is;
        one letter for another counts for less than a letter too many, too few or out of turn.
        """
        found = np.zeros(len(one), np.bool_)
        close = self._maybe(one, other)
        fits, other_letter = _one_slip(one[close], other[close], vocabulary=self._vocabulary)
        close, other_letter = close[fits], other_letter[fits]
        found[close] = self._is_slip(one[close], other[close], other_letter=other_letter)
        return found

    def _maybe(self, one: Ints | Words, other: Ints | Words) -> Ints:
        """The pairs of about one length that begin or end with the same letter, as one slip leaves them."""
        # One letter for another changes two letters of the set, any other slip one or none.
        apart = np.bitwise_count(self._letters_of[one] ^ self._letters_of[other])
        near = np.flatnonzero(apart <= 2)
        one, other = one[near], other[near]
        short, long = (self._vocabulary.length[word].astype(np.int64) for word in (one, other))
        letters = self._vocabulary.letters
        alike = (letters[one, 0] == letters[other, 0]) | (letters[one, short - 1] == letters[other, long - 1])
        found: Ints = near[alike & (np.abs(short - long) <= 1) & (np.minimum(short, long) >= _SHORTEST)]
        return found

    def _is_slip(self, one: Ints | Words, other: Ints | Words, *, other_letter: Flags) -> Flags:
        """Which words that are one slip apart are no two words."""
        vocabulary, counts = self._vocabulary, self._counts
        shorter = np.minimum(vocabulary.length[one], vocabulary.length[other])
        rare, common = np.minimum(counts[one], counts[other]), np.maximum(counts[one], counts[other])
        syllables = self._syllable[one], self._syllable[other]
        both, mixed = syllables[0] & syllables[1], syllables[0] ^ syllables[1]
        much_rarer = common >= rare * np.where(both, _MUCH_RARER_SYLLABLE, _MUCH_RARER)
        rarer = common >= rare * _RARER
        long = shorter >= np.where(other_letter, _SHORTEST_OTHER_LETTER, _SHORTEST_LONG - rarer)
        odd = mixed & ((shorter >= _SHORTEST_MIXED) | rarer)
        alike = vocabulary.letters[one, 0] == vocabulary.letters[other, 0]
        much_rarer &= rare <= self._rare_at_most
        found: Flags = much_rarer | (alike & ~both & (rare <= _RARE) & (long | odd) & (rarer | ~other_letter))
        return found
