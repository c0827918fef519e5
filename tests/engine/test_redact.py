import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sangto.engine.redact import Redacted, redact

# No number, name or account here belongs to a person: made up, or a documented test number.
MASKED = [
    ("gọi 0912345678 nhé", "gọi [phone] nhé", ("phone",)),
    ("0912 345 678, 0912.345.678, 0912-345-678", "[phone], [phone], [phone]", ("phone",) * 3),
    ("+84 912 345 678 / +84 (0)912 345 678 / 84912345678", "[phone] / [phone] / [phone]", ("phone",) * 3),
    ("０９１２３４５６７８ và O912345678", "[phone] và [phone]", ("phone",) * 2),
    ("09\u200b12\u200d345\u2060678", "[phone]", ("phone",)),
    ("bàn 024 3825 1234 và +1 202-555-0143", "bàn [phone] và [phone]", ("phone",) * 2),
    ("ngày 02.09.2025 0912345678", "ngày 02.09.2025 [phone]", ("phone",)),
    ("CCCD 001203000123", "CCCD [id]", ("id",)),
    ("căn cước 079 203 000 123, cmnd số 123456789", "căn cước [id], cmnd số [id]", ("id",) * 2),
    ("thư a.b-c@mail.example.com.vn nhé", "thư [e-mail] nhé", ("e-mail",)),
    ("ten (at) example (dot) com", "[e-mail]", ("e-mail",)),
    ("thẻ 4111 1111 1111 1111", "thẻ [card]", ("card",)),
    ("chuyển vào STK 19034567890123 ngân hàng Mẫu", "chuyển vào STK [bank] ngân hàng Mẫu", ("bank",)),
    (
        "so tai khoan: 0011 0045 67890, account number 123456789012",
        "so tai khoan: [bank], account number [bank]",
        ("bank",) * 2,
    ),
    ("0351234567 0561234567 0771234567 0881234567", "[phone] [phone] [phone] [phone]", ("phone",) * 4),
    ("gọi 202-555-0143", "gọi [phone]", ("phone",)),
    ("theo @nguoi.nao nói", "theo [account] nói", ("account",)),
    ("@mot@hai@ba" * 9, "[account]", ("account",)),
    ("https://www.facebook.com/ai.do?fbclid=1", "[account]", ("account",)),
    ("facebook.com/profile.php?id=1000, zalo.me/0912345678", "[account], [account]", ("account",) * 2),
    ("https://t.me/ai_do https://youtube.com/@ai https://x.com/ai", "[account] [account] [account]", ("account",) * 3),
    ("https://www.facebook.com/ai.do/posts/123?x=1", "https://facebook.com/posts/123", ("link",)),
    ("https://tiktok.com/@ai/video/77?_r=1", "https://tiktok.com/video/77", ("link",)),
    ("twitter.com/ai/status/99?s=20", "x.com/i/status/99", ("link",)),
    ("https://vnexpress.net/tin?id=2&utm_source=zalo#a", "https://vnexpress.net/tin?id=2", ("link",)),
    ("Mất điện! — Ai Đó (@ai_do) February 25, 2016", "Mất điện!", ("signature",)),
    ("Power cut — (((Ai Do))) )0( (@ai_do)", "Power cut", ("signature",)),
    ("Power cut. - Ai Do (@ai_do) May 6, 2019", "Power cut.", ("signature",)),
]
KEPT = [
    "gọi 113, 114, 115, 111, 1900 1234, 18001091, 1900.545.415",
    "Nghị định 356/2025/NĐ-CP ngày 02/09/2025, 2025-09-02 10:30",
    "phạt 150.000.000 đồng, 100000000, 1.000.000.000.000 đ, 250000000 VND, 123456789 đồng",
    "tăng 12,5% từ 2019-2025, số nhà 123/45/6",
    "https://youtu.be/dQw4w9WgXcQ https://moh.gov.vn/tin-1",
    "Covid-19 — dịch bệnh (2020) và 5G",
    "Giá 1 @ 5",
    "mã vận đơn 4111 1111 1111 1112",
    "mở tài khoản ngân hàng từ năm 2026",
    "[phone] [id] [e-mail] [card] [account] [bank]",
]


@pytest.mark.parametrize(("text", "masked", "found"), MASKED)
def test_redact_masks_personal_data(text: str, masked: str, found: tuple[str, ...]) -> None:
    assert redact(text) == Redacted(text=masked, found=found)


@pytest.mark.parametrize("text", KEPT)
def test_redact_keeps_what_is_public(text: str) -> None:
    assert redact(text) == Redacted(text=text, found=())


PIECES = (
    [text for text, _, _ in MASKED] + KEPT + ["@", "(", "+84", "0", "912", ".", " ", "/", "—", "(@", "https://", "\n"]
)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES) | st.text("09 .-@/(+a—)", max_size=14), max_size=8).map("".join))
def test_redact_twice_changes_nothing(text: str) -> None:
    once = redact(text).text

    assert redact(once) == Redacted(text=once, found=())


@pytest.mark.parametrize(
    "unit",
    ["a", "0", "9", "1 ", "0.", "@", "@a", "a@", "a.", "—", "— (", "(@", "+8", "+84 ", "cccd ", "https://", "a.com/"]
    + ["facebook.com/", "1-", "(at)", "\u200b", "０", "\u0301", "—(a)", "/posts/", "cmnd1", " "],
)
def test_redact_takes_linear_time(unit: str) -> None:
    text = (unit * 100_000)[:100_000]

    start = time.thread_time()
    redact(text)

    assert time.thread_time() - start < 1.5
