import numpy as np
import pytest
from numpy.typing import NDArray

from sangto.engine.embed import hashes
from sangto.engine.meaning import alike, distinct_of, table
from sangto.engine.topics import Spoken, roughly_alike, spoken
from sangto.engine.topics import alike as exactly_alike

TEXTS = [["hospital"], ["river", "school"], ["xyzzyq"], ["doctor", "vaccine", "doctor"], []]
COUNT = len(TEXTS)
OWNER = np.repeat(np.arange(COUNT), [len(text) for text in TEXTS])
KEYS = hashes(word for text in TEXTS for word in text)
TOPIC = table().directions(hashes(["hospital"]))[0]


@pytest.fixture
def said() -> Spoken:
    return spoken(KEYS, places=table().find(KEYS).astype(np.int32), owner=OWNER)


def expected() -> NDArray[np.float32]:
    ends = np.cumsum([0, *(len(text) for text in TEXTS)])
    return table().vectors(KEYS, ends) @ TOPIC


def exactly(said: Spoken) -> NDArray[np.float32]:
    beside = alike(np.zeros(0, np.int64), said.places)
    return exactly_alike(TOPIC, said, owner=OWNER, count=COUNT, beside=beside)


def test_cosine_is_that_of_the_whole_text(said: Spoken) -> None:
    assert exactly(said).tolist() == pytest.approx(expected().tolist(), abs=1e-5)


def test_rough_cosine_keeps_the_order_and_is_exact_for_one_word(said: Spoken) -> None:
    found = roughly_alike(TOPIC, table().find(KEYS), owner=OWNER, count=COUNT)

    assert found[0] == pytest.approx(1, abs=1e-5)
    assert found[0] > found[3] > found[1]
    assert found[[2, 4]].tolist() == [0, 0]


def test_known_pairs_count_and_leave_their_words_a_share() -> None:
    keys = hashes(["bao", "hiem", "xyzzyq"])

    found = spoken(keys, places=table().find(keys).astype(np.int32), owner=np.zeros(3, np.int64))

    assert found.at.tolist() == [0, 1, 2, 0]
    assert (found.places >= 0).tolist() == [True, True, False, True]
    alone = table().weights_of(found.places[:2])
    assert found.share[:3].tolist() == pytest.approx([*(alone / 4).tolist(), 0])
    assert found.share[3] > 0


def test_a_pair_does_not_reach_from_one_text_to_the_next() -> None:
    keys = hashes(["bao", "hiem"])

    found = spoken(keys, places=table().find(keys).astype(np.int32), owner=np.array([0, 1]))

    assert found.at.tolist() == [0, 1]


def test_no_texts_are_about_nothing() -> None:
    none = np.zeros(0, np.int64)

    assert roughly_alike(TOPIC, none, owner=none, count=0).tolist() == []


@pytest.mark.parametrize("numbers", [[], [0], [7, 3, 3, 0, 7]])
def test_distinct_numbers_are_those_of_unique(numbers: list[int]) -> None:
    distinct, column = distinct_of(np.array(numbers, np.int64), 8)
    wanted, inverse = np.unique(np.array(numbers, np.int64), return_inverse=True)

    assert distinct.tolist() == wanted.tolist()
    assert column.tolist() == inverse.tolist()
