import time
import unicodedata

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sangto.engine import text as engine_text
from sangto.engine.syllable import is_syllable
from sangto.engine.text import (
    Change,
    fingerprint,
    fold,
    guess_lang,
    is_binary,
    is_empty,
    links,
    normal,
    raw_words,
    typed_with_diacritics,
    words,
    words_changed,
)

VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
vietnamese_like = st.lists(st.text(VIETNAMESE, min_size=2, max_size=7), min_size=1, max_size=12).map(" ".join)
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


@pytest.mark.parametrize("function", [normal, fold, words, links, is_empty])
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
        ("Thuốc này dùng không?", "thuoc nay dung"),
        ("Lá ổi chữa tiểu đường, đúng không ạ", "la oi chua tieu duong"),
        ("vitamin A, gen Z, liệt sĩ hi sinh", "vitamin a gen z liet si hi sinh"),
        ("#ChanhChữaUngThư #FAKENews", "chanh chua ung thu fake news"),
        ("Mất CCCD phạt 5tr hay 300 nghìn", "mat can cuoc cong dan phat 5000000 hay 300000"),
        ("疫苗有效", "疫苗 苗有 有效"),
        ("ไวรัส ๒๕", "ไวร วรั รัส 25"),
        ("ភាសា", "ភាស ាសា"),
        ("مَدْرَسَة في школе", "مدرسة في школе"),
        ("हिन्दी में", "हिन्दी में"),
    ],
)
def test_words_drop_the_wrapping_unless_nothing_is_left(typed: str, kept: str) -> None:
    assert words(typed) == kept.split()


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Nước dừa ko chữa HOÀ", "nước dừa không chữa hòa"),
        ("nuoc dua ddaau, cho em hỏi", "nuoc dua đâu"),
        ("phạt 5 triệu", "phạt 5000000"),
        ("Straße ﬁn", "straße fin"),
    ],
)
def test_raw_words_keep_the_diacritics(typed: str, written: str) -> None:
    assert raw_words(typed) == written.split()


@given(anything | vietnamese_like)
def test_raw_words_stand_one_to_one_with_words(text: str) -> None:
    assert len(raw_words(text)) == len(words(text))


@given(vietnamese_like)
def test_words_without_diacritics_are_the_same_or_read_as_chatter(text: str) -> None:
    written = [word for word in text.split() if is_syllable(word)]
    typed = " ".join(written)

    bare_words = "".join(char for char in unicodedata.normalize("NFD", typed) if not unicodedata.combining(char))

    if raw_words(typed) == written:
        assert set(words(bare_words.replace("đ", "d"))) <= set(words(typed))


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Nước dừa chữa bệnh", True),
        ("nuoc dua chua benh", False),
        ("nuoc dua chua benh ở ha noi", True),
        ("Is it true that coconuts cure cancer at Đà Nẵng", True),
        ("", False),
        ("123 456", False),
    ],
)
def test_typed_with_diacritics(text: str, typed: bool) -> None:
    assert typed_with_diacritics(text) is typed


@pytest.mark.parametrize(
    "hostile",
    [
        "a" * 4000,
        "k" * 4000,
        "đ" * 4000,
        "1" * 4000,
        "không " * 1000,
        "a." * 2000,
        "#aB" * 1500,
        "疫" * 4000,
        "ก" * 4000,
        "🔥" * 4000,
    ]
    + ["https://a.vn/" + "x" * 4000, "a\u0301ก疫я1" * 700, "#" * 4000, "cho em hỏi " * 400, "(" * 4000],
)
def test_hostile_texts_are_read_in_less_than_a_second(hostile: str) -> None:
    start = time.thread_time()

    words(hostile), fold(hostile), fingerprint(hostile, kind="claim")

    assert time.thread_time() - start < 1


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


@given(vietnamese_like)
def test_fingerprint_does_not_see_how_it_was_typed(text: str) -> None:
    # A call such as "ơ" or "dạ" is known by its diacritics alone: without them it is a word like any other.
    assume(words(text) == words(fold(text)))
    plain = fingerprint(text, kind="claim", place="Xã A")

    spelt = [
        fold(text),
        text.upper(),
        unicodedata.normalize("NFD", text),
        f"  {text.replace(' ', '   ')} ?!\n",
        text.replace(" ", ", "),
    ]
    assert {fingerprint(one, kind="claim", place="xa a") for one in spelt} == {plain}


@pytest.mark.parametrize(
    "wrapping",
    [
        "Cho em hỏi {} có đúng không ạ?",
        "Ad ơi, nghe nói {}, thật không vậy ad",
        "CHIA SẺ NGAY!!! {}",
        "Đã chuyển tiếp nhiều lần: {}. Hãy chia sẻ cho 10 người bạn. Em cảm ơn",
        "Is it true that {}? A friend sent me this",
        "Fwd: {} 😱😱 Share with 10 friends now!",
        "Có phải {} không",
    ],
)
def test_fingerprint_does_not_see_the_wrapping(wrapping: str) -> None:
    claim = "uống nước chanh chữa ung thư"

    assert fingerprint(wrapping.format(claim), kind="claim") == fingerprint(claim, kind="claim")


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
        ("a\x00b", False),
        ("a\x00\x00\x00b", True),
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
    for name in ("normal", "fold", "words", "raw_words", "links", "guess_lang", "is_empty", "is_binary"):
        getattr(engine_text, name)(text)
    fingerprint(text, kind="claim", place=text)
