"""The letters of the words of many texts: their hashes, and the words as they are spelled."""

import numpy as np
import numpy.typing as npt

from sangto.engine.cluster.arrays import BASE, Hashes, Ints, mixed

SPELLED_LETTERS = 24
_FIRST_OCTETS = np.array([(1 << 8 * count) - 1 for count in range(9)], np.uint64)


class Spelling:
    """The letters of one chunk as octets, eight of which are read at once."""

    def __init__(self, folded: npt.NDArray[np.uint32], *, starts: Ints, stops: Ints) -> None:
        self._folded, self._starts, self._stops = folded, starts, stops
        octets = np.zeros(len(folded) + SPELLED_LETTERS + 8, np.uint8)
        octets[: len(folded)] = folded & np.uint32(0xFF)
        self._eights = np.ndarray(len(folded) + SPELLED_LETTERS, np.dtype("<u8"), octets, strides=(1,))
        self._wide = self._with_other_letters()

    def _with_other_letters(self) -> Ints:
        """The words with a letter outside Latin-1, which takes more than an octet."""
        places = np.flatnonzero(self._folded > 0xFF)
        at = np.searchsorted(self._starts, places, side="right") - 1
        inside = (at >= 0) & (places < self._stops[at])
        found: Ints = np.flatnonzero(np.bincount(at[inside], minlength=1))
        return found

    def _eight(self, words: Ints | slice, *, at: int) -> Hashes:
        """Eight letters of each word from the letter `at`, 0 behind its end."""
        starts = self._starts[words]
        left = np.minimum(np.maximum(self._stops[words] - starts - at, 0), 8)
        found: Hashes = self._eights[starts + at] & _FIRST_OCTETS[left]
        return found

    def hashes(self) -> Hashes:
        """The hash of each word, which depends on its letters only."""
        hashes = mixed(self._eight(slice(None), at=0))
        length = self._stops - self._starts
        at, longer = 8, np.flatnonzero(length > 8)
        while len(longer):
            hashes[longer] = mixed(hashes[longer] * np.uint64(BASE) + self._eight(longer, at=at))
            at += 8
            longer = longer[length[longer] > at]
        at, longer = 0, self._wide
        while len(longer):
            letter = self._folded[self._starts[longer] + at].astype(np.uint64)
            hashes[longer] = mixed(hashes[longer] * np.uint64(BASE) + letter)
            at += 1
            longer = longer[length[longer] > at]
        return hashes

    def letters(self, words: Ints) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
        """The first letters of each of the words, and its length: 0 for one with other letters, or with too many."""
        eights = [self._eight(words, at=at) for at in range(0, SPELLED_LETTERS, 8)]
        letters = np.stack(eights, axis=1).astype("<u8").view(np.uint8)
        length = self._stops[words] - self._starts[words]
        length[(length > SPELLED_LETTERS) | np.isin(words, self._wide)] = 0
        return letters, length.astype(np.uint8)
