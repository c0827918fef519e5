"""What entries are about, as directions in the word table: worked out when first asked for, and kept for a while."""

import threading
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sangto.engine.embed import packed
from sangto.engine.meaning import table

__all__ = ["Topics"]

_KEPT = 100_000  # at 320 bytes each
Floats = NDArray[np.float32]
Keys = tuple[NDArray[np.uint32], NDArray[np.int64]]


class Topics:
    """One direction a row, in a quarter of its size."""

    def __init__(self) -> None:
        self._filling = threading.Lock()
        self._forget()

    def _forget(self) -> None:
        self._slots: dict[int, int] = {}
        self._kept = np.zeros((1024, table().dimensions), np.int8)

    def alike(self, topic: Floats, rows: NDArray[np.int64], *, keys: Callable[[NDArray[np.int64]], Keys]) -> Floats:
        """The cosine (-1..1) of a direction with the topic of each row; `keys` gives the words of rows.

        They come as `Words.vectors` wants them: keys laid end to end, and where each row begins.
        """
        with self._filling:
            new = [row for row in dict.fromkeys(rows.tolist()) if row not in self._slots]
            if len(self._slots) + len(new) > _KEPT:
                self._forget()
                new = list(dict.fromkeys(rows.tolist()))
            if new:
                self._fill(new, keys=keys)
            held = self._kept[[self._slots[row] for row in rows.tolist()]]
        found: Floats = held.astype(np.float32) @ topic / np.float32(127)
        return found

    def _fill(self, rows: list[int], *, keys: Callable[[NDArray[np.int64]], Keys]) -> None:
        start, end = len(self._slots), len(self._slots) + len(rows)
        while end > len(self._kept):
            self._kept = np.concatenate([self._kept, np.zeros_like(self._kept)])
        self._kept[start:end] = packed(table().vectors(*keys(np.array(rows, np.int64))))
        self._slots.update(zip(rows, range(start, end), strict=True))
