from dataclasses import replace

import numpy as np
import pytest

from sangto.engine.embed import DEFAULT_RARITY
from sangto.engine.features import NAMES, Compared, compared
from sangto.engine.match import Entry, Found, Index

UNKNOWN = {"written", "spelled", "spelled_of_best", "numbers_covering", "numbers_covered"}  # -1 where nothing tells
UNSHARED = {
    "bm25", "telling", "unsaid", "query_words", "query_weight", "part_words", "length_ratio", "said_parts", "topic",
    "topic_of_best",
}  # fmt: skip
ENTRIES = (
    Entry(1, "vi", "claim", "Uống nước chanh chữa ung thư", "Nước chanh và ung thư", "Bộ Y tế bác bỏ tin này."),
    Entry(2, "vi", "claim", "Phạt 5 triệu đồng khi vượt đèn đỏ", "", "", ("vượt đèn đỏ phạt bao nhiêu", "đèn đỏ 2025")),
    Entry(3, "en", "claim", "Lemon water cures cancer", "", "Doctors say it does not."),
    Entry(4, "vi", "claim", "Nuôc chánh", "", ""),
    Entry(5, "vi", "claim", "", "", "chanh"),
)
MESSAGES = [
    "Uống nước chanh chữa ung thư",
    "uong nuoc chanh",
    "phạt 50 triệu vượt đèn đỏ",
    "lemon water for cancer, chanh",
    "chanh chanh chanh",
    "nuoc",
]


@pytest.fixture(scope="module")
def index() -> Index:
    index = Index()
    index.replace(ENTRIES)
    return index


def seen(index: Index, text: str, *ids: int) -> Compared:
    """The message beside the entries with these ids, in this order, whether a search finds them or not."""
    rows = {index.id_at(row): row for row in range(len(ENTRIES))}
    query = index.find(text, depth=0).query
    nothing = np.zeros(len(ids), np.float32)
    return compared(Found(query, np.array([rows[one] for one in ids], np.int64), nothing, nothing), index=index)


def of(found: Compared, *names: str) -> list[float]:
    """Features of the first entry."""
    return [float(found.column(name)[0]) for name in names]


@pytest.mark.parametrize("text", MESSAGES)
def test_shares_are_between_0_and_1(index: Index, text: str) -> None:
    found = compared(index.find(text, depth=9), index=index)

    assert found.values.shape[1] == len(NAMES) == len(set(NAMES))
    for name in NAMES:
        column = found.column(name)
        assert np.isfinite(column).all()
        shares = column[column != -1] if name in UNKNOWN else column
        assert name in UNSHARED or ((shares >= 0) & (shares <= 1.0001)).all(), name


def test_identical_text_covers_and_is_covered(index: Index) -> None:
    found = seen(index, "uống nước chanh chữa ung thư", 1)

    whole = of(found, "best_covered", "best_covering", "best_dice", "best_pairs_covering", "covering_all", "written")
    assert whole == pytest.approx([1] * 6)
    assert found.nearest.tolist() == [0]


def test_shares_fall_with_what_either_side_has_alone(index: Index) -> None:
    covered, covering = of(seen(index, "Nước chanh", 1), "best_covered", "best_covering")
    added = seen(index, "Uống nước chanh chữa ung thư vượt đèn đỏ", 1)

    assert (covered < 1, covering) == (True, pytest.approx(1))
    assert of(added, "best_covered", "best_covering")[0] == pytest.approx(1)
    assert 0 < of(added, "best_covering")[0] < 1


@pytest.mark.parametrize("text", MESSAGES)
def test_order_of_the_rows_does_not_matter(index: Index, text: str) -> None:
    found = index.find(text, depth=9)
    backwards = found.only(np.arange(len(found.rows))[::-1])

    one, other = compared(found, index=index), compared(backwards, index=index)

    kept = [at for at, name in enumerate(NAMES) if name != "found_rank"]
    assert np.allclose(one.values[:, kept], other.values[::-1][:, kept], atol=1e-6)
    assert one.nearest.tolist() == other.nearest.tolist()[::-1]
    assert other.column("found_rank").tolist() == one.column("found_rank").tolist()


@pytest.mark.parametrize(("said", "asked"), [("Bệnh viện tỉnh", "hospital"), ("A physician", "doctor")])
def test_entry_that_says_it_in_other_words_is_linked_by_meaning(said: str, asked: str) -> None:
    index = Index()
    index.replace([Entry(1, "vi", "claim", said, "", ""), Entry(2, "vi", "claim", "Giá xăng", "", "")])
    found = Found(index.find(asked, depth=0).query, np.array([0, 1]), np.zeros(2, np.float32), np.zeros(2, np.float32))

    values = compared(found, index=index)

    assert values.column("best_covering").tolist() == values.column("best_covered").tolist() == [0, 0]
    assert values.column("best_meant_covering")[0] > 0.2 > values.column("best_meant_covering")[1]
    assert values.column("best_meant_covered")[0] > 0.1 > values.column("best_meant_covered")[1]
    assert values.column("meant_all")[0] > 0.2


def test_nearest_wording_is_told_by_its_place(index: Index) -> None:
    assert seen(index, "đèn đỏ 2025 vượt", 2, 1).nearest.tolist()[0] == 2
    assert seen(index, "vượt đèn đỏ phạt bao nhiêu", 1, 2).nearest.tolist()[1] == 1


def test_text_of_the_answer_counts_apart_from_what_it_answers(index: Index) -> None:
    found = seen(index, "Bộ Y tế bác bỏ", 1)

    assert of(found, "text_covering", "covering_all", "best_covering") == pytest.approx([1, 1, 0])


def test_numbers_are_compared_where_there_are_any(index: Index) -> None:
    assert of(seen(index, "phạt 5 triệu vượt đèn đỏ", 2), "numbers_covering", "numbers_covered") == [1, 1]
    assert of(seen(index, "phạt vượt đèn đỏ 5 triệu đồng khi 2025", 2), "numbers_covering", "numbers_covered") == [1, 1]
    assert of(seen(index, "phạt vượt đèn đỏ triệu đồng khi", 2), "numbers_covering", "numbers_covered") == [-1, 0]
    assert of(seen(index, "uống nước chanh", 1), "numbers_covering", "numbers_covered") == [-1, -1]


def test_diacritics_are_compared_where_they_were_typed(index: Index) -> None:
    assert of(seen(index, "nước chanh", 4), "best_covered", "written") == [1, 0]
    assert of(seen(index, "Nuôc chánh", 4), "best_covered", "written") == [1, 1]
    assert of(seen(index, "nuoc chanh", 4), "best_covered", "written") == [1, -1]


def test_spellings_of_the_whole_entry_are_compared_where_they_were_typed(index: Index) -> None:
    found = seen(index, "nước chanh", 4, 1)

    assert found.column("spelled").tolist() == found.column("spelled_of_best").tolist() == pytest.approx([0, 1])
    assert of(seen(index, "nuoc chanh", 4, 1), "spelled", "spelled_of_best") == [-1, -1]


def test_dearest_word_that_an_entry_does_not_say_is_weighed(index: Index) -> None:
    all_said, half = seen(index, "nước chanh", 1), seen(index, "nước chanh xyzzyq", 1)

    assert of(all_said, "meant_all", "unsaid") == pytest.approx([1, 0])
    assert of(half, "meant_all")[0] < 1
    assert of(half, "unsaid") == [DEFAULT_RARITY]


def test_unknown_words_are_told(index: Index) -> None:
    found = seen(index, "chanh xyzzyq qwrtps plvbnm", 1)

    assert of(found, "query_words", "unknown_share") == [1, 0.75]


def test_nothing_found_has_no_rows(index: Index) -> None:
    found = compared(index.find("xyzzyq", depth=5), index=index)

    assert (found.values.shape, found.nearest.tolist()) == ((0, len(NAMES)), [])


def test_score_of_the_search_only_tells_how_far_behind_the_best(index: Index) -> None:
    found = index.find("nước chanh", depth=9)

    scaled = compared(replace(found, scores=found.scores * np.float32(8)), index=index)

    assert scaled.values.tolist() == compared(found, index=index).values.tolist()
    assert scaled.column("found_of_best")[0] == 1
