import numpy as np
import pytest

from sangto.engine import meaning
from sangto.engine.embed import Words, hashes
from sangto.engine.meaning import alike


def places(*words: str) -> np.ndarray:
    return meaning.table().find(hashes(words)).astype(np.int64)


def both(meant: np.ndarray, held: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    found = alike(meant, held)
    return found.near, found.column


def test_word_is_wholly_like_itself_partly_like_its_synonym_and_not_like_another() -> None:
    found, column = both(places("car"), places("car", "automobile", "guitar"))

    same, synonym, other = found[0, column]
    assert same == 1 > synonym > 0.5
    assert other == 0


def test_folded_word_is_like_what_it_may_stand_for() -> None:
    found, column = both(places("bac"), places("bác", "guitar"))

    assert found[0, column[0]] > 0.5 > found[0, column[1]]


def test_distinct_places_have_one_column_each() -> None:
    found, column = both(places("car", "river"), places("river", "car", "river"))

    assert found.shape == (2, 2)
    assert column[0] == column[2] != column[1]
    assert found[1, column[0]] == found[0, column[1]] == 1


def test_unknown_word_is_like_nothing() -> None:
    found, _ = both(np.array([-1, *places("car")]), np.array([-1]))

    assert found.tolist() == [[0], [0]]


def test_nothing_beside_nothing_is_empty() -> None:
    none = np.zeros(0, np.int64)

    assert alike(none, none).near.shape == (0, 0)


def test_without_a_table_nothing_is_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "table", lambda: Words.none("it is missing"))
    car = places("car")

    assert car.tolist() == [-1]
    assert alike(car, car).near.tolist() == [[0]]
