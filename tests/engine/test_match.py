import threading
import time

import pytest

from sangto.engine.match import Entry, Index


def entry(number: int, question: str, **other: object) -> Entry:
    values: dict[str, object] = {"lang": "vi", "kind": "claim", "title": "", "text": ""}
    return Entry(id=number, question=question, **(values | other))  # type: ignore[arg-type]


def index_of(*entries: Entry) -> Index:
    index = Index()
    index.replace(entries)
    return index


def found(index: Index, text: str, **options: object) -> list[int]:
    return [candidate.entry.id for candidate in index.search(text, **options)]  # type: ignore[arg-type]


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


def test_candidates_carry_their_entry_and_fall_in_score(index: Index) -> None:
    candidates = index.search("đèn đường Lê Lợi")

    assert [one.entry.place for one in candidates] == ["Lê Lợi", ""]
    assert candidates[0].score > candidates[1].score > 0


def test_replace_is_visible_at_once_and_counts_an_id_once(index: Index) -> None:
    index.replace([entry(1, "Ăn tỏi chữa cúm"), entry(5, "Tin mới"), entry(5, "Tin mới hơn")])

    assert len(index) == 5
    assert (found(index, "chanh"), found(index, "tỏi"), found(index, "tin mới")) == ([], [1], [5])


def test_remove_takes_out_and_forgives_unknown_ids(index: Index) -> None:
    index.remove([1, 99])

    assert len(index) == 3
    assert found(index, "nước chanh") == []


def test_rarity_is_high_for_rare_and_low_for_frequent_words(index: Index) -> None:
    many = index_of(*(entry(number, f"tin don so {number}") for number in range(2000)))

    assert many.rarity("don") < many.rarity("17") < many.rarity("khongco")
    assert index.rarity("la") < 2 < index.rarity("chanh")


def test_rarity_follows_what_is_added(index: Index) -> None:
    before = index.rarity("sao hoa")

    index.replace(entry(number, "sao hoa") for number in range(100, 400))

    assert index.rarity("sao") < before


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


def test_long_message_stays_fast(index: Index) -> None:
    texts = ["x" * 4000, " ".join(f"w{number}" for number in range(1000)), "chanh " * 700]

    start = time.thread_time()
    for text in texts:
        index.search(text)

    assert time.thread_time() - start < 0.5
