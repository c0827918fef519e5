"""Words that mean nearly the same: each word of a message beside each word of an entry, by the packaged word table."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sangto.engine.embed import Words

__all__ = ["alike", "table"]

Floats = NDArray[np.float32]
# Two words chosen blindly are hardly ever more alike than the first; from the second on they are one.
_FROM, _TO = 0.1, 0.7


@lru_cache(maxsize=1)
def table() -> Words:
    """The word table of the package; one without words, and the reason, when it cannot be read."""
    return Words.load()


def alike(meant: NDArray[np.int64], places: NDArray[np.int64]) -> tuple[Floats, NDArray[np.int64]]:
    """How alike each place of a message is to each distinct place of the entries: message x places, 0..1.

    Also says for each given place which column that is. A place of -1 is like nothing.
    """
    distinct, column = np.unique(places, return_inverse=True)
    near = table().at(meant) @ table().at(distinct).T
    found: Floats = np.clip((near - _FROM) / (_TO - _FROM), 0, 1)
    return found, column
