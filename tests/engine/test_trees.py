import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangto.engine.trees import LEAVES, Trees

# x0 <= 1 ? (x1 <= 5 ? .1 : .2) : .7
STUMP = {"columns": [0, 1], "thresholds": [1.0, 5.0], "kept": [0b100, 0b110], "leaves": [0.1, 0.2, 0.7]}


def by_hand(row: list[float]) -> float:
    return (0.1 if row[1] <= 5 else 0.2) if row[0] <= 1 else 0.7


@given(st.lists(st.tuples(st.floats(-9, 9, width=32), st.floats(-9, 9, width=32)), min_size=1, max_size=9))
def test_rows_fall_into_the_leaf_that_walking_the_tree_finds(rows: list[tuple[float, float]]) -> None:
    found = Trees.read([STUMP, STUMP])(np.array(rows, np.float32))

    assert found.tolist() == pytest.approx([2 * by_hand(list(row)) for row in rows])


def test_value_at_the_threshold_goes_left() -> None:
    assert Trees.read([STUMP])(np.array([[1, 5]], np.float32)).tolist() == pytest.approx([0.1])


def test_trees_of_different_size_stand_side_by_side() -> None:
    one_leaf = {"columns": [], "thresholds": [], "kept": [], "leaves": [0.5]}

    assert Trees.read([STUMP, one_leaf])(np.array([[9, 9]], np.float32)).tolist() == pytest.approx([1.2])
    assert Trees.read([one_leaf])(np.zeros((3, 2), np.float32)).tolist() == [0.5] * 3
    assert Trees.read([])(np.zeros((2, 2), np.float32)).tolist() == [0, 0]


def test_full_tree_reaches_every_leaf() -> None:
    # A chain: leaf n for n < x0 <= n + 1.
    kept = [0xFFFF & ~((1 << (at + 1)) - 1) for at in range(LEAVES - 1)]
    chain = {
        "columns": [0] * 15,
        "thresholds": [float(at) for at in range(15)],
        "kept": kept,
        "leaves": list(range(LEAVES)),
    }

    found = Trees.read([chain])(np.array([[at - 0.5] for at in range(LEAVES)], np.float32))

    assert found.tolist() == [float(at) for at in range(LEAVES)]


@pytest.mark.parametrize(
    "damage", [{"columns": [0]}, {"leaves": [0.0] * 17}, {"thresholds": ["x", 1]}, {"kept": [70_000, 1]}]
)
def test_damaged_tree_is_refused(damage: dict[str, object]) -> None:
    with pytest.raises((ValueError, TypeError, KeyError, OverflowError)):
        Trees.read([STUMP | damage])
