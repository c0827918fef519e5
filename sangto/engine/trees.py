"""A small ensemble of regression trees, evaluated for many rows at once.

The tests of all nodes are made together; each failed test strikes out the leaves on its left side, and the first leaf
that is left is the one the row falls into (QuickScorer: Lucchese et al., SIGIR 2015).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["LEAVES", "Trees"]

LEAVES = 16  # at most, in one tree
_ALL = np.uint16(0xFFFF)
_FIRST_BIT = np.zeros(1 << 16, np.uint8)
for _bit in reversed(range(LEAVES)):
    _FIRST_BIT[1 << _bit :: 1 << (_bit + 1)] = _bit


@dataclass(frozen=True)
class Trees:
    """Nodes laid side by side, one tree a row, padded with nodes that strike out nothing."""

    columns: NDArray[np.int64]  # trees x nodes: which feature is tested
    thresholds: NDArray[np.float32]  # a value up to the threshold goes left
    kept: NDArray[np.uint16]  # the leaves that are left when it does not
    leaves: NDArray[np.float32]  # trees x 16

    @classmethod
    def read(cls, held: list[dict[str, Any]]) -> "Trees":
        """The trees of a model file. Raises KeyError, ValueError or TypeError when the file is damaged."""
        nodes = max((len(tree["columns"]) for tree in held), default=0)
        columns, thresholds = np.zeros((len(held), nodes), np.int64), np.full((len(held), nodes), np.inf, np.float32)
        kept, leaves = np.full((len(held), nodes), _ALL, np.uint16), np.zeros((len(held), LEAVES), np.float32)
        for at, tree in enumerate(held):
            count = len(tree["columns"])
            columns[at, :count], thresholds[at, :count] = tree["columns"], tree["thresholds"]
            kept[at, :count] = tree["kept"]
            leaves[at, : len(tree["leaves"])] = tree["leaves"]
        return cls(columns, thresholds, kept, leaves)

    def __call__(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """The sum of the trees for each row of features."""
        if not self.columns.size:
            return np.full(len(values), self.leaves[:, 0].sum(), np.float32)
        failed = values[:, self.columns.ravel()] > self.thresholds.ravel()
        left = np.where(failed, self.kept.ravel(), _ALL).reshape(len(values), *self.columns.shape)
        leaf = _FIRST_BIT[np.bitwise_and.reduce(left, axis=2)]
        found: NDArray[np.float32] = self.leaves[np.arange(len(self.leaves)), leaf].sum(axis=1)
        return found
