import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sangto.engine import match
from sangto.engine.match import Entry, Found, Index


def entry(number: int, question: str, **other: object) -> Entry:
    values: dict[str, object] = {"lang": "vi", "kind": "claim", "title": "", "text": ""}
    return Entry(id=number, question=question, **(values | other))  # type: ignore[arg-type]


def index_of(*entries: Entry) -> Index:
    index = Index()
    index.replace(entries)
    return index


def found(index: Index, text: str, **options: object) -> list[int]:
    return [hit.id for hit in index.search(text, **options)]  # type: ignore[arg-type]


@pytest.fixture
def index() -> Index:
    return index_of(
        entry(1, "Uống nước chanh chữa ung thư", text="Bộ Y tế bác bỏ"),
        entry(2, "Phạt 5 triệu đồng khi vượt đèn đỏ", wordings=("vượt đèn đỏ bị phạt bao nhiêu",)),
        entry(3, "Đèn đường hỏng ở Lê Lợi", kind="problem", place="Lê Lợi"),
        entry(4, "Vaccines cause autism", lang="en", title="Do vaccines cause autism?"),
    )


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Uống nước chanh có chữa được ung thư không?", 1),
        ("uong nuoc chanh chua dc ung thu ko", 1),
        ("UỐNG NƯỚC CHANH", 1),
        ("bộ y tế bác bỏ", 1),
        ("bi phat bao nhieu", 2),
        ("vaccine causing autism", 4),
    ],
)
def test_search_finds_however_it_was_typed(index: Index, text: str, first: int) -> None:
    assert found(index, text)[0] == first


def test_search_prefers_the_diacritics_that_were_typed() -> None:
    index = index_of(entry(1, "bán cá"), entry(2, "bàn ca"), entry(3, "bạn cà"))

    assert [found(index, text)[0] for text in ("bán cá", "bàn ca", "bạn cà")] == [1, 2, 3]


def test_search_keeps_to_the_kind_and_the_number(index: Index) -> None:
    assert found(index, "đèn", kind="problem") == [3]
    assert found(index, "đèn", kind="claim") == [2]
    assert sorted(found(index, "đèn")) == [2, 3]
    assert len(found(index, "đèn", k=1)) == 1
    assert found(index, "đèn", k=0) == []


@pytest.mark.parametrize("text", ["", "?!", "xyzzy", '"', "[a TO b]", "\ud800", "🔥" * 1000])
def test_search_takes_any_text(index: Index, text: str) -> None:
    assert found(index, text) == []


def test_search_reads_query_syntax_as_words(index: Index) -> None:
    assert found(index, 'kind:problem AND "chanh"~2 -nước *') == [1]


def test_hits_fall_in_score(index: Index) -> None:
    hits = index.search("đèn đường Lê Lợi")

    assert [one.id for one in hits] == [3, 2]
    assert hits[0].score > hits[1].score > 0


def test_entry_of_a_row_is_what_was_added_but_for_its_text() -> None:
    held = entry(
        7, "Nước chanh", wordings=("chanh", "quả chanh"), place="Lê Lợi", text="Xem https://example.org/a?utm_x=1"
    )
    index = index_of(entry(6, "Khác"), held)

    row = int(index.find("chanh", depth=1).rows[0])

    assert index.entry(row) == replace(held, text="example.org/a")
    assert index.id_at(row) == 7


def test_entry_of_a_row_has_quotes_and_line_ends_as_they_were() -> None:
    held = entry(-7, 'Nó nói "a\\b"\n\ttab \x01', title="\u2028", wordings=('"', ""), place="Số 1\r\n", kind='"')
    index = index_of(held)

    assert index.entry(0) == held


def test_entries_added_in_batches_stand_as_if_added_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(match, "_BATCH", 3)
    entries = [entry(number % 5, f"tin đồn số {number}", text="thanks" * (number % 2)) for number in range(12)]
    together, one_by_one = index_of(*entries), Index()
    for one in entries:
        one_by_one.replace([one])

    rows = np.arange(12)
    both = [(index.gathered(rows), index.vocabulary) for index in (together, one_by_one)]
    assert len(together) == len(one_by_one) == 5
    assert (both[0][0].tokens == both[1][0].tokens).all() and (both[0][0].owner == both[1][0].owner).all()
    assert (both[0][1].holding == both[1][1].holding).all()
    assert [together.entry(row) for row in rows] == [one_by_one.entry(row) for row in rows]
    assert found(together, "tin đồn 11")[0] == found(one_by_one, "tin đồn 11")[0] == 1


def test_slip_of_a_finger_still_finds(index: Index) -> None:
    query = index.find("vaccinse autsim", depth=5).query

    assert found(index, "vaccinse autsim") == [4]
    assert query.trust.tolist() == pytest.approx([0.7, 0.7])
    assert query.unknown == 0


def test_find_reads_only_the_rarest_terms_within_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    many = index_of(*(entry(number, f"tin đồn số {number}") for number in range(300)))
    monkeypatch.setattr(match, "_BUDGET", 100)
    monkeypatch.setattr(match, "_LEAST_TERMS", 1)

    assert found(many, "tin đồn số 17")[0] == 17
    assert len(found(many, "tin đồn 17", k=300)) == 1


def test_nearest_share_most_words_and_topic_and_keep_the_order_of_the_search(index: Index) -> None:
    scores, topics = np.array([4, 3, 2, 1], np.float32), np.array([0, 0.1, 0.4, 0.5], np.float32)
    found = Found(index.find("đèn", depth=0).query, np.array([7, 3, 9, 5]), scores, topics)

    assert found.nearest(2).rows.tolist() == [9, 5]
    assert found.nearest(3).rows.tolist() == [7, 9, 5]
    assert found.nearest(3).scores.tolist() == [4, 2, 1]
    assert found.nearest(4) is found
    assert found.only(np.array([2, 0])).rows.tolist() == [9, 7]


def test_replace_is_visible_at_once_and_counts_an_id_once(index: Index) -> None:
    index.replace([entry(1, "Ăn tỏi chữa cúm"), entry(5, "Tin mới"), entry(5, "Tin mới hơn")])

    assert len(index) == 5
    assert (found(index, "chanh"), found(index, "tỏi"), found(index, "tin mới")) == ([], [1], [5])


def test_remove_takes_out_and_forgives_unknown_ids(index: Index) -> None:
    index.remove([1, 99])

    assert len(index) == 3
    assert found(index, "nước chanh") == []


def test_weights_follow_what_is_added_and_removed(index: Index) -> None:
    number = index.vocabulary.known("chanh")
    before = float(index.vocabulary.rarity[number])

    index.replace(entry(number, "sao chanh") for number in range(100, 400))
    after = float(index.vocabulary.rarity[number])
    index.remove(range(100, 400))

    assert after < before
    assert float(index.vocabulary.rarity[number]) == before


def test_removed_words_are_unknown_again(index: Index) -> None:
    index.remove([1])

    assert index.vocabulary.known("chanh") is None
    assert index.find("chanh", depth=5).query.unknown == 1


def test_threads_search_while_one_replaces(index: Index) -> None:
    failures: list[BaseException] = []

    def search() -> None:
        try:
            for _ in range(200):
                assert found(index, "Vaccines cause autism") == [4]
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(20):
        index.replace([entry(1, f"Uống nước chanh lần {number}")])
    for thread in threads:
        thread.join()

    assert failures == []


@pytest.mark.parametrize("text", ["x" * 4000, " ".join(f"w{number}" for number in range(1000)), "chanh " * 700])
def test_long_message_is_read_as_at_most_128_words(index: Index, text: str) -> None:
    query = index.find(text, depth=5).query

    assert len(query.ids) + query.unknown <= 128


def test_index_writes_no_file(index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    index_of(entry(1, "Tin"))

    assert list(tmp_path.iterdir()) == []


def test_only_the_row_that_searches_find_is_held() -> None:
    index = Index()
    index.replace([entry(1, "Cầu cũ có đóng không?"), entry(2, "Đèn đường hỏng")])
    index.replace([entry(1, "Cầu cũ có đóng cửa không?")])
    index.remove([2])

    assert [index.is_held(row) for row in range(3)] == [False, False, True]
