"""Words that mean nearly the same: each word of a message beside each word of an entry, by the packaged word table."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sangto.engine.embed import Words

__all__ = ["Near", "alike", "distinct_of", "table"]

Floats = NDArray[np.float32]
# Two words chosen blindly are hardly ever more alike than the first; from the second on they are one.
_FROM, _TO = 0.1, 0.7


@lru_cache(maxsize=1)
def table() -> Words:
    """The word table of the package; one without words, and the reason, when it cannot be read."""
    return Words.load().unpacked()


@dataclass(frozen=True)
class Near:
    """How alike each place of a message is to each distinct place of the entries: message x distinct places, 0..1.

    `column` says for each given place which distinct one it is; `steps` and `scale` are theirs, as `Words.steps` gives.
    """

    near: Floats
    column: NDArray[np.int64]
    steps: Floats
    scale: Floats


def alike(meant: NDArray[np.int64], places: NDArray[np.int64]) -> Near:
    """Places of the word table beside each other. A place of -1 is like nothing."""
    distinct, column = distinct_of(places + 1, len(table().codes) + 1)
    steps, scale = table().steps(distinct - 1)
    near = table().at(meant) @ steps.T
    near *= scale / (_TO - _FROM)
    near -= _FROM / (_TO - _FROM)
    return Near(np.clip(near, 0, 1, out=near), column, steps, scale)


def distinct_of(numbers: NDArray[np.int64], limit: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct ones of numbers from 0 to below a limit, rising, and which of them each is; nothing is sorted."""
    held = np.zeros(limit, np.bool_)
    held[numbers] = True
    distinct = np.flatnonzero(held)
    place = np.empty(limit, np.int64)
    place[distinct] = np.arange(len(distinct))
    return distinct, place[numbers]
