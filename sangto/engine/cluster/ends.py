"""What many Messages begin or end with, whatever they ask: found in the batch, beyond the phrases of the lexicon."""

import numpy as np

from sangto.engine.cluster.arrays import Flags, Hashes, Ints, mixed
from sangto.engine.cluster.asked import Asked

_AT_LEAST, _ONE_IN = 50, 1000
# "Did the President" begins many questions too, and is part of them.
_SHORTEST, _LONGEST = 4, 16
# Where a phrase ends the next word is one of many: so many times fewer texts go on with the same.
_FEWER = 4
_SLOT_BITS = 20


def between_common_ends(asked: Asked, *, hashes: Hashes, questions: Flags) -> tuple[Ints, Ints]:
    """Where each text starts and stops without the four words or more that many of the questions begin or end with.

    `hashes` are those of the words; `questions` flags the texts that count. One word of each text is left at least.
    """
    first, stop = asked.starts[:-1].copy(), asked.starts[1:].copy()
    first += _common(asked, hashes=hashes, questions=questions, most=stop - first - 1, behind=False)
    stop -= _common(asked, hashes=hashes, questions=questions, most=stop - first - 1, behind=True)
    return first, stop


def _common(asked: Asked, *, hashes: Hashes, questions: Flags, most: Ints, behind: bool) -> Ints:
    """How many words at one end of each text are common to many, but `most` of them."""
    at_least = max(_AT_LEAST, int(questions.sum()) // _ONE_IN)
    edge = asked.starts[1:] - 1 if behind else asked.starts[:-1]
    found, so_far = np.zeros(len(most), np.int64), np.zeros(len(most), np.uint64)
    before = np.zeros(len(most), np.int64)
    pending = np.flatnonzero(most > 0)
    for count in range(_LONGEST):
        words = asked.words[edge[pending] + (-count if behind else count)]
        so_far[pending] = mixed(so_far[pending] + hashes[words])
        slots = (so_far[pending] >> np.uint64(64 - _SLOT_BITS)).astype(np.int64)
        often = np.bincount(slots[questions[pending]], minlength=1 << _SLOT_BITS)[slots]
        goes_on = (often >= at_least) & (_FEWER * often >= before[pending])
        before[pending] = often
        pending = pending[goes_on]
        found[pending] += 1
        pending = pending[found[pending] < most[pending]]
    found[found < _SHORTEST] = 0
    return found


def only_of(texts: Ints, *, first: Ints, stop: Ints) -> tuple[Ints, Ints]:
    """The starts and stops of the texts, and nothing of the others."""
    kept = np.zeros(len(first), np.bool_)
    kept[texts] = True
    return np.where(kept, first, 0), np.where(kept, stop, 0)
