from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangto.engine.phrases import LONGEST_PHRASE, Phrases
from sangto.engine.text import words

CLAIM = "uong nuoc dua gay dot quy"


@pytest.mark.parametrize(
    "wrapped",
    [
        "Uống nước dừa gây đột quỵ có đúng không?",
        "uong nuoc dua gay dot quy co dung k ad",
        "Mọi người ơi cho mình hỏi chút uống nước dừa gây đột quỵ thật không vậy",
        "Dạ em chào ad ạ, cho em hỏi là uống nước dừa gây đột quỵ đúng không ạ? Em cảm ơn ad nhiều",
        "Nghe nói uống nước dừa gây đột quỵ",
        "Em thấy trên Facebook nói uống nước dừa gây đột quỵ, nhờ ad kiểm tra giúp em với",
        "Có phải uống nước dừa gây đột quỵ không",
        "Thực hư việc uống nước dừa gây đột quỵ",
        "Tin này có thật không: uống nước dừa gây đột quỵ",
        "CHIA SẺ NGAY cho mọi người biết!!! Uống nước dừa gây đột quỵ",
        "Bạn em gửi cho em tin này: uống nước dừa gây đột quỵ",
        "Uống nước dừa gây đột quỵ, hông biết có thiệt hông dzậy mấy bác",
        "Uống nước dừa gây đột quỵ. Đã chuyển tiếp nhiều lần. Gửi từ nhóm Zalo",
        "🚨KHẨN CẤP🚨 Uống nước dừa gây đột quỵ! Gửi cho 10 người bạn nhé",
        "Xin chào, xin hỏi uống nước dừa gây đột quỵ?\nTrân trọng cảm ơn",
        "Hi all, is it true that uống nước dừa gây đột quỵ? Thanks in advance",
        "My neighbour sent me this on Zalo: uống nước dừa gây đột quỵ. Real or fake?",
        "Forwarded as received. Uống nước dừa gây đột quỵ. Please share with all your friends and family!",
        "Can anyone confirm if uống nước dừa gây đột quỵ? Sent from my iPhone",
    ],
)
def test_wrapping_is_left_out(wrapped: str) -> None:
    assert words(wrapped) == CLAIM.split()


@pytest.mark.parametrize(
    "claim",
    [
        "Lá ổi chữa tiểu đường",
        "Liệt sĩ hi sinh năm 1972",
        "Thiếu vitamin A gây mù",
        "Số khẩn cấp 115 đổi thành 112",
        "Người cho vay tiền bị phạt",
        "Người bao nhiêu tuổi được đổi tên",
        "Gửi tiền tiết kiệm lãi 10%",
        "Cơ quan thuế yêu cầu chuyển tiền",
        "Chia sẻ mật khẩu cho người khác bị phạt 10 triệu",
        "Thay lốp xe cho mẹ",
        "Sửa nội thất không cần xin phép",
        "Share prices fall after a warning about fake drugs",
        "Hello Kitty was made by the devil",
        "A friend of the president shared the secret report",
        "Thanks to rain the fires are out",
    ],
)
def test_a_plain_claim_loses_nothing(claim: str) -> None:
    kept = words(claim)

    assert kept == words(f"xyz {claim} xyz")[1:-1]
    assert len(kept) >= len(claim.split()) - 1


def chosen(patterns: list[str], text: str, *, ends: frozenset[int] = frozenset()) -> str:
    read = text.split()
    marked = Phrases(patterns, classes={"who": "ad|all friends"}).chosen(read, ends=ends)
    return " ".join(word.upper() if one else word for word, one in zip(read, marked, strict=True))


@pytest.mark.parametrize(
    ("pattern", "text", "marked"),
    [
        ("is (it|this) true that?", "is it true that x is this true", "IS IT TRUE THAT x IS THIS TRUE"),
        ("thanks <who>*", "thanks ad all friends all x", "THANKS AD ALL FRIENDS all x"),
        ("^ hi", "hi x hi", "HI x hi"),
        ("right $", "right x right", "right x RIGHT"),
        ("share # times", "share 10 times share ten times", "SHARE 10 TIMES share ten times"),
        ("my _ said", "my cat said my said", "MY CAT SAID my said"),
        ("^ ok $", "ok x ok", "ok x ok"),
    ],
)
def test_patterns_find_their_phrases(pattern: str, text: str, marked: str) -> None:
    assert chosen([pattern], text) == marked


@pytest.mark.parametrize(
    ("pattern", "word", "alone", "after"),
    [("is (it|this)", "is", 0, {"it", "this"}), ("right $", "right", 2, set()), ("^ hi all?", "hi", 1, {"all"})],
)
def test_openings_say_what_can_begin_a_phrase(pattern: str, word: str, alone: int, after: set[str]) -> None:
    openings = Phrases([pattern], classes={}).openings()
    row, _, found = openings.of(word)

    assert found == alone
    assert {one for one in openings.columns if openings.together[row, openings.of(one)[1]]} == after
    assert openings.of("other") == (0, 0, 0)
    assert not openings.together[0].any()


def test_any_word_may_follow_where_the_pattern_says_so() -> None:
    assert Phrases(["my _"], classes={}).openings().together[1].all()


def test_sentence_ends_bind_phrases() -> None:
    assert chosen(["^ hi", "right $"], "x right hi y", ends=frozenset({2})) == "x RIGHT HI y"


def test_a_kept_compound_hides_the_phrase_in_it() -> None:
    assert chosen(["hi", "! hi sinh"], "hi hi sinh") == "HI hi sinh"


def test_the_longest_phrase_wins() -> None:
    assert chosen(["a", "a b c", "b c d"], "a b c d a b d") == "A B C d A b d"


@given(st.lists(st.sampled_from("abc"), max_size=80))
def test_no_phrase_is_read_beyond_the_longest(read: list[str]) -> None:
    reads: list[int] = []

    class Counting(list[str]):
        def __getitem__(self, at: Any) -> Any:
            reads.append(1)
            return super().__getitem__(at)

    Phrases(["(a|b|c)* d"], classes={}).chosen(Counting(read), ends=frozenset())

    assert len(reads) <= (LONGEST_PHRASE + 3) * len(read)
