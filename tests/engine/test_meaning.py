import numpy as np
import pytest

from sangto.engine import meaning
from sangto.engine.embed import Words, hashes
from sangto.engine.meaning import alike, table


def places(*words: str) -> np.ndarray:
    return table().find(hashes(words)).astype(np.int64)


def test_word_is_wholly_like_itself_partly_like_its_synonym_and_not_like_another() -> None:
    found, column = alike(places("car"), places("car", "automobile", "guitar"))

    same, synonym, other = found[0, column]
    assert same == 1 > synonym > 0.5
    assert other == 0


def test_folded_word_is_like_what_it_may_stand_for() -> None:
    found, column = alike(places("bac"), places("bác", "guitar"))

    assert found[0, column[0]] > 0.5 > found[0, column[1]]


def test_distinct_places_have_one_column_each() -> None:
    found, column = alike(places("car", "river"), places("river", "car", "river"))

    assert found.shape == (2, 2)
    assert column[0] == column[2] != column[1]
    assert found[1, column[0]] == found[0, column[1]] == 1


def test_unknown_word_is_like_nothing() -> None:
    found, _ = alike(np.array([-1, *places("car")]), np.array([-1]))

    assert found.tolist() == [[0], [0]]


def test_nothing_beside_nothing_is_empty() -> None:
    none = np.zeros(0, np.int64)

    assert alike(none, none)[0].shape == (0, 0)


def test_without_a_table_nothing_is_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    car = places("car")
    monkeypatch.setattr(meaning, "table", lambda: Words.none("it is missing"))

    assert alike(car, car)[0].tolist() == [[0]]
