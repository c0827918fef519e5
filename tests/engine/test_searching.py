import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangto.engine.searching import MOST_CHARS, postgresql_query, search_words, sqlite_query, word_set


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Đường phố ĐẸP, đường dài!", ["duong", "pho", "dep", "dai"]),
        ("covid-19 tại P.7", ["covid", "19", "tai", "p", "7"]),
        ("橋。", ["x06a4b"]),
        ("' OR 1=1 -- * \" & | !", ["or", "1"]),
        ("   ", []),
    ],
)
def test_words_are_folded_and_each_is_there_once(text, words):
    assert search_words(text) == words


def test_the_set_is_the_same_in_any_order():
    assert word_set(["b a", "C"]) == word_set(["c", "a B b"]) == "a b c"


def test_the_last_word_may_be_a_beginning():
    assert sqlite_query(["cau", "ron"]) == '"cau" AND "ron"*'
    assert postgresql_query(["cau", "ron"]) == "'cau' & 'ron':*"


@given(st.text(max_size=200))
def test_whatever_is_typed_gives_plain_words(text):
    words = search_words(text)

    assert all(word.isascii() and word.isalnum() and len(word) <= MOST_CHARS for word in words)
    assert len(words) == len(set(words))
