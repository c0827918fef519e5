import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangto.engine.folding import LETTERS, cleaned
from sangto.engine.teencode import MARKED, WRITTEN
from sangto.engine.tokens import _read_closely, stretch_alone

letters = st.text(st.sampled_from(LETTERS + "abcdeghijklmnopqrstuvwxyzABCDE"), min_size=1, max_size=14)
known = st.sampled_from([*WRITTEN, *MARKED, "dduowcj", "hoà", "thuỷ", "quý", "đẹppppp", "aàa", "zậy", "K", "Đắk"])
ends = st.text(st.sampled_from(".,?!;:)\"”'’-/&@0"), max_size=3)


@given(st.sampled_from(["", "", "(", '"', "“", "'", "#", "@"]), letters | known, ends)
def test_one_plain_word_is_read_as_any_other_stretch(before: str, word: str, after: str) -> None:
    stretch = cleaned(before + word + after)

    assert stretch_alone(stretch) == _read_closely(stretch)


@pytest.mark.parametrize(
    ("stretch", "folded", "written", "ends"),
    [
        ("Được.", "duoc.", ("được",), True),
        ("“Hoà”,", "“hoa”,", ("hòa",), False),
        ("word?)", "word?)", ("word",), True),
    ],
)
def test_one_plain_word(stretch: str, folded: str, written: tuple[str, ...], ends: bool) -> None:
    read = stretch_alone(stretch)

    assert (read.folded, read.written, read.ends, read.number, read.letter) == (folded, written, ends, False, "")
