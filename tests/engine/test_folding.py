import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangto.engine.folding import LETTERS, bare, cleaned, lower

typed = st.text(st.sampled_from(LETTERS + "aZ“’… \n\tİıſßΣςﬁ\u0301\u0323９") | st.characters(), max_size=20)


@given(typed)
def test_text_of_plain_letters_is_read_as_any_other(text: str) -> None:
    """A joiner at the end is dropped by each of them, and makes them look at every character."""
    plain = cleaned(text)

    assert cleaned(text + "\u2060") == plain
    assert lower(plain + "\u200e") == lower(plain)
    assert bare(plain + "\u200e") == bare(plain)


@pytest.mark.parametrize(("letter", "plain"), [("Đ", "d"), ("ệ", "e"), ("Ữ", "u"), ("ñ", "n"), ("ø", "o")])
def test_letters_lose_their_diacritics(letter: str, plain: str) -> None:
    assert letter in LETTERS
    assert bare(letter) == plain
