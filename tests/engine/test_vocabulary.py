import numpy as np
import pytest

from sangto.engine.vocabulary import TRIPLES, Vocabulary, key_of, stem, triples_of


def holding(**times: int) -> Vocabulary:
    """A vocabulary of words, each held by so many entries."""
    vocabulary = Vocabulary()
    for word, count in times.items():
        vocabulary.count(np.array(vocabulary.spellings([word], [word]), np.uint32), times=count)
    return vocabulary


@pytest.mark.parametrize(
    ("word", "its"), [("vaccines", "vaccin"), ("vaccine", "vaccin"), ("nghiêng", "nghiêng"), ("5g", "5g"), ("is", "is")]
)
def test_stem(word: str, its: str) -> None:
    assert stem(word) == its


def test_place_of_a_triple_is_the_same_in_every_process() -> None:
    found = triples_of(["chanh", "đ", "a" * 40])

    assert found[0, [0, 3, 4]].tolist() == [1538, 2925, 1041]
    assert (found < TRIPLES).sum(axis=1).tolist() == [5, 1, 10]


def test_word_without_diacritics_has_a_key_of_its_own_in_the_word_table() -> None:
    assert [key_of("ma"), key_of("má")] == ["=ma", "má"]


def test_ids_stay_while_columns_grow_and_readers_keep_whole_ones() -> None:
    vocabulary = holding(chanh=3)
    first, old = vocabulary.id_of("chanh"), (vocabulary.holding, vocabulary.triples, vocabulary.stem_of)
    before = [one.copy() for one in old]

    spelled = vocabulary.spellings([f"w{number}" for number in range(5000)], [f"W{number}" for number in range(5000)])

    assert vocabulary.id_of("chanh") == first
    assert vocabulary.holding[first] == 3
    assert all((one[:first] == kept[:first]).all() and len(one) == 1024 for one, kept in zip(old, before, strict=True))
    assert len(set(spelled)) == 5000 == len(vocabulary) - 1
    assert [vocabulary.known_spelling(f"w{number}", f"W{number}") for number in range(5000)] == spelled
    assert vocabulary.stem_of[spelled].tolist() == [vocabulary.id_of(f"w{number}") for number in range(5000)]


def test_spellings_share_a_stem() -> None:
    vocabulary = Vocabulary()

    one, other, again = vocabulary.spellings(["ban", "ban", "ban"], ["bán", "bạn", "bán"])

    assert one == again != other
    assert vocabulary.stem_of[one] == vocabulary.stem_of[other]
    assert (vocabulary.spelling_count, len(vocabulary)) == (2, 1)
    assert vocabulary.known_spelling("ban", "bàn") == -1


def test_word_is_known_while_some_entry_holds_it() -> None:
    vocabulary = holding(lemon=1, vaccine=1)

    assert vocabulary.known("vaccines") == vocabulary.id_of("vaccine")
    vocabulary.count(np.array(vocabulary.spellings(["vaccine"], ["vaccine"]), np.uint32), times=-1)
    assert (vocabulary.known("vaccine"), vocabulary.known("garlic")) == (None, None)


def test_entry_counts_once_for_a_spelling_and_once_for_its_stem() -> None:
    vocabulary = Vocabulary()
    written = ["bán", "bạn", "bán"]

    spelled = vocabulary.spellings(["ban"] * 3, written)
    vocabulary.count(np.array(spelled, np.uint32), times=1)

    assert vocabulary.holding[vocabulary.known("ban")] == 1
    assert vocabulary.spelled[spelled].tolist() == [1, 1, 1]


def test_of_several_entries_each_counts_once() -> None:
    vocabulary = Vocabulary()
    spelled = np.array(vocabulary.spellings(["ban", "ban", "ban", "tau", "ban"], ["bán", "bạn", "bán", "tàu", "bán"]))

    vocabulary.count(spelled, times=1, owner=np.array([0, 0, 0, 1, 1]))

    assert vocabulary.holding[[vocabulary.id_of("ban"), vocabulary.id_of("tau")]].tolist() == [2, 1]
    assert vocabulary.spelled[spelled].tolist() == [2, 1, 2, 1, 2]


@pytest.mark.parametrize("slip", ["autsim", "autim", "auttism", "aotism"])
def test_slip_is_mended(slip: str) -> None:
    vocabulary = holding(autism=2)

    assert vocabulary.respelled(slip) == vocabulary.id_of("autism")


def test_of_two_words_a_slip_away_the_more_frequent_one_is_meant() -> None:
    vocabulary = holding(brick=2, trick=5, prick=0)

    assert vocabulary.respelled("krick") == vocabulary.id_of("trick")


@pytest.mark.parametrize("word", ["atism5", "aut", "a" * 17, "utims"])
def test_number_short_word_long_word_and_two_slips_are_not_mended(word: str) -> None:
    vocabulary = holding(autism=2, cut=2, **{"a" * 16: 2, "atism": 2})

    assert vocabulary.respelled(word) is None


def test_triples_are_padded_and_numbers_marked() -> None:
    vocabulary = Vocabulary()
    word, number, long = (vocabulary.id_of(one) for one in ("an", "2025", "internationalisierung"))

    assert (vocabulary.triples[[word, number, long]] < TRIPLES).sum(axis=1).tolist() == [2, 4, 10]
    assert vocabulary.numeric[[word, number, long]].tolist() == [False, True, False]


def test_rarity_is_that_of_bm25_and_a_young_index_is_read_as_part_of_a_large_one() -> None:
    vocabulary = holding(nguoi=1, xyzzyq=1)
    common, rare = vocabulary.id_of("nguoi"), vocabulary.id_of("xyzzyq")

    vocabulary.weigh(2)
    young = vocabulary.rarity[[common, rare]]
    vocabulary.weigh(10_000)

    assert 0.2 < young[0] < 4 < young[1] < 12
    assert vocabulary.rarity[[common, rare]] == pytest.approx([np.log1p((10_000 - 0.5) / 1.5)] * 2)
