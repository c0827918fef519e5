"""What the inverted index is given of each entry: its stems and its pairs of neighbouring stems, as text."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sangto.engine.columns import Laid, distinct

__all__ = ["Terms"]

Ints = NDArray[np.int64]
_BITS = 26  # of a stem's id, so that an entry of a batch and a pair go into one number


class _Pieces(dict[int, str]):
    """Ids as they are written: id * 2 with a space after it, id * 2 + 1 as the first of a pair."""

    def __missing__(self, number: int) -> str:
        found = self[number] = f"{number >> 1}{' +'[number & 1]}"
        return found

    def joined(self, numbers: Ints, *, counts: Ints) -> Iterator[str]:
        """So many of the numbers as one text, and so on."""
        held, ends = list(map(self.__getitem__, numbers.tolist())), np.cumsum(counts).tolist()
        return ("".join(held[start:end]) for start, end in zip([0, *ends], ends, strict=False))


class Terms:
    """Writes the terms of entries, batch after batch, and remembers how ids are written."""

    def __init__(self) -> None:
        self._pieces = _Pieces()

    def words(self, stems: NDArray[np.generic], *, laid: Laid) -> Iterator[str]:
        """The stems of each entry in order, each with a space after it; `stems` gives that of each token."""
        return self._pieces.joined(stems.astype(np.int64) * 2, counts=np.bincount(laid.owner, minlength=len(laid)))

    def pairs(self, stems: NDArray[np.generic], *, laid: Laid) -> Iterator[str]:
        """The pairs of neighbours in one part, each once an entry."""
        ids, beside = stems.astype(np.int64), laid.part[1:] == laid.part[:-1]
        both = distinct((laid.owner[1:] << 2 * _BITS | ids[:-1] << _BITS | ids[1:])[beside])
        numbers = np.stack([both >> _BITS, both], axis=1) % (1 << _BITS) * 2 + [1, 0]
        return self._pieces.joined(numbers.ravel(), counts=2 * np.bincount(both >> 2 * _BITS, minlength=len(laid)))
