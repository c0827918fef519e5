import pytest

from sangto.engine.numbers import canonical, quantity


@pytest.mark.parametrize(
    ("typed", "one_spelling"),
    [
        ("1.000", "1000"),
        ("1,000", "1000"),
        ("1.000.000", "1000000"),
        ("1,50", "1.5"),
        ("0.500", "0.5"),
        ("1.234,50", "1234.5"),
        ("007", "7"),
        ("0", "0"),
    ],
)
def test_number_has_one_spelling(typed: str, one_spelling: str) -> None:
    assert canonical(typed) == one_spelling


@pytest.mark.parametrize(
    ("typed", "one_spelling"),
    [("5 trieu", "5000000"), ("1,5 ty", "1500000000"), ("50 k", "50000"), ("1.2345 k", "1.2345"), ("12", "12")],
)
def test_scale_is_multiplied_out(typed: str, one_spelling: str) -> None:
    assert quantity(typed) == one_spelling
