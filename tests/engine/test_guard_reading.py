import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangto.engine.guard import facts
from sangto.engine.guard.words import sentences

typed = st.text(alphabet="ak0 5.,?!/-'đế\n(%", max_size=40)


def read(text: str) -> list[str]:
    return [" ".join(word.folded for word in sentence.words) for sentence in sentences(text)]


@pytest.mark.parametrize(
    ("text", "sentences_read"),
    [
        ("Một hai. Ba bốn? Năm", ["mot hai", "ba bon ?", "nam"]),
        ("dòng một\ndòng hai", ["dong mot", "dong hai"]),
        ("thật?giả", ["that ?", "gia"]),
        ("xe (mới), 50km/h", ["xe , moi , , 50km gio"]),
        ("ko biết, 5 k/h", ["khong biet , 5 k gio"]),
        ("??", []),
        ("", []),
    ],
)
def test_sentences_end_where_the_writer_ends_them(text: str, sentences_read: list[str]) -> None:
    assert read(text) == sentences_read


@given(typed, typed)
def test_a_line_is_read_alike_alone_and_beside_another(one: str, other: str) -> None:
    assert read(f"{one} end\n{other} end") == read(f"{one} end") + read(f"{other} end")


def test_several_sentences_hold_what_each_of_them_holds() -> None:
    taken = facts("Phạt 5 triệu ở Huế. Cấm uống trà từ 2/9? Xe máy không được vào")

    assert len(taken.parts) == 3
    for name in ("words", "numerics", "places", "things", "opposites", "negations"):
        assert getattr(taken.whole, name) == tuple(one for part in taken.parts for one in getattr(part, name))
    assert taken.whole.telling == frozenset().union(*(part.telling for part in taken.parts))
    assert taken.whole.asks
    assert taken.whole.soft


def test_an_empty_text_has_no_facts() -> None:
    nothing = facts("").whole

    assert (nothing.words, nothing.numerics, nothing.asks, nothing.soft) == ((), (), False, False)
