import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.redact_speed import HOSTILE, hostile, taken
from sangto.engine.redact import Redacted, highlights, masking, redact

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
    ("không chín một hai ba bốn năm sáu bảy tám nha", "[phone] nha", ("phone",)),
    ("call oh nine one two three four five six seven eight", "call [phone]", ("phone",)),
    ("O9l2 345 678, 0️⃣9️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣", "[phone], [phone]", ("phone",) * 2),
    ("0912/345/678, (0912) 345-678, 09 một hai 345 678", "[phone], [phone], [phone]", ("phone",) * 3),
    ("ba 0912345678 năm nay", "ba [phone] năm nay", ("phone",)),
    ("SSN 078-05-1120, cmnd 024 123 456", "SSN [id], cmnd [id]", ("id",) * 2),
    ("ten a còng gmail chấm com, ten[@]congty[.]vn", "[e-mail], [e-mail]", ("e-mail",) * 2),
    ("ten @ gmail . com; ten at gmail dot com", "[e-mail]; [e-mail]", ("e-mail",) * 2),
    ("IBAN DE89 3704 0044 0532 0130 00", "IBAN [bank]", ("bank",)),
    ("xe 29A-123.45, 51F1-234.56, 30 A1 12345, 29a12345", "xe [plate], [plate], [plate], [plate]", ("plate",) * 4),
    ("license plate ABC-1234, 80-123-NG-45", "license plate [plate], [plate]", ("plate",) * 2),
    ("GD4 01 0123456789 và thẻ bhyt 0123456789", "[insurance] và thẻ bhyt [insurance]", ("insurance",) * 2),
    ("hộ chiếu B1234567, passport no 12345678", "hộ chiếu [passport], passport no [passport]", ("passport",) * 2),
    ("ở 10.762622, 106.660172", "ở [location]", ("location",)),
    ("10°45'45.4\"N 106°39'36.6\"E; geo:10.76,106.66", "[location]; [location]", ("location",) * 2),
    ("https://www.google.com/maps/@10.76262,106.66017,17z", "[location]", ("location",)),
    ("https://maps.app.goo.gl/abc, 7P28QM7C+22", "[location], [location]", ("location",) * 2),
    ("fb: ai.do.99", "fb: [account]", ("account",)),
    ("https://medium.com/@ai.do/bai-1", "https://medium.com", ("link",)),
    ("https://www.linkedin.com/in/ai-do https://wa.me/84912345678", "[account] [account]", ("account",) * 2),
    ("https://a.vn/b?sdt=0912345678", "https://a.vn/b?sdt=[phone]", ("phone",)),
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
    "ngày 05.09.2025 10:30, 05-09-2025 100 em, năm học 2025-2026",
    "xổ số 05 12 18 27 33 41 và 08 12 15 20 25 30",
    "điện thoại 12.500.000 đồng, MST 0312345678-001, mã vạch 8934563138165",
    "1-800-273-8255, 1800 6116, 1022",
    "hồ sơ 2026-000123, M2026-000123, gọi về vụ 2026-000123",
    "tỷ giá 1.0845, 1.0912; có 902863789 người dùng",
    "https://tuoitre.vn/dien-20250905101112345.htm https://vnexpress.net/tin-4111111111111111.html",
    "năm 2019 không ba má, hai chị em, một hai ba bốn năm",
    "căn 12B-1205, lớp 10A1 12345, lúc 10h 30000 người, gói 50K 10.000",
    "Đọc tài khoản ngân hàng có 150.000.000 đồng",
    "mã vận đơn 4111 1111 1111 1112",
    "mở tài khoản ngân hàng từ năm 2026",
    "[phone] [id] [e-mail] [card] [account] [bank] [plate] [insurance] [passport] [location]",
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


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text("09 .-@/(+a—)", max_size=14), max_size=8).map("".join))
def test_redact_twice_changes_nothing(text: str) -> None:
    once = redact(text).text

    assert redact(once) == Redacted(text=once, found=())


@pytest.mark.parametrize("unit", HOSTILE)
@pytest.mark.parametrize("act", [redact, highlights])
def test_four_times_the_text_takes_about_four_times_as_long(act, unit: str) -> None:
    short, long = hostile(unit, 6_000), hostile(unit, 24_000)
    act(short)

    # Quadratic time would be sixteen times as long; what is over in a few milliseconds is not told from noise.
    assert taken(lambda: act(long)) < 10 * max(taken(lambda: act(short)), 4.0)


def test_text_with_more_to_mask_than_one_pass_can_is_finished() -> None:
    text = "stk 111111, 222222, 333333 " * 50 + "0912345678 " * 200

    once = redact(text)

    assert redact(once.text) == Redacted(text=once.text, found=())
    assert once.found.count("phone") == 200


def test_spans_say_what_was_masked_in_the_text_as_it_came() -> None:
    text = "Gọi ０９１２\u200b345678 nhé, thư a@b.vn"

    spans = [(text[one.start : one.end], one.kind) for one in redact(text).spans]

    assert spans == [("０９１２\u200b345678", "phone"), ("a@b.vn", "e-mail")]


def test_every_mask_is_one_that_no_pattern_goes_through() -> None:
    kinds = {one.kind for _, recognisers in masking.STEPS for one in recognisers} - {"signature"}
    text = " ".join(f"stk cccd gọi [{kind}]" for kind in sorted(kinds))

    assert len(kinds) == 10
    assert redact(text) == Redacted(text=text, found=())
