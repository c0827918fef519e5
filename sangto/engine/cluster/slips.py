"""Whether one word is another with a slip of the keyboard, for many pairs of words at once."""

import numpy as np

from sangto.engine.cluster.tokens import SPELLED_LETTERS, Flags, Ints, Vocabulary, Words
from sangto.engine.syllable import FOLDED

_SHORTEST, _SHORTEST_MIXED, _SHORTEST_LONG, _SHORTEST_OTHER_LETTER = 3, 4, 5, 6
_MUCH_RARER, _MUCH_RARER_SYLLABLE, _RARER = 10, 100, 3
_RARE, _RARE_ONE_IN = 3, 20_000
_SYLLABLE = 10, 100


def _syllables(words: Ints | Words, *, vocabulary: Vocabulary) -> Flags:
    """Which words are Vietnamese syllables."""
    unique, number = np.unique(words, return_inverse=True)
    spelled = [vocabulary.letters[word].tobytes().rstrip(b"\0") for word in unique]
    shaped = np.array([word.decode("latin-1") in FOLDED for word in spelled], np.bool_)
    found: Flags = shaped[number]
    return found


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


def _maybe(one: Ints | Words, other: Ints | Words, *, vocabulary: Vocabulary) -> Ints:
    """The pairs of about one length that begin or end with the same letter, as one slip leaves them."""
    short, long = vocabulary.length[one].astype(np.int64), vocabulary.length[other].astype(np.int64)
    near = np.flatnonzero((np.abs(short - long) <= 1) & (np.minimum(short, long) >= _SHORTEST))
    one, other, short, long = one[near], other[near], short[near], long[near]
    letters = vocabulary.letters
    alike = (letters[one, 0] == letters[other, 0]) | (letters[one, short - 1] == letters[other, long - 1])
    found: Ints = near[alike]
    return found


def slips(one: Ints | Words, other: Ints | Words, *, vocabulary: Vocabulary, counts: Ints) -> Flags:
    """Which pairs of words are one word and a slip for it, and not two words that look alike.

    They are one letter apart, or two neighbours changed about. "Ninh" and "Bình" are so too: that one of two words is a
    slip shows in its being rare, and much rarer (100 times where both are Vietnamese syllables). A rare word is also a
    slip when it begins alike and is long for the kind of slip, or is no syllable and the other is; one letter for
    another counts for less than a letter too many, too few or out of turn.
    """
    found = np.zeros(len(one), np.bool_)
    close = _maybe(one, other, vocabulary=vocabulary)
    fits, other_letter = _one_slip(one[close], other[close], vocabulary=vocabulary)
    close, other_letter = close[fits], other_letter[fits]
    one, other = one[close], other[close]
    shorter = np.minimum(vocabulary.length[one], vocabulary.length[other])
    rare, common = np.minimum(counts[one], counts[other]), np.maximum(counts[one], counts[other])
    syllables = [_syllables(words, vocabulary=vocabulary) for words in (one, other)]
    both, mixed = syllables[0] & syllables[1], syllables[0] ^ syllables[1]
    much_rarer = common >= rare * np.where(both, _MUCH_RARER_SYLLABLE, _MUCH_RARER)
    rarer = common >= rare * _RARER
    long = shorter >= np.where(other_letter, _SHORTEST_OTHER_LETTER, _SHORTEST_LONG - rarer)
    odd = mixed & ((shorter >= _SHORTEST_MIXED) | rarer)
    alike = vocabulary.letters[one, 0] == vocabulary.letters[other, 0]
    much_rarer &= rare <= max(_RARE, int(counts.sum()) // _RARE_ONE_IN)
    found[close] = much_rarer | (alike & ~both & (rare <= _RARE) & (long | odd) & (rarer | ~other_letter))
    return found
