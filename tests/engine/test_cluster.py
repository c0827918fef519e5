import random
import unicodedata
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sangto.engine.cluster import Grouping, groups, lexicon, reasons, tokens
from sangto.engine.decide import joins
from sangto.engine.match import Entry, Index
from sangto.engine.text import words

LEMON = "Uống nước chanh mỗi sáng chữa được ung thư giai đoạn cuối"
FINE = "Vượt đèn đỏ bị phạt 5 triệu đồng từ tháng sau ở Đà Nẵng"
VACCINE = "The new vaccine was tested on 4000 people in Germany before it was approved"
QUESTIONS = (
    LEMON,
    FINE,
    VACCINE,
    "Đèn đường trước cổng trường Lê Lợi hỏng cả tháng nay chưa ai sửa",
    "Is the water tower on Baker Street closed for repairs until next summer",
    "Bão số 9 sẽ đổ bộ vào Quảng Ngãi trong đêm nay",
)
ODD = (
    "",
    "   ",
    "\U0001f600",
    "\U0001f621\U0001f621",
    "x" * 4000,
    "123",
    "456",
    "https://a.vn/tin/1",
    "https://a.vn/tin/2",
    "?!",
)


def together(grouping: Grouping, one: int, other: int) -> bool:
    return bool(grouping.representative[one] == grouping.representative[other])


def sets(texts: list[str]) -> set[frozenset[str]]:
    return {frozenset(str(key) for key in group) for _, group in groups([(text, text) for text in texts]).members()}


def joined(one: str, other: str) -> bool:
    return together(groups([one, other]), 0, 1)


@pytest.mark.parametrize(
    "other",
    [
        "uong nuoc chanh moi sang chua duoc ung thu giai doan cuoi",
        "UỐNG NƯỚC CHANH MỖI SÁNG CHỮA ĐƯỢC UNG THƯ GIAI ĐOẠN CUỐI!!!",
        "uống nước chanh mỗi sáng chữa dc ung thư giai đoạn cuối",
        "Cho em hỏi uống nước chanh mỗi sáng chữa được ung thư giai đoạn cuối có đúng không ạ?",
        "Uống nước chanh mỗi sáng chữa được ung thư giai đoạnn cuối",
        "Uống nước chanh chữa được ung thư giai đoạn cuối",
        "Khẩn cấp!!! Uống nước chanh mỗi sáng chữa được ung thư giai đoạn cuốiiiii. Hãy chia sẻ cho mọi người",
        unicodedata.normalize("NFD", LEMON),
    ],
)
def test_near_duplicate_joins(other):
    assert joined(LEMON, other)


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        (LEMON, "chanh", "dừa"),
        (LEMON, "chữa được", "không chữa được"),
        (LEMON, "chữa được", "chưa chữa được"),
        (FINE, "5", "6"),
        (FINE, "5 triệu", "5 tỷ"),
        (FINE, "Đà Nẵng", "Hải Phòng"),
        (FINE, "tháng sau", "tháng trước"),
        (VACCINE, "4000", "400"),
        (VACCINE, "Germany", "Austria"),
        (VACCINE, "was tested", "was not tested"),
        (VACCINE, "before", "after"),
        (VACCINE, "4000", "four"),
        ("Mỹ cấm nhập khẩu gạo từ tháng sau", "Mỹ", "Nga"),
        ("Tin bão vào Nghệ An trong đêm nay", "Nghệ An", "Tây Ninh"),
        ("Quảng Ninh cấm xe máy vào trung tâm từ sang năm", "Ninh", "Bình"),
    ],
)
def test_changed_text_does_not_join(text, old, new):
    assert not joined(text, text.replace(old, new))


def test_two_that_fill_a_gap_of_their_representative_otherwise_do_not_join():
    left_out, other = LEMON.replace(" chanh", ""), LEMON.replace("chanh", "dừa")

    grouping = groups([left_out, left_out, LEMON, other])

    assert together(grouping, 0, 2)
    assert not together(grouping, 2, 3)


def test_two_words_in_a_gap_are_told_apart_too():
    left_out, other = FINE.replace(" đèn đỏ", ""), FINE.replace("đèn đỏ", "quá tốc")

    grouping = groups([left_out, left_out, FINE, other])

    assert not together(grouping, 2, 3)


def test_wording_of_most_messages_represents_a_group():
    left_out = VACCINE.replace("new ", "")

    grouping = groups([left_out, VACCINE, VACCINE.upper(), f"{VACCINE}!!!"])

    assert grouping.representative.tolist() == [1, 1, 1, 1]


def test_word_said_many_times_is_no_word_of_its_own():
    said = "a man, a boat, a dog, a cat, a horse, a cow and a duck crossed the river at night"

    assert joined(said, f"{said} yesterday morning")


def test_question_with_another_matter_before_it_does_not_join():
    matter = "Người đang tạm trú hết hạn đăng ký xe máy"
    long = f"{QUESTIONS[3]} {VACCINE}"

    assert not joined(long, f"{matter}. {long}")


@pytest.mark.parametrize("mark", ["?", ""])
def test_word_that_only_asks_denies_nothing_without_its_question_mark(mark):
    said = "Nước lá đu đủ chữa sốt xuất huyết được không{} Trẻ chậm nói cần khám ở bệnh viện nào"

    assert joined(said.format("?"), said.format(mark).replace("Nước lá", "Lá"))
    assert not joined(said.format(mark), said.format(mark).replace("cần khám", "không cần khám"))


def test_texts_that_are_equal_always_join():
    texts = [*ODD, *QUESTIONS]

    grouping = groups(texts * 2)

    assert grouping.representative.tolist() == [*range(len(texts))] * 2


def test_texts_without_words_and_odd_ones_stand_alone():
    assert groups(ODD).representative.tolist() == list(range(len(ODD)))


def test_member_is_held_against_its_representative_and_not_chained():
    said = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    letters = [f"{word}{chr(97 + number)}xqz" for number, word in enumerate(said)]
    chain = [" ".join(letters[start : start + 6]) for start in range(5)]

    grouping = groups(chain)

    assert not together(grouping, 0, 4)


def test_no_texts_make_no_groups():
    assert groups([]).representative.tolist() == []


def test_ids_come_back():
    found = list(groups([("a", LEMON), ("b", VACCINE), ("c", LEMON.upper())]).members())

    assert found == [("a", ["a", "c"]), ("b", ["b"])]


def test_stars_are_largest_first_and_leave_out_who_stands_alone():
    grouping = groups([FINE, LEMON, VACCINE, LEMON.upper(), VACCINE.upper(), LEMON.lower()])

    assert [(head, members.tolist()) for head, members in grouping.stars()] == [(1, [3, 5]), (2, [4])]
    assert groups([FINE, LEMON]).stars() == []


def test_reasons_of_a_member_say_how_alike_and_whether_the_numbers_are_the_same():
    grouping = groups([FINE, FINE.upper(), LEMON, LEMON.upper(), FINE])

    assert grouping.reasons(1) == (("same_text", "100"), ("same_numbers", ""))
    assert grouping.reasons(3) == (("same_text", "100"),)
    assert grouping.reasons(4) == grouping.reasons(1)


def test_numbers_that_a_guard_let_pass_are_no_reason():
    grouping = groups([FINE, FINE.replace("5 triệu", "5.000.000")], differs=lambda one, other: False)

    assert [code for code, _ in grouping.reasons(1)] == ["same_text"]


def test_guard_passed_in_has_the_last_word():
    pair = [FINE, FINE.replace("5 triệu", "5.000.000")]

    assert not together(groups(pair), 0, 1)
    assert together(groups(pair, differs=lambda one, other: False), 0, 1)
    assert not together(groups(pair, differs=lambda one, other: True), 0, 1)


def test_progress_ends_with_all_texts():
    seen: list[tuple[int, int]] = []

    groups(list(QUESTIONS) * 3, progress=lambda done, of: seen.append((done, of)))

    assert seen[-1] == (18, 18)


def test_reasons_of_a_pair():
    assert reasons(FINE, FINE.lower()) == (("same_text", "100"), ("same_numbers", ""))
    assert reasons(FINE, FINE.replace("5", "6"))[-1] == ("numbers_differ", "")
    assert reasons(LEMON, LEMON.replace("chữa", "không chữa"))[-1] == ("negation_differs", "")
    assert reasons(LEMON, LEMON.replace("chanh", "dừa"))[-1] == ("words_differ", "")


SCRIPTS = [
    "Правда ли что лимонная вода лечит рак за неделю",
    "喝柠檬水可以治愈晚期癌症是真的吗",
    "هل صحيح أن ماء الليمون يشفي من السرطان",
    "น้ำมะนาวรักษามะเร็งได้จริงหรือไม่",
    "레몬 물이 암을 치료한다는 것이 사실인가요",
]


@pytest.mark.parametrize("text", SCRIPTS)
def test_other_scripts_join_what_is_alike_and_no_more(text):
    grouping = groups([*SCRIPTS, f"{text} !!!", LEMON])

    assert together(grouping, SCRIPTS.index(text), len(SCRIPTS))
    assert len(set(grouping.representative.tolist())) == len(SCRIPTS) + 1


def test_order_changes_no_membership():
    texts = [*QUESTIONS, *(text.upper() for text in QUESTIONS), *(f"Cho em hỏi {text} ạ?" for text in QUESTIONS[:2])]
    expected = sets(texts)
    rng = random.Random(4)

    for _ in range(5):
        rng.shuffle(texts)

        assert sets(texts) == expected


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=60), min_size=1, max_size=12), st.randoms())
def test_any_texts_are_grouped_and_equal_ones_join(texts, rng):
    texts = texts + [rng.choice(texts)]

    grouping = groups(texts)

    assert np.array_equal(grouping.representative[grouping.representative], grouping.representative)
    assert ((grouping.likeness >= 0) & (grouping.likeness <= 1.0001)).all()
    assert all(together(grouping, a, b) for a, b in combinations(range(len(texts)), 2) if texts[a] == texts[b])


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 10**9), st.integers(0, 9), st.sampled_from([LEMON, VACCINE, "Phạt {} nếu đậu xe sai chỗ"]))
def test_changed_digit_never_joins(number, digit, text):
    first = f"{text} {number} lần trong năm"
    changed = str(number)[:-1] + str(digit)
    second = f"{text} {changed} lần trong năm"

    assert joined(first, second) is (int(changed) == number and changed == str(number))


def test_every_lexicon_word_is_one_word():
    listed = lexicon.all_words()

    corpus = tokens.read(listed, workers=1, progress=lambda done: None)

    written_out = {word for word in listed if word in lexicon.EXPANDED}
    alone = [
        word for word, size in zip(listed, np.diff(corpus.starts), strict=True) if word not in written_out and size != 1
    ]
    assert alone == []


@pytest.mark.parametrize(
    "text", [LEMON, VACCINE, "Trump's new plan isn't in the U.S. budget", "chữa đượcccc 1.000.000 người???"]
)
def test_words_are_those_of_single_texts(text):
    corpus = tokens.read([text], workers=1, progress=lambda done: None)
    letters, length = corpus.vocabulary.letters, corpus.vocabulary.length

    read = ["".join(map(chr, letters[word][: length[word]])) for word in corpus.words]

    assert "".join(read).replace("isnot", "isnt") == "".join(words(text))


def streaming_joins(message: str, case: str) -> bool:
    index = Index()
    index.replace([Entry(id=1, lang="vi", kind="claim", question=case, title="", text="")])
    return joins(message, index, kind="claim") is not None


def test_bulk_agrees_with_streaming():
    near = [text.upper() for text in QUESTIONS] + [f"{text} ???" for text in QUESTIONS]
    pairs = list(product(near, QUESTIONS))

    agreed = sum(joined(one, other) == streaming_joins(one, other) for one, other in pairs)

    assert agreed / len(pairs) >= 0.95
