import numpy as np
import pytest
from numpy.typing import NDArray

from sangto.engine import topics
from sangto.engine.embed import hashes
from sangto.engine.meaning import table
from sangto.engine.topics import Topics

PACKED = 0.05  # what a direction loses in a byte a dimension
WORDS = ["hospital", "river", "school", "xyzzyq", "doctor", "vaccine"]
TOPIC = table().directions(hashes(["hospital"]))[0]


class Keys:
    """One word a row, and which rows were asked for."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def __call__(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        self.asked += rows.tolist()
        return hashes([WORDS[row % len(WORDS)] for row in rows.tolist()]), np.arange(len(rows) + 1)


def cosines(rows: list[int]) -> list[float]:
    directions = table().directions(hashes([WORDS[row % len(WORDS)] for row in rows]))
    return [float(one) for one in directions @ TOPIC]


def test_cosine_is_that_of_the_word_table() -> None:
    rows = [0, 1, 2, 3, 4, 0]

    found = Topics().alike(TOPIC, np.array(rows), keys=Keys())

    assert found.tolist() == pytest.approx(cosines(rows), abs=PACKED)
    assert found[0] == pytest.approx(1, abs=PACKED)
    assert found[3] == 0
    assert found[0] > found[4] > found[1]


def test_topic_is_worked_out_once() -> None:
    held, keys = Topics(), Keys()

    for rows in ([2, 0, 2], [0, 1], [1, 2]):
        held.alike(TOPIC, np.array(rows), keys=keys)

    assert keys.asked == [2, 0, 1]


def test_forgotten_topics_are_worked_out_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topics, "_KEPT", 3)
    held, keys = Topics(), Keys()
    asked = [[0, 1], [2, 4], [1, 2, 4], [5, 4, 1, 0]]

    found = [held.alike(TOPIC, np.array(rows), keys=keys).tolist() for rows in asked]

    assert keys.asked == [0, 1, 2, 4, 1, 5, 4, 1, 0]
    assert found == [pytest.approx(cosines(rows), abs=PACKED) for rows in asked]


def test_thousands_are_kept_side_by_side() -> None:
    held, keys, rows = Topics(), Keys(), list(range(3000))

    held.alike(TOPIC, np.array(rows[:1000]), keys=keys)
    found = held.alike(TOPIC, np.array(rows), keys=keys)

    assert found.tolist() == pytest.approx(cosines(rows), abs=PACKED)
    assert len(keys.asked) == 3000


def test_no_rows_ask_for_nothing() -> None:
    keys = Keys()

    assert Topics().alike(TOPIC, np.zeros(0, np.int64), keys=keys).tolist() == []
    assert keys.asked == []
