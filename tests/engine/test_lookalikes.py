"""Domains of letters that only look like others are spelt out; all others stay as they are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangto.engine.lookalikes import spelt_out


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("xem https://f\u0430cebook.com/abc nhé", "xem https://xn--fcebook-2fg.com [!]/abc nhé"),
        ("viet\u0441ombank.com.vn", "xn--vietombank-fwi.com.vn [!]"),
        ("\u03b1pple.com", "xn--pple-zld.com [!]"),
        ("\uff26acebook.com", "facebook.com [!]"),
        ("a..b\u0430.com", "a..xn--b-8sb.com [!]"),
    ],
)
def test_lookalike_is_spelt_out_with_a_warning(text, shown):
    assert spelt_out(text, warning="!") == shown


@pytest.mark.parametrize(
    "text", ["facebook.com", "tênmiền.vn", "президент.рф", "例え.com", "Đường số 5.Nhà 3", "Гоголь. Then", "", "α.1"]
)
def test_other_words_stay(text):
    assert spelt_out(text, warning="!") == text


def test_label_too_long_for_punycode_is_told_by_its_codes():
    told = spelt_out("\u0430" * 60 + "b.com", warning="!")

    assert "[U+0430]" in told


@given(st.text(st.sampled_from("ab.\u0430\u03b1-1 é\u202e/:")))
def test_no_lookalike_is_left(text):
    once = spelt_out(text, warning="!")

    assert spelt_out(once, warning="!") == once
