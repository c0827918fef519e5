import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sangto.engine.columns import Laid
from sangto.engine.terms import Terms

parts = st.lists(st.integers(0, 3) | st.integers(0, 2**26 - 1), max_size=6)


@given(st.lists(st.lists(parts, max_size=3), min_size=1, max_size=5))
def test_entries_have_their_stems_in_order_and_each_pair_once(entries: list[list[list[int]]]) -> None:
    listed = [(owner, part) for owner, entry in enumerate(entries) for part in entry]
    stems = np.array([one for _, part in listed for one in part], np.int64)
    counts = np.array([len(entry) for entry in entries])
    laid = Laid(stems, np.array([len(part) for _, part in listed], np.int64), np.ones(len(listed), np.bool_), counts)
    terms = Terms()

    words = [one.split() for one in terms.words(stems, laid=laid)]
    pairs = [one.split() for one in terms.pairs(stems, laid=laid)]

    assert words == [[str(one) for held in entry for one in held] for entry in entries]
    assert [sorted(one) for one in pairs] == [
        sorted({f"{one}+{other}" for held in entry for one, other in zip(held, held[1:], strict=False)})
        for entry in entries
    ]
