import numpy as np
import pytest

from sangto.engine.embed import hashes, pairs
from sangto.engine.meaning import table
from sangto.engine.query import Query, read_query
from sangto.engine.text import raw_words, words
from sangto.engine.vocabulary import Vocabulary


def vocabulary_of(text: str) -> Vocabulary:
    vocabulary = Vocabulary()
    spelled = vocabulary.spellings(words(text), raw_words(text))
    vocabulary.count(np.array(spelled, np.uint32), times=1)
    vocabulary.weigh(1)
    return vocabulary


def read(text: str, *, held: str, pair: tuple[str, str] = ("", "")) -> Query:
    """The message as an index reads it in which one entry holds some words, and seven hold one pair of them."""
    vocabulary = vocabulary_of(held)
    asked = tuple(vocabulary.known(word) for word in pair)
    return read_query(text, vocabulary=vocabulary, often=lambda one, other: 7 * ((one, other) == asked))


def test_known_words_stand_in_order_and_unknown_ones_are_counted() -> None:
    vocabulary = vocabulary_of("chanh tỏi gừng")

    query = read_query("gừng và nghệ chữa chanh", vocabulary=vocabulary, often=lambda one, other: 0)

    assert query.ids.tolist() == [vocabulary.known("gung"), vocabulary.known("chanh")]
    assert query.trust.tolist() == [1, 1]
    assert query.unknown == 3
    assert query.places.tolist()[:5] == [0, -1, -1, -1, 1]


def test_slip_counts_for_less_and_at_most_four_are_looked_for() -> None:
    query = read("lemno onoin gralic peppre lemno", held="lemon onion garlic pepper")

    assert query.trust.tolist() == pytest.approx([0.7] * 4)
    assert query.unknown == 1


def test_word_of_the_word_table_is_not_taken_for_a_slip() -> None:
    query = read("river rivre", held="rider driver rive rives")

    assert table().find(hashes(["river", "rivre"])).min() == -1 < table().find(hashes(["river"]))[0]
    assert (query.places.tolist(), query.trust.tolist(), query.unknown) == ([-1, 0], pytest.approx([0.7]), 1)


def test_pairs_are_those_that_some_entry_holds() -> None:
    query = read("lemon water cures cancer", held="lemon water cures cancer", pair=("cures", "cancer"))

    assert (query.pairs.tolist(), query.often.tolist()) == ([2], [7])


def test_spellings_count_only_where_diacritics_were_typed() -> None:
    held = "bán cá"

    assert read("ban ca", held=held).spelled.tolist() == []
    assert read("bán cà", held=held).spelled.tolist() == [0, -1]


@pytest.mark.parametrize(("text", "pair"), [("bệnh viện", ("bệnh", "viện")), ("benh vien", ("benh", "vien"))])
def test_pair_that_the_word_table_knows_is_meant_as_one(text: str, pair: tuple[str, str]) -> None:
    first, second = hashes(pair[:1]), hashes(pair[1:])

    query = read(text, held="bệnh viện")

    assert query.meant.tolist() == [*table().find(hashes(pair)).tolist(), int(table().find(pairs(first, second))[0])]
    assert query.meant.min() >= 0
    assert query.places.tolist() == [0, 1, -1]
    # Each of the two tells half as much as alone, and the pair as much as both then.
    assert query.telling[2] == pytest.approx(query.telling[:2].sum())


def test_word_typed_without_diacritics_among_others_is_not_read_as_short_for_another() -> None:
    query = read("ma bệnh", held="ma bệnh")

    assert query.meant[:2].tolist() == table().find(hashes(["=ma", "bệnh"])).tolist()


def test_day_on_which_a_shared_post_was_signed_is_left_out() -> None:
    held = "lemon cures cancer february 2016"

    assert len(read("Lemon cures cancer (@ann) February 25, 2016", held=held).ids) == 3
    assert len(read("Lemon cures cancer in February 2016", held=held).ids) == 5


def test_first_128_words_are_read() -> None:
    query = read(" ".join(["lemon"] * 200 + ["cancer"]), held="lemon cancer")

    assert (len(query.ids), len(set(query.ids.tolist())), query.unknown) == (128, 1, 0)


@pytest.mark.parametrize("text", ["", "?!", "😀"])
def test_message_without_words_asks_nothing(text: str) -> None:
    query = read(text, held="lemon")

    assert [len(one) for one in (query.ids, query.pairs, query.meant, query.telling)] == [0, 0, 0, 0]


def test_topic_is_that_of_the_whole_text_in_the_word_table() -> None:
    text = "bảo hiểm điện tử trẻ"
    keys = hashes(raw_words(text))

    assert read(text, held=text).topic.tolist() == pytest.approx(
        table().vectors(keys, np.array([0, len(keys)]))[0].tolist(), abs=1e-5
    )
