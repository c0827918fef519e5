import numpy as np
import pytest

from sangto.engine.features import NAMES, Compared
from sangto.engine.learned import EVIDENCE, Learned
from sangto.engine.match import Entry, Index
from sangto.engine.rank import CLOSELY, SURE_OF, Ranking, candidates, evidence, ordered, ranked

PLAIN = Learned("plain")
STANDING = EVIDENCE[len(NAMES) :]


@pytest.fixture(scope="module")
def index() -> Index:
    index = Index()
    index.replace(
        [
            Entry(1, "vi", "claim", "Uống nước chanh chữa ung thư", "Nước chanh", "", ("chanh trị ung thư",)),
            Entry(2, "vi", "claim", "Uống nước dừa chữa cảm", "", ""),
            Entry(3, "vi", "problem", "Nước chanh đổ ra đường", "", ""),
            *(Entry(number, "vi", "claim", f"Tin số {number} về nước", "", "") for number in range(10, 70)),
        ]
    )
    return index


def ranking_of(*scores: float) -> Ranking:
    count = len(scores)
    rows = np.arange(count)
    return Ranking(rows, np.array(scores, np.float32), np.zeros((count, len(NAMES)), np.float32), np.zeros(count, int))


def ids(ranking: Ranking, index: Index) -> list[int]:
    return [index.id_at(row) for row in ranking.rows.tolist()]


def test_likeliest_comes_first_and_scores_fall(index: Index) -> None:
    ranking = ranked("uong nuoc chanh chua ung thu", index, learned=PLAIN)

    assert ids(ranking, index)[0] == 1
    assert (np.diff(ranking.scores) <= 0).all()
    assert len(ranking.rows) == len(ranking.values) == len(ranking.nearest) == CLOSELY


def test_entries_left_out_and_other_kinds_are_not_ranked(index: Index) -> None:
    text = "uống nước chanh chữa ung thư"

    assert not {1, 2} & set(ids(ranked(text, index, learned=PLAIN, without=[1, 2]), index))
    assert ids(ranked(text, index, learned=PLAIN, kind="problem"), index) == [3]
    assert ids(ranked("xyzzyq", index, learned=PLAIN), index) == []


def test_equals_stay_in_the_order_of_the_search(index: Index) -> None:
    found = index.find("nước chanh", depth=4)
    near = Compared(np.arange(4 * len(NAMES), dtype=np.float32).reshape(4, -1), np.arange(4))

    ranking = ordered(found, near=near, scores=np.array([1, 2, 1, 2], np.float32))

    assert ranking.rows.tolist() == found.rows[[1, 3, 0, 2]].tolist()
    assert ranking.nearest.tolist() == [1, 3, 0, 2]
    assert ranking.values.tolist() == near.values[[1, 3, 0, 2]].tolist()


def test_evidence_says_how_a_candidate_stands_among_the_others() -> None:
    found = evidence(ranking_of(3, 2, 0.5))[:, len(NAMES) :]

    assert STANDING == ("score", "ahead_of_next", "ahead_of_third", "behind_best", "place", "candidates")
    assert found.tolist() == [[3, 1, 2.5, 0, 0, 3], [2, -1, 1.5, 1, 1, 3], [0.5, -2.5, 0, 2.5, 2, 3]]


def test_evidence_of_a_lone_one_is_that_of_being_one_ahead() -> None:
    assert evidence(ranking_of(3))[:, len(NAMES) :].tolist() == [[3, 1, 1, 0, 0, 1]]
    assert evidence(ranking_of()).shape == (0, len(EVIDENCE))


def test_evidence_is_of_the_first_few_and_counts_twenty_at_most() -> None:
    found = evidence(ranking_of(*range(30, 0, -1)))

    assert found.shape == (SURE_OF, len(EVIDENCE))
    assert found[:, -1].tolist() == [20] * SURE_OF


def test_candidates_are_the_surest_first_with_their_nearest_wording(index: Index) -> None:
    text = "chanh trị ung thư"

    found = candidates(ranked(text, index, learned=PLAIN), index, learned=PLAIN)

    assert (found[0].id, found[0].wording, index.id_at(found[0].row)) == (1, text, 1)
    assert [one.raw for one in found] == sorted((one.raw for one in found), reverse=True)
    assert all(0 < one.sureness < 1 for one in found)
    assert found[0].share("best_covered") == pytest.approx(1)


def test_only_the_first_few_are_given_a_sureness(index: Index) -> None:
    ranking = ranked("uống nước chanh", index, learned=PLAIN)

    assert len(candidates(ranking, index, learned=PLAIN)) == SURE_OF
    assert len(candidates(ranking, index, learned=PLAIN, count=2)) == 2


def test_entry_found_by_its_text_alone_has_no_wording() -> None:
    index = Index()
    index.replace([Entry(1, "vi", "claim", "", "", "Nước chanh")])

    assert [one.wording for one in candidates(ranked("chanh", index, learned=PLAIN), index, learned=PLAIN)] == [""]
