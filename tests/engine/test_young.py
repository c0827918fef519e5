"""What waits for the next commit of the inverted index is found as what was committed is."""

import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sangto.engine import match
from sangto.engine.match import Entry, Index
from sangto.engine.young import Young

QUESTIONS = (
    "uống nước chanh nóng chữa được ung thư",
    "đèn đường trước nhà hỏng ba hôm nay",
    "học phí lớp một năm nay tăng gấp đôi",
    "trạm y tế phường có tiêm vắc xin cúm không",
    "hot lemon water cures cancer",
    "nước sạch khu phố bị cắt từ hôm qua",
)


def entry(number: int, question: str, kind: str = "claim") -> Entry:
    return Entry(number, "vi", kind, question, "", "")


def found(index: Index, text: str, kind: str | None = None) -> dict[int, float]:
    return {hit.id: hit.score for hit in index.search(text, kind=kind)}


def test_entry_is_found_without_a_commit(monkeypatch):
    index = Index()
    monkeypatch.setattr(index, "_tantivy", Unmoving(index._tantivy))

    index.replace([entry(1, QUESTIONS[0])])

    assert list(found(index, "nước chanh chữa ung thư")) == [1]
    assert len(index) == 1


class Unmoving:
    """An inverted index that fails the test when it is told to show what was committed."""

    def __init__(self, inner):
        self.inner = inner

    def searcher(self):
        return self.inner.searcher()

    def reload(self):
        raise AssertionError("committed")


def test_young_scores_are_those_of_the_inverted_index(monkeypatch):
    young = Index()
    young.replace(entry(number, question) for number, question in enumerate(QUESTIONS))
    monkeypatch.setattr(match, "_MOST_YOUNG", 0)
    committed = Index()
    committed.replace(entry(number, question) for number, question in enumerate(QUESTIONS))

    for question in QUESTIONS:
        ours, theirs = found(young, question), found(committed, question)
        assert next(iter(ours)) == next(iter(theirs))
        assert ours == pytest.approx(theirs, rel=0.1)


def test_replaced_entry_is_found_by_its_new_words_alone(monkeypatch):
    monkeypatch.setattr(match, "_MOST_YOUNG", 2)
    index = Index()
    index.replace([entry(1, QUESTIONS[0]), entry(2, QUESTIONS[1]), entry(3, QUESTIONS[2])])

    index.replace([entry(1, QUESTIONS[3])])

    assert found(index, "chanh ung thư") == {}
    assert list(found(index, "tiêm vắc xin cúm")) == [1]
    assert len(index) == 3


def test_removed_entry_is_not_found_wherever_it_stood(monkeypatch):
    monkeypatch.setattr(match, "_MOST_YOUNG", 1)
    index = Index()
    index.replace([entry(1, QUESTIONS[0]), entry(2, QUESTIONS[1])])
    index.replace([entry(3, QUESTIONS[2])])

    index.remove([1, 3])

    assert not {1, 3} & set(found(index, f"{QUESTIONS[0]} {QUESTIONS[2]}"))
    assert len(index) == 1


def test_only_the_asked_kind_is_found_among_the_young():
    index = Index()
    index.replace([entry(1, QUESTIONS[1], "problem"), entry(2, f"{QUESTIONS[1]} thật không", "claim")])

    assert list(found(index, QUESTIONS[1], kind="problem")) == [1]


def test_full_index_is_committed(monkeypatch):
    monkeypatch.setattr(match, "_MOST_YOUNG", 2)
    index = Index()

    for number, question in enumerate(QUESTIONS):
        index.replace([entry(number, question)])

    assert len(index._young) < 2
    assert index._tantivy.searcher().num_docs >= 4


def test_too_many_hidden_rows_are_committed(monkeypatch):
    monkeypatch.setattr(match, "_MOST_HIDDEN", 2)
    index = Index()

    for _ in range(3):
        index.replace([entry(1, QUESTIONS[0])])

    assert len(index._young.hidden) < 2
    assert list(found(index, QUESTIONS[0])) == [1]


STEPS = st.lists(st.tuples(st.integers(0, 5), st.sampled_from([*QUESTIONS, None])), max_size=30)


@settings(deadline=None)
@given(STEPS)
def test_any_order_of_changes_leaves_what_it_says(steps):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(match, "_MOST_YOUNG", 3)
        patch.setattr(match, "_MOST_HIDDEN", 4)
        index, said = Index(), {}
        for number, question in steps:
            if question is None:
                index.remove([number])
                said.pop(number, None)
            else:
                index.replace([entry(number, question)])
                said[number] = question

        assert len(index) == len(said)
        for question in QUESTIONS:
            same = {number for number, own in said.items() if own == question}
            assert same <= set(found(index, question))
            assert set(found(index, question)) <= set(said)


def test_search_beside_a_writer_misses_nothing_that_was_there_before():
    index = Index()
    index.replace([entry(0, QUESTIONS[0])])
    done = threading.Event()

    def write():
        for number in range(1, 600):
            index.replace([entry(number, QUESTIONS[number % len(QUESTIONS)])])
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    missed = 0
    while not done.is_set():
        missed += index.find(QUESTIONS[0], depth=1000).rows.tolist().count(0) != 1
    writer.join()

    assert missed == 0


def test_term_that_nobody_holds_finds_nothing():
    young = Young()
    young.put(7, row=0, kind="claim", terms={"words": ["1", "2"], "pairs": []})

    assert young.found([("words", "3", 1.0), ("pairs", "1+2", 0.3)], kind=None, others=5, often=lambda *_: 0) == {}
    assert young.often("words", "1") == 1
