from collections.abc import Sequence
from threading import Thread

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sangto.engine.decide import Decision, decide
from sangto.engine.learned import shipped
from sangto.engine.match import Entry, Index
from sangto.engine.rank import CLOSELY, Candidate, candidates, ranked
from sangto.engine.rerank import FUSION, JUDGED, NEAR, Embedded, ahead, considered, fused, reordered, said

BUSES = [f"Giá vé xe buýt tuyến {name} là bao nhiêu" for name in ("An", "Bình", "Châu", "Dương", "Giang", "Hạnh")]
ASKED = "đi xe buýt tuyến nào rẻ"
TOLD = "Phạt 5 triệu đồng khi vượt đèn đỏ"
Floats = np.ndarray  # type: ignore[type-arg]


class Told:
    """A reader that finds alike what it was told, and nothing else; it keeps what it was asked."""

    def __init__(self, alike: dict[str, float], otherwise: float = 0.0) -> None:
        self.cosines, self.otherwise, self.asked = alike, otherwise, list[tuple[str, list[str]]]()

    def alike(self, text: str, wordings: Sequence[str]) -> Floats:
        self.asked.append((text, list(wordings)))
        return np.array([self.cosines.get(one, self.otherwise) for one in wordings], np.float32)


class Broken(Told):
    """A reader that answers with something else than cosines."""

    def __init__(self, answer: object) -> None:
        super().__init__({})
        self.answer = answer

    def alike(self, text: str, wordings: Sequence[str]) -> Floats:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer  # type: ignore[return-value]


def index_of(*questions: str, title: str = "") -> Index:
    index = Index()
    index.replace(Entry(number, "vi", "claim", one, title, "") for number, one in enumerate(questions, 1))
    return index


def decided(index: Index, text: str, reader: Told | None = None) -> Decision:
    return decide(text, index, kind="claim", reader=reader)


def test_what_the_reader_finds_alike_is_offered_first() -> None:
    index = index_of(*BUSES)
    last = decided(index, ASKED).ranking[-1]

    after = decided(index, ASKED, Told({BUSES[last - 1]: 0.95}))

    assert (after.zone, after.candidates[0].id, after.ranking[0]) == ("offer", last, last)
    assert after.candidates[0].sureness == after.sure
    assert decided(index, ASKED).ranking[0] != last


def test_what_the_reader_finds_unlike_is_not_offered() -> None:
    index = index_of(*BUSES)

    assert decided(index, ASKED).zone == "offer"
    assert decided(index, ASKED, Told({}, otherwise=-1.0)).zone == "person"


@pytest.mark.parametrize("asked", ["di xe buyt tuyen nao re", "gia ve xe buyt tuyen nao re"])
def test_vietnamese_without_diacritics_is_not_read(asked: str) -> None:
    index, reader = index_of(*BUSES), Told({}, otherwise=-1.0)

    assert decided(index, asked, reader) == decided(index, asked)
    assert reader.asked == []


def test_english_is_read() -> None:
    reader = Told({})

    decided(index_of("Is the Lotus bridge closed on Sunday?"), "when will they close the bridge again", reader)

    assert len(reader.asked) == 1


def test_the_reader_sees_questions_with_their_titles_and_all_that_were_compared() -> None:
    index, reader = index_of(*(f"{BUSES[0]} {number}" for number in range(50)), title="Vé xe"), Told({})

    decided(index, ASKED, reader)

    ((text, wordings),) = reader.asked
    assert (text, len(wordings)) == (ASKED, CLOSELY)
    assert all(one.startswith(BUSES[0]) and one.endswith("\nVé xe") for one in wordings)


def test_an_instant_answer_stays_as_it_is_and_is_not_read() -> None:
    index, reader = index_of(*BUSES, TOLD), Told({}, otherwise=-1.0)

    assert decided(index, TOLD, reader) == decided(index, TOLD)
    assert decided(index, TOLD).zone == "instant"
    assert reader.asked == []


@pytest.mark.parametrize("asked", [ASKED, "Phạt 50 triệu đồng khi vượt đèn đỏ", "phat khi vuot den", "vé xe"])
def test_a_reader_that_is_sure_makes_no_instant_answer(asked: str) -> None:
    assert decided(index_of(*BUSES, TOLD), asked, Told({}, otherwise=1.0)).zone != "instant"


@pytest.mark.parametrize(
    "answer",
    [RuntimeError("no"), np.array([0.5]), np.full((6, 1), 0.5), np.full(6, np.nan), "nothing", None],
)
def test_a_reader_that_fails_changes_nothing(answer: object) -> None:
    index = index_of(*BUSES)

    assert decided(index, ASKED, Broken(answer)) == decided(index, ASKED)


def test_nothing_found_is_not_read() -> None:
    reader = Told({})

    assert decided(index_of(*BUSES), "привет", reader) == Decision("person", ())
    assert reader.asked == []


class Judged:
    """A candidate of a test: its id is its place before, and the reader's cosine decides its sureness."""

    def __init__(self, candidate: Candidate, sureness: float, against: bool) -> None:
        self.candidate, self.sureness, self.against = candidate, sureness, ("numbers_differ",) * against


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.floats(-1, 1)), min_size=1, max_size=6))
def test_a_contradicted_candidate_never_overtakes_one_that_is_not(drawn: list[tuple[bool, float]]) -> None:
    found = _candidates()[: len(drawn)]
    before = [Judged(one, 0.5, against) for one, (against, _) in zip(found, drawn, strict=False)]
    contradicted = {one.candidate.id for one in before if one.against}
    reader = Told({said(one): cosine for one, (_, cosine) in zip(found, drawn, strict=False)})

    def closely(one: Candidate) -> Judged:
        return Judged(one, one.sureness, one.id in contradicted)

    after = [one.candidate.id for one in reordered(ASKED, before, found, reader=reader, closely=closely)]

    was = [one.candidate.id for one in before]
    pairs = [(one, other) for at, one in enumerate(after) for other in after[at:]]
    overtaken = {(one, other) for one, other in pairs if was.index(other) < was.index(one)}
    assert sorted(after) == sorted(was)
    assert not {(one, other) for one, other in overtaken if one in contradicted and other not in contradicted}


def _candidates() -> list[Candidate]:
    index = index_of(*BUSES)
    return candidates(ranked(ASKED, index, learned=shipped()), index, learned=shipped(), count=CLOSELY)


def test_a_contradicted_answer_stays_below_what_was_ahead_of_it_and_keeps_its_reason() -> None:
    near = "Phạt 50 triệu đồng khi vượt đèn đỏ"
    index = index_of(TOLD, "Mức phạt 50 triệu đồng khi vượt đèn đỏ ra sao", *BUSES)

    after = decided(index, f"{near} thật à mọi người ơi", Told({TOLD: 1.0}, otherwise=0.5))

    assert after.ranking.index(2) < after.ranking.index(1)
    assert all(one.sureness <= 0.5 for one in after.candidates if one.id == 1)


def test_the_fusion_rises_with_the_decider_and_with_the_likeness() -> None:
    raw, alike = np.array([-2, 0, 2, 0], np.float32), np.array([0.4, 0.4, 0.4, 0.6], np.float32)

    sure = FUSION(raw, alike)

    assert sure[0] < sure[1] < sure[2]
    assert sure[1] < sure[3]
    assert FUSION(np.array([1e6, -1e6], np.float32), np.zeros(2, np.float32)) == pytest.approx([1, 0], abs=1e-6)


def test_alone_in_an_index_the_right_one_is_as_sure_as_beside_the_usual_other() -> None:
    raw, alike = np.zeros(2, np.float32), np.array([0.8, FUSION.usual], np.float32)

    assert FUSION(raw[:1], alike[:1])[0] == pytest.approx(FUSION(raw, alike)[0])


@pytest.mark.parametrize(
    ("alike", "expected"),
    [([], []), ([0.5], [0.2]), ([0.5, 0.4], [0.1, -0.1]), ([0.5, 0.5, 0.1], [0, 0, -0.4])],
)
def test_ahead_is_the_lead_over_the_best_other(alike: list[float], expected: list[float]) -> None:
    assert ahead(np.array(alike, np.float32), usual=0.3) == pytest.approx(expected, abs=1e-6)


def test_only_the_likeliest_by_the_model_are_judged_beside_those_from_before() -> None:
    index = index_of(*(f"{BUSES[0]} {number}" for number in range(50)))
    found, judged = considered(ASKED, index, reader=Told({}), learned=shipped()), list[int]()
    least = fused(ASKED, found, reader=Told({}))[-1]
    before = [Judged(least, 0.5, False)]

    def closely(one: Candidate) -> Judged:
        judged.append(one.id)
        return Judged(one, one.sureness, False)

    reordered(ASKED, before, found, reader=Told({}), closely=closely)

    assert len(found) == CLOSELY
    assert len(judged) == JUDGED + 1
    assert least.id in judged


class Finding(Told):
    """A reader that finds rows it was told, too."""

    def __init__(self, rows: Sequence[int] | Exception, alike: dict[str, float]) -> None:
        super().__init__(alike)
        self.rows, self.counts = rows, list[int]()

    def nearest(self, text: str, index: Index, count: int) -> Sequence[int]:
        self.counts.append(count)
        if isinstance(self.rows, Exception):
            raise self.rows
        return self.rows[:count]


ELSEWHERE = "Chó phải tiêm phòng dại"


def test_what_only_the_reader_finds_is_offered() -> None:
    index = index_of(*BUSES, ELSEWHERE)

    after = decided(index, ASKED, Finding([6], {ELSEWHERE: 1.0}))

    assert 7 not in decided(index, ASKED, Told({ELSEWHERE: 1.0})).ranking
    assert (after.zone, after.ranking[0]) == ("offer", 7)


def test_what_the_reader_finds_makes_no_instant_answer_and_takes_none_away() -> None:
    index, reader = index_of(*BUSES, TOLD, ELSEWHERE), Finding([7], {ELSEWHERE: 1.0})

    assert decided(index, TOLD, reader) == decided(index, TOLD)
    assert reader.counts == []


def test_the_reader_finds_none_of_the_ids_left_out_and_none_twice() -> None:
    index, reader = index_of(*BUSES, ELSEWHERE), Finding([6, 0, 1], {})

    found = [one.id for one in considered(ASKED, index, reader=reader, learned=shipped(), without={7, 2})]

    assert sorted(found) == [1, 3, 4, 5, 6]
    assert reader.counts == [NEAR + 2]


@pytest.mark.parametrize("rows", [RuntimeError("no"), [99], ["a"], None])
def test_a_finder_that_fails_leaves_what_words_found(rows: object) -> None:
    index = index_of(*BUSES)

    assert decided(index, ASKED, Finding(rows, {})) == decided(index, ASKED, Told({}))  # type: ignore[arg-type]


def test_a_finder_is_not_asked_for_what_it_cannot_read() -> None:
    index, reader = index_of(*BUSES), Finding([6], {})

    decided(index, "di xe buyt tuyen nao re", reader)

    assert reader.counts == []


class Counting:
    """A model of one number a letter; it counts what it was given."""

    def __init__(self) -> None:
        self.given: list[tuple[list[str], bool]] = []

    def encode(self, texts: Sequence[str], *, passage: bool = False) -> Floats:
        self.given.append((list(texts), passage))
        counts = np.array([[one.count("a") + 1e-3, one.count("b")] for one in texts], np.float32)
        return counts / np.linalg.norm(counts, axis=1, keepdims=True)


def test_embedded_gives_cosines_and_reads_an_entry_once() -> None:
    model = Counting()
    reader = Embedded(model, unrelated=())

    assert reader.alike("aa", ["a", "b", "a"]) == pytest.approx([1, 0, 1], abs=1e-2)
    assert reader.alike("b", ["b", "ab"]) == pytest.approx([1, 0.7071], abs=1e-2)
    assert model.given == [(["aa"], False), (["a", "b"], True), (["b"], False), (["ab"], True)]


def test_embedded_finds_nothing_in_common_where_the_model_finds_the_usual() -> None:
    reader = Embedded(Counting(), unrelated=["a", "ab"])

    found = reader.alike("a", ["a", "ab", "b"])

    assert found == pytest.approx([1, 0, -0.7071 / 0.2929], abs=1e-2)


@pytest.mark.parametrize("all_alike", [["a", "a"], ["a"], []])
def test_embedded_with_a_model_that_has_no_scale_gives_numbers(all_alike: list[str]) -> None:
    with np.errstate(invalid="raise"):
        assert np.isfinite(Embedded(Counting(), unrelated=all_alike[:2] * 2).alike("a", ["b"])).all()


def test_embedded_cannot_tell_of_a_message_that_the_model_knows_no_word_of() -> None:
    class Knowing(Counting):
        def encode(self, texts: Sequence[str], *, passage: bool = False) -> Floats:
            return super().encode(texts, passage=passage) * np.array([["?" not in one] for one in texts], np.float32)

    assert np.isnan(Embedded(Knowing(), unrelated=()).alike("?", ["a"])).all()


def test_embedded_forgets_what_was_used_longest_ago() -> None:
    model = Counting()
    reader = Embedded(model, most=2, unrelated=())

    for wordings in (["a", "b"], ["a"], ["ab"], ["a"], ["b"]):
        reader.alike("a", wordings)

    assert [texts for texts, passage in model.given if passage] == [["a", "b"], ["ab"], ["b"]]


def test_embedded_gives_all_even_when_it_may_remember_fewer() -> None:
    assert Embedded(Counting(), most=1, unrelated=()).alike("a", ["a", "b", "ab"]) == pytest.approx(
        [1, 0, 0.7071], abs=1e-2
    )


def test_embedded_cuts_a_long_text() -> None:
    model = Counting()

    Embedded(model, unrelated=()).alike("a" * 5_000, ["b" * 5_000])

    assert [len(texts[0]) for texts, _ in model.given] == [1_000, 1_000]


def test_threads_may_ask_at_the_same_time() -> None:
    reader, found = Embedded(Counting(), most=3, unrelated=()), []
    texts = ["a", "b", "ab", "aab", "abb"]

    def ask(start: int) -> None:
        for at in range(200):
            one = texts[(start + at) % len(texts)]
            found.append(float(reader.alike(one, [one, "a"])[0]))

    threads = [Thread(target=ask, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 800
    assert min(found) == pytest.approx(1, abs=1e-3)


def test_embedded_finds_the_nearest_that_the_index_holds_now() -> None:
    index, reader = index_of("bbb", "ab", "aaa", "aab"), Embedded(Counting(), unrelated=())

    assert reader.nearest("a", index, 3) == [2, 3, 1]

    index.remove([4])
    index.replace([Entry(3, "vi", "claim", "abbb", "", ""), Entry(5, "vi", "claim", "aaaab", "", "")])

    assert reader.nearest("a", index, 9) == [5, 1, 4, 0]


def test_embedded_reads_an_index_once_and_so_many_entries_before_a_message() -> None:
    index, model = index_of("aaa", "ab", "bbb"), Counting()
    reader = Embedded(model, unrelated=(), ahead=2)

    found = [reader.nearest("b", index, 9) for _ in range(3)]

    assert found == [[1, 0], [2, 1, 0], [2, 1, 0]]
    assert [texts for texts, passage in model.given if passage] == [["aaa", "ab"], ["bbb"]]


def test_embedded_keeps_the_latest_rows_of_each_index() -> None:
    index, other = index_of("aaa", "ab", "bbb"), index_of("b")
    reader = Embedded(Counting(), most=2, unrelated=())

    assert reader.nearest("a", index, 9) == [1, 2]
    assert reader.nearest("a", other, 9) == [0]

    index.replace([Entry(9, "vi", "claim", "aaab", "", "")])

    assert reader.nearest("a", index, 9) == [3, 2]


def test_embedded_encodes_a_message_and_an_entry_once_for_finding_and_reading() -> None:
    index, model = index_of("aaa", "ab"), Counting()
    reader = Embedded(model, unrelated=())

    reader.nearest("a", index, 2)
    reader.alike("a", ["ab"])

    assert model.given == [(["aaa", "ab"], True), (["a"], False)]


def test_embedded_finds_nothing_for_a_message_that_the_model_knows_no_word_of_or_in_no_entries() -> None:
    class Blank(Counting):
        def encode(self, texts: Sequence[str], *, passage: bool = False) -> Floats:
            return np.zeros((len(texts), 2), np.float32)

    assert Embedded(Blank(), unrelated=()).nearest("a", index_of("a"), 3) == []
    assert Embedded(Counting(), unrelated=()).nearest("a", Index(), 3) == []
