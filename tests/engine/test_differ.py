import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.differences import measured, near_misses, written
from sangto.engine.differ import READ_CHARACTERS, Comparison, Difference, Span, candidates, compare
from tests.engine.test_guard_near_misses import ROWS

PAIRS = list(written())
SAID = sorted({text for pair in PAIRS for text in (pair.one, pair.other)} | {row["message"] for row in ROWS})
pieces = st.sampled_from(
    ["không ", "5/7/2026", " 1.000 ", "ba mươi ", "thứ hai ", "Xã ", "Hoà ", "Bình ", "muoi ", "a\u0301", "\u200b", "?",
     "\n", "n't ", "District 5 ", "hết ", "http://a.vn/1 ", "%"]
)  # fmt: skip
texts = st.sampled_from(SAID) | st.text(max_size=80) | st.lists(pieces, max_size=12).map("".join)


def joined(spans: tuple[Span, ...]) -> str:
    return "".join(span.text for span in spans)


def differences(one: str, other: str, **more: object) -> list[tuple[str, str, str]]:
    return [tuple(each) for each in compare(one, other, **more).differences]  # type: ignore[arg-type]


@settings(max_examples=400, deadline=None)
@given(texts, texts, texts)
def test_the_spans_are_the_texts(one: str, other: str, beside: str) -> None:
    found = compare(one, other, beside=beside)

    assert (joined(found.here), joined(found.there), joined(found.beside)) == (one, other, beside)


@settings(max_examples=300, deadline=None)
@given(texts, texts)
def test_the_other_way_round_is_the_same_turned_round(one: str, other: str) -> None:
    there, back = compare(one, other), compare(other, one)

    turned = tuple(Difference(each.kind, each.there, each.here) for each in back.differences)
    assert there == Comparison(back.there, back.here, (), turned)


@settings(max_examples=300, deadline=None)
@given(texts)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    found = compare(text, text)

    assert found.differences == ()
    assert {span.mark for span in (*found.here, *found.there)} <= {"same"}


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(SAID))
def test_how_marks_are_composed_is_no_difference(text: str) -> None:
    taken_apart = unicodedata.normalize("NFD", text)

    found = compare(text, taken_apart)

    assert found.differences == ()
    assert joined(found.there) == taken_apart


@settings(max_examples=200, deadline=None)
@given(texts, texts)
def test_every_difference_is_marked_where_it_stands(one: str, other: str) -> None:
    found = compare(one, other)

    here = {span.kind for span in found.here if span.kind}
    there = {span.kind for span in found.there if span.kind}
    assert here == {each.kind for each in found.differences if each.here}
    assert there == {each.kind for each in found.differences if each.there}


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.one)
def test_the_written_pairs_differ_in_what_their_label_says(pair) -> None:
    assert {each.kind for each in compare(pair.one, pair.other).differences} == pair.kinds


def test_near_misses_are_marked_no_worse_than_before() -> None:
    count, rows = measured(near_misses(), shown=False)

    assert count == 384
    assert {kind: row for kind, row in rows.items() if row[1] > 6 or row[2] > 4} == {}


def test_a_number_in_other_writing_is_the_same() -> None:
    assert differences("Phạt 1.000 đồng", "Phạt 1,000 đồng") == []
    assert differences("Phạt một nghìn đồng", "Phạt 1000 đồng") == []
    assert differences("Phạt 500 nghìn", "Phạt 50 nghìn") == [("number", "500 nghìn", "50 nghìn")]


def test_where_the_tone_stands_is_no_difference() -> None:
    assert compare("Xã Hoà Bình", "xã Hòa Bình").here == (Span("Xã Hoà Bình", "same"),)


def test_a_word_that_only_one_text_has_is_marked_without_a_kind() -> None:
    found = compare("Đường Lê Lợi ngập nặng", "Đường Lê Lợi ngập")

    assert found.here == (Span("Đường Lê Lợi ngập ", "same"), Span("nặng", "only"))
    assert found.differences == ()


def test_a_known_name_is_a_place() -> None:
    one, other = "Bến đò Tân Lập thu phí", "Bến đò Mỹ Hưng thu phí"

    assert differences(one, other) == []
    assert differences(one, other, places=["Xã Tân Lập", "Xã Mỹ Hưng"]) == [("place", "Tân Lập", "Mỹ Hưng")]


def test_what_the_summary_says_is_no_difference_and_what_it_adds_is_none() -> None:
    told = differences("Phạt 500 nghìn à?", "Mức phạt là bao nhiêu?", beside="Phạt 500.000 đồng từ ngày 1/7/2026.")

    assert told == []


def test_what_the_summary_says_otherwise_is_a_difference() -> None:
    found = compare("Phạt 500 nghìn à?", "Mức phạt là bao nhiêu?", beside="Phạt 50.000 đồng từ ngày 1/7/2026.")

    assert found.differences == (Difference("number", "500 nghìn", "50.000 đồng"),)
    assert Span("50.000 đồng", "only", "number") in found.beside


def test_a_negation_in_the_summary_answers_and_contradicts_nothing() -> None:
    assert differences("Được đốt rác à?", "Được đốt rác không?", beside="Không được đốt rác.") == []


@pytest.mark.parametrize(
    "hostile",
    ["muoi " * 20_000, "5/7/2026 " * 11_000, "không " * 16_000, "Xã " * 33_000, "a\u0301" * 50_000, "1" * 100_000,
     "một triệu " * 10_000, "\u200b" * 100_000, "District " * 11_000],
    ids=lambda text: text[:8],
)  # fmt: skip
def test_hostile_texts_are_read_as_far_as_is_said(hostile: str) -> None:
    found = compare(hostile, hostile[::-1] + "5", beside=hostile, places=["Xã Xã Xã", "District District"])

    assert joined(found.here) == hostile
    assert {span.text for span in found.here if span.kind and hostile.index(span.text) > READ_CHARACTERS} == set()


def test_what_may_be_a_name_is_offered_for_looking_up() -> None:
    assert candidates("Bến đò Tân Lập (Mỹ Hưng), Hà Nội") == [
        "tan lap", "tan lap my", "tan lap my hung", "lap my", "lap my hung", "lap my hung ha", "my hung", "my hung ha",
        "my hung ha noi", "hung ha", "hung ha noi", "ha noi",
    ]  # fmt: skip


def test_the_table_is_whole() -> None:
    lines = (Path(__file__).parent / "data" / "differences.tsv").read_text(encoding="utf-8").splitlines()

    assert len(lines) == len(set(lines)) == 142
