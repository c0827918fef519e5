from hypothesis import given
from hypothesis import strategies as st

from sangto.engine.align import aligned

words = st.lists(st.sampled_from("abc"), max_size=12)


def longest(one: list[str], other: list[str]) -> int:
    """The length of a longest common subsequence, by the textbook's table."""
    above = [0] * (len(other) + 1)
    for mine in one:
        row = [0]
        for at, theirs in enumerate(other):
            row.append(above[at] + 1 if mine == theirs else max(row[at], above[at + 1]))
        above = row
    return above[-1]


@given(words, words)
def test_pairs_are_equal_words_in_rising_order_as_many_as_there_can_be(one: list[str], other: list[str]) -> None:
    pairs = aligned(one, other, most=100)

    assert [one[at] for at, _ in pairs] == [other[to] for _, to in pairs]
    assert all(at < after and to < behind for (at, to), (after, behind) in zip(pairs, pairs[1:], strict=False))
    assert len(pairs) == longest(one, other)


@given(words)
def test_a_list_is_wholly_aligned_with_itself(one: list[str]) -> None:
    assert aligned(one, one, most=1) == [(at, at) for at in range(len(one))]


def test_of_what_differs_only_so_much_is_looked_at() -> None:
    one, other = ["x", *"abcdef", "y"], ["x", *"fabcde", "y"]

    assert aligned(one, other, most=3) == [(0, 0), (1, 2), (2, 3), (7, 7)]


def test_long_lists_without_order_are_aligned_within_bounds() -> None:
    one, other = ["a", "b"] * 50_000, ["b", "b", "a"] * 30_000

    assert len(aligned(one, other, most=1000)) < 1500
