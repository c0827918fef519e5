"""Entries near a message by the vectors of a sentence model: found though they share no word with it."""

from collections.abc import Callable, Iterator
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from sangto.engine.match import Entry, Index

__all__ = ["Shelf", "said"]

Floats = NDArray[np.float32]
_BLOCK = 2048  # rows that are written out as floats at a time: an index's would take four times its memory at once
_STEPS = 127


def said(entry: Entry) -> str:
    """What a model reads of an entry."""
    return "\n".join(part for part in (entry.question, entry.title) if part)


class Shelf:
    """Vectors of the latest rows of one index, `most` of them, a byte a number. For one thread at a time."""

    def __init__(self, most: int) -> None:
        self._most, self._next = most, 0
        self._rows, self._scales = np.full(0, -1, np.int64), np.zeros(0, np.float32)
        self._steps = np.zeros((0, 0), np.int8)

    def fill(self, index: Index, encode: Callable[[list[str]], Floats], *, count: int | None) -> None:
        """Reads at most `count` rows that were not read yet, oldest first; None for all of them."""
        self._next = max(self._next, len(index.columns) - self._most)
        left = len(index.columns) - self._next if count is None else count
        while left > 0 and (texts := list(islice(self._unread(index), min(left, _BLOCK)))):
            self._put(np.arange(self._next, self._next + len(texts)), encode(texts))
            self._next += len(texts)
            left -= len(texts)

    def nearest(self, asked: Floats) -> Iterator[int]:
        """The rows read so far, nearest first."""
        starts = range(0, len(self._rows), _BLOCK)
        products = [self._steps[at : at + _BLOCK].astype(np.float32) @ asked for at in starts]
        near = np.concatenate([*products, np.zeros(0, np.float32)]) * self._scales
        order = np.argsort(-near, kind="stable")
        yield from self._rows[order[self._rows[order] >= 0]].tolist()

    def _unread(self, index: Index) -> Iterator[str]:
        for row in range(self._next, len(index.columns)):
            try:
                yield said(index.entry(row))
            except IndexError:  # another thread is adding this one
                return

    def _put(self, rows: NDArray[np.int64], vectors: Floats) -> None:
        needed = min(int(rows[-1]) + 1, self._most)
        if needed > len(self._rows):
            self._grow(min(max(needed, len(self._rows) + _BLOCK), self._most), vectors.shape[1])
        largest = np.maximum(np.abs(vectors).max(axis=1), 1e-9)
        at = rows % self._most
        self._steps[at] = np.rint(vectors / largest[:, None] * _STEPS)
        self._rows[at], self._scales[at] = rows, largest / _STEPS

    def _grow(self, size: int, dimensions: int) -> None:
        missing = size - len(self._rows)
        self._rows = np.concatenate([self._rows, np.full(missing, -1, np.int64)])
        self._scales = np.concatenate([self._scales, np.zeros(missing, np.float32)])
        added = np.zeros((missing, dimensions), np.int8)
        self._steps = np.concatenate([self._steps, added]) if len(self._steps) else added
