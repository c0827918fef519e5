import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sangto.engine import text as engine_text
from sangto.engine.teencode import TEENCODE
from sangto.engine.text import (
    Change,
    fingerprint,
    fold,
    guess_lang,
    is_binary,
    is_empty,
    links,
    normal,
    numbers,
    words,
    words_changed,
)

VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
sentences = st.lists(st.text(VIETNAMESE, min_size=2, max_size=7), min_size=1, max_size=12).map(" ".join)
anything = st.text(max_size=60) | st.text("kođ aA.\u0301\u0323'-/1k0,%\u200d\ufeffßİ", max_size=40)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  xin chào \r\n\r\n\r\n\r\nbạn\t\n", "xin chào\n\nbạn"),
        ("a\x00b\x1b[31mc\x7f", "ab[31mc"),
        ("0912\u200b345\u2060678\ufeff", "0912345678"),
        ("viê\u0323t", "việt"),
        ("a\ud800b\udfff", "a\ufffdb\ufffd"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("a\u200db", "ab"),
        ("x\u202egpj.exe", "x\u202egpj.exe"),
        ("một\u2028hai", "một\u2028hai"),
        ("a" + "\u0301" * 20, "á" + "\u0301" * 7),
    ],
)
def test_normal_keeps_what_is_read_and_drops_the_rest(typed: str, stored: str) -> None:
    assert normal(typed) == stored


@given(anything)
def test_normal_twice_changes_nothing(text: str) -> None:
    once = normal(text)

    assert normal(once) == once


@pytest.mark.parametrize("function", [normal, fold, words, numbers, links, is_empty])
@pytest.mark.parametrize("marks", ["\u0301", "\u0301\u0323"])
def test_million_combining_marks_take_less_than_a_second(function: object, marks: str) -> None:
    assert callable(function)
    text = "a" + marks * (1_000_000 // len(marks))

    start = time.thread_time()
    function(text)

    assert time.thread_time() - start < 1.5


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Đường HỎNG rồi", "duong hong roi"),
        ("ko bik có đc ko", "khong biet co duoc khong"),
        ("đẹppppp   quááá", "dep qua"),
        ("K-pop, 5k, J.K. Rowling", "k-pop, 5k, j.k. rowling"),
        ("１２３ ＡＢＣ", "123 abc"),
        ("straße ﬁn", "strasse fin"),
        ("1000000", "1000000"),
        ("Bộ\u200b Y tế", "bo y te"),
    ],
)
def test_fold_makes_spellings_one(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@given(anything)
def test_fold_twice_changes_nothing(text: str) -> None:
    once = fold(text)

    assert fold(once) == once


@given(anything)
def test_fold_does_not_see_the_unicode_form(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


def test_teencode_expands_to_folded_words_that_stay() -> None:
    expanded = {word for meaning in TEENCODE.values() for word in meaning.split()}

    assert expanded & TEENCODE.keys() == set()
    assert [fold(meaning) for meaning in TEENCODE.values()] == list(TEENCODE.values())


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Is this true? A friend sent me: lemons cure cancer", "lemons cure cancer"),
        ("Cho em hỏi chanh chữa ung thư có đúng không ạ?", "chanh chua ung thu"),
        ("CHIA SẺ NGAY!!! Ngày mai mất điện", "ngay mai mat dien"),
        ("Is this true?", "is this true"),
        ("Có đúng không ạ", "co dung khong a"),
        ("xem https://x.vn/a?b=c và 1.000 người", "xem va 1000 nguoi"),
        ("Don't: Trump's COVID-19", "dont trump covid 19"),
        ("疫苗有效", "疫 苗 有 效"),
    ],
)
def test_words_drop_the_wrapping_unless_nothing_is_left(typed: str, kept: str) -> None:
    assert words(typed) == kept.split()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("https://www.Facebook.com/a/posts/1/?fbclid=x&id=7&utm_source=z#top", ["facebook.com/a/posts/1?id=7"]),
        ("xem (http://m.vnexpress.net/tin-1.html).", ["vnexpress.net/tin-1.html"]),
        ("#Minecrafthttps://t.co/AbC, pic.twitter.com/Xy", ["t.co/AbC", "pic.twitter.com/Xy"]),
        ("youtu.be/A1?si=q YOUTU.BE/A1", ["youtu.be/A1"]),
        ("a.b@c.com amazon.com 3.5/5 v.v", []),
        ("https://en.wikipedia.org/wiki/A_(b)", ["en.wikipedia.org/wiki/A_(b)"]),
    ],
)
def test_links_are_canonical_and_once(typed: str, found: list[str]) -> None:
    assert links(typed) == found


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("1.000 và 1,000 và 1000 đồng", {"1000"}),
        ("1,5 triệu", {"1500000"}),
        ("5 triệu = 5.000.000", {"5000000"}),
        ("2 tỷ, 3 million, 50k", {"2000000000", "3000000", "50000"}),
        ("50 % hay 50 phần trăm hay 50 percent", {"50%"}),
        ("2/9/2025, 02-09-2025, 2025-09-02, ngày 2 tháng 9 năm 2025", {"2025-09-02"}),
        ("ngày 2/9", {"2/9"}),
        ("1.50 1,5", {"1.5"}),
        ("three men", {"3"}),
        ("Nghị định 356/2025/NĐ-CP", {"356/2025"}),
        ("https://x.vn/12345", set()),
        ("không có số", set()),
    ],
)
def test_numbers_have_one_spelling(typed: str, found: set[str]) -> None:
    assert numbers(typed) == found


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Uống nước chanh chữa ung thư", "vi"),
        ("uong nuoc chanh chua ung thu co dung khong", "vi"),
        ("den duong truoc nha em bi hong", "vi"),
        ("tin nay co that ko ad", "vi"),
        ("Ngày mai", "vi"),
        ("The street light is broken", "en"),
        ("Does lemon water cure cancer?", "en"),
        ("Trump wins", "en"),
        ("Pothole on Main Street", "en"),
        ("", "vi"),
    ],
)
def test_guess_lang_knows_vietnamese_without_diacritics(text: str, lang: str) -> None:
    assert guess_lang(text) == lang


@given(sentences)
def test_fingerprint_does_not_see_how_it_was_typed(text: str) -> None:
    plain = fingerprint(text, kind="claim", place="Xã A")

    spelt = [
        fold(text),
        text.upper(),
        unicodedata.normalize("NFD", text),
        f"  {text.replace(' ', '   ')} ?!\n",
        text.replace(" ", ", "),
    ]
    assert {fingerprint(one, kind="claim", place="xa a") for one in spelt} == {plain}


def test_fingerprint_sees_kind_place_words_numbers_and_links() -> None:
    asked = [
        fingerprint("phạt 5 triệu", kind="claim"),
        fingerprint("phạt 5 triệu", kind="problem"),
        fingerprint("phạt 5 triệu", kind="claim", place="Xã A"),
        fingerprint("phạt 6 triệu", kind="claim"),
        fingerprint("phạt 5 triệu https://x.vn/1", kind="claim"),
        fingerprint("🔥🔥", kind="claim"),
        fingerprint("😀", kind="claim"),
    ]

    assert len(set(asked)) == len(asked)
    assert {len(one) for one in asked} == {64}


@pytest.mark.parametrize(
    ("text", "empty"),
    [
        ("", True),
        (" \t\n\u3000\u2003", True),
        ("\ufeff", True),
        ("\u200b\u202e\x00", True),
        ("?", False),
        ("🔥", False),
    ],
)
def test_is_empty_means_nothing_to_read(text: str, empty: bool) -> None:
    assert is_empty(text) is empty


@pytest.mark.parametrize(
    ("text", "binary"),
    [
        ("Đèn đường hỏng\r\n\t", False),
        ("a\x00b", True),
        ("\x89PNG\x1a\x01\x02\x03\x04", True),
        ("\ufffd" * 30 + "text", True),
        ("một ký tự lạ \ufffd trong câu", False),
    ],
)
def test_is_binary_means_a_file_was_pasted(text: str, binary: bool) -> None:
    assert is_binary(text) is binary


def test_words_changed_shows_the_changed_words() -> None:
    changes = words_changed("Phạt 5 triệu đồng", "Phạt 50 triệu đồng")

    assert changes == [
        Change("same", "Phạt "),
        Change("removed", "5"),
        Change("added", "50"),
        Change("same", " triệu đồng"),
    ]


@given(st.text("ab \n", max_size=60), st.text("ab \n", max_size=60))
def test_words_changed_joins_to_both_texts(old: str, new: str) -> None:
    changes = words_changed(old, new)

    assert "".join(change.text for change in changes if change.kind != "removed") == new
    assert "".join(change.text for change in changes if change.kind != "added") == old


@settings(max_examples=50)
@given(anything)
def test_no_function_refuses_a_text(text: str) -> None:
    for name in ("normal", "fold", "words", "links", "numbers", "guess_lang", "is_empty", "is_binary"):
        getattr(engine_text, name)(text)
    fingerprint(text, kind="claim", place=text)
