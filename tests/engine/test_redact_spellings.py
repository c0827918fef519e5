"""However a number is typed, none of its digits stay; and whatever is typed, nothing breaks."""

import unicodedata
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from bench import redact_values as values
from sangto.engine.redact import highlights, redact

WORDS = {*values.VI, *values.VI_BARE, *values.EN, "oh"}
BEFORE = st.sampled_from(["Gọi ", "", "số ", "ba ", "call me: ", "năm nay ", "xin chào, ", "(", "“"])
BEHIND = st.sampled_from([" nhé", "", ".", ", cảm ơn", " please", " năm nay", ")", " hai lần"])
MADE = st.sampled_from(
    [
        (values.mobile, values.NUMBER_TYPINGS + values.HELD_TYPINGS + (values.with_code, values.english_spelled)),
        (values.citizen, (values.full_width, values.unseen, values.alike, values.keycaps, values.spelled)),
        (values.card, (values.full_width, values.unseen, values.one_by_one)),
    ]
)
ANYTHING = st.text() | st.lists(st.sampled_from([*WORDS, *"0189", " ", "Nguyễn", "Ông", "số", "đường", "@", "."])).map(
    " ".join
)


def digits_left(text: str) -> int:
    """How many digits a reader can still see in a text, in numerals of any script or in words."""
    numerals = sum(unicodedata.digit(char, -1) >= 0 for char in text)
    return numerals + sum(word.strip(".,()“”").lower() in WORDS for word in text.split())


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 10**9), MADE, BEFORE, BEHIND)
def test_no_digit_of_a_planted_number_stays(seed, made, before, behind):
    make, typings = made
    rng = Random(seed)
    typed = rng.choice(typings)(make(rng), rng)

    text = redact(before + typed + behind).text

    assert digits_left(text) <= digits_left(before + behind)
    assert "[" in text


@settings(max_examples=300, deadline=None)
@given(ANYTHING)
def test_masking_is_of_one_piece_whatever_is_typed(text):
    once = redact(text)

    assert redact(once.text).text == once.text
    assert all(0 <= one.start < one.end <= len(text) for one in once.spans)
    assert len(once.spans) == len(once.found)


@settings(max_examples=300, deadline=None)
@given(ANYTHING)
def test_highlights_are_places_of_the_text_in_order(text):
    found = highlights(text)

    ends = [at for one in found for at in (one.start, one.end)]
    assert ends == sorted(ends)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
