from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangto.engine import reading as module
from sangto.engine.reading import Reading, Spelling
from sangto.engine.text import raw_words, words

PIECES = [
    "a", "A", "không", "đúng", "có", "ạ", "thanks", "Hi", "is", "it", "true", "that", "k", "z,", "vitamin", "K", "J.",
    "5", "5,", "triệu", "trieu.", "tr", "10k", "2025", "-", "!!!", "\"Được", "(word)", "word.", "đẹppppp", "#FakeNews",
    "https://a.vn/x", "24/7", "www.b.com", "chia", "sẻ", "ngay", "cho", "mọi", "người", "İ", "中文字", "e\u0301", "ﬁ",
    "x" * 40, "dduowcj", "ko", "hông", "don’t", "\x00", "\u200b",
]  # fmt: skip
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=12).flatmap(
    lambda pieces: st.sampled_from([" ", "  ", "\n", " \n ", "\t"]).map(lambda between: between.join(pieces))
)


class Numbers(dict[Spelling, int]):
    """Gives ids to spellings in the order in which they are asked for."""

    def of(self, spellings: Sequence[Spelling]) -> list[int]:
        return [self.setdefault(one, len(self)) for one in spellings]


def read(reading: Reading, numbers: Numbers, batch: list[str]) -> list[list[Spelling]]:
    ids, lengths = reading.read(batch)
    spellings, ends = list(numbers), lengths.cumsum().tolist()
    assert len(ids) == sum(lengths.tolist())
    return [[spellings[one] for one in ids[end - size : end]] for end, size in zip(ends, lengths.tolist(), strict=True)]


@given(st.lists(st.lists(texts, max_size=5), max_size=3), st.sampled_from([3, 400]))
def test_texts_read_at_once_give_the_words_of_each(batches: list[list[str]], most: int) -> None:
    numbers = Numbers()
    reading = Reading(numbers.of, most=most)

    for batch in batches:
        assert read(reading, numbers, batch) == [
            list(zip(words(text), raw_words(text), strict=True))[:most] for text in batch
        ]


def test_ids_are_given_in_the_order_of_the_words_that_count() -> None:
    numbers = Numbers()

    Reading(numbers.of, most=3).read(["Chào ad, uống nước dừa gây đột quỵ", "dừa uống sữa có đúng không ạ"])

    assert [written for _, written in numbers] == ["uống", "nước", "dừa", "sữa"]


def test_stretches_are_forgotten_and_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_REMEMBERED", 2)
    numbers = Numbers()
    reading = Reading(numbers.of, most=400)

    for _ in range(3):
        assert read(reading, numbers, ["một hai ba bốn"]) == [
            list(zip(words("mot hai ba bon"), raw_words("một hai ba bốn"), strict=True))
        ]
    assert len(numbers) == 4
