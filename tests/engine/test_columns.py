import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sangto.engine.columns import Columns, Laid, distinct, ranges

words = st.lists(st.integers(0, 9), max_size=4)
entries = st.lists(st.tuples(st.lists(words, min_size=1, max_size=3), words), min_size=1, max_size=6)


def add(columns: Columns, *added: tuple[list[list[int]], list[int]]) -> list[int]:
    """Adds entries, each as its wordings and its text, and gives their rows."""
    parts = [part for said, text in added for part in (*said, text)]
    first = columns.add(
        Laid(
            np.array([one for part in parts for one in part], np.int64),
            np.array([len(part) for part in parts]),
            np.array([at < len(said) for said, _ in added for at in range(len(said) + 1)]),
            np.array([len(said) + 1 for said, _ in added]),
        )
    )
    return list(range(first, len(columns)))


def test_tokens_of_new_entries_know_their_part_and_their_entry() -> None:
    new = Laid(np.arange(4), np.array([2, 0, 1, 1]), np.array([True, False, True, False]), np.array([2, 2]))

    assert (new.part.tolist(), new.owner.tolist(), len(new)) == ([0, 0, 2, 3], [0, 0, 1, 1], 2)


@given(st.lists(st.integers(-5, 5)))
def test_distinct_values_stand_once_and_in_order(values: list[int]) -> None:
    assert distinct(np.array(values, np.int64)).tolist() == sorted(set(values))


def test_ranges_are_laid_end_to_end() -> None:
    assert ranges(np.array([3, 10, 20]), np.array([5, 10, 23])).tolist() == [3, 4, 20, 21, 22]
    assert ranges(np.zeros(0, np.int64), np.zeros(0, np.int64)).tolist() == []


def test_gathered_parts_come_in_the_order_asked_for() -> None:
    columns = Columns()
    rows = add(columns, ([[1, 2], [3]], [4, 5]), ([[6]], []))

    found = columns.gathered(np.array([1, 0, 1]))

    assert (rows, len(columns), columns.tokens) == ([0, 1], 2, 6)
    assert found.owner.tolist() == [0, 1, 1, 1, 2]
    assert found.said.tolist() == [True, True, True, False, True]
    assert found.place.tolist() == [0, 0, 1, 2, 0]
    assert found.part.tolist() == [0, 1, 1, 2, 3, 3, 4]
    assert found.tokens.tolist() == [6, 1, 2, 3, 4, 5, 6]


def test_entry_without_words_is_a_row_without_parts() -> None:
    columns = Columns()
    empty, plain = add(columns, ([], []), ([[7]], []))

    assert columns.row(empty).tolist() == []
    assert columns.gathered(np.array([empty, plain])).owner.tolist() == [1]


@given(entries)
def test_row_holds_what_was_added(added: list[tuple[list[list[int]], list[int]]]) -> None:
    columns = Columns()

    rows = add(columns, *added[:2]) + [row for one in added[2:] for row in add(columns, one)]

    flat = [[one for part in (*said, text) for one in part] for said, text in added]
    assert [columns.row(row).tolist() for row in rows] == flat
    starts, ends = columns.spans(np.array(rows))
    assert columns.tokens_of(starts, ends).tolist() == [one for row in flat for one in row]


def test_growing_keeps_what_was_added_before() -> None:
    columns = Columns()
    (first,) = add(columns, ([[1, 2]], [3]))
    spans = columns.spans(np.array([first]))

    for number in range(3000):
        add(columns, ([[number, number]], []))

    assert len(columns) == 3001
    assert columns.row(first).tolist() == columns.tokens_of(*spans).tolist() == [1, 2, 3]
    assert columns.row(3000).tolist() == [2999, 2999]


def test_one_long_entry_grows_by_as_much_as_it_needs() -> None:
    columns = Columns()

    (row,) = add(columns, ([list(range(5000))], []))

    assert columns.row(row).tolist() == list(range(5000))
