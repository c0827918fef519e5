"""Builds bench/redaction/lines.jsonl: the lines written one by one, and lines that a seeded generator makes.

Run: python -m bench.redact_lines. Change written.txt or this file, never lines.jsonl.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

from bench import redact_values as values
from bench.redact_values import Typing

FOLDER = Path(__file__).parent / "redaction"
WRITTEN, LINES = FOLDER / "written.txt", FOLDER / "lines.jsonl"
SEED = 20261127
TUNED, SEEN, HELD_OUT = "tuned", "seen_later", "held_out"
_PARTS = {f"# {part.replace('_', ' ')}": part for part in (SEEN, HELD_OUT)}
_MARKED = re.compile(r"\{([a-z-]+)\|([^{}]*(?:\{[^{}|]*\}[^{}]*)*)\}")
Make = Callable[[Random], str]

# kind, language, how often in each part, what makes it, in what sentences, in which ways it can be typed
PHONE_VI = [
    "Gọi {} giúp tôi.",
    "Số của tôi là {} nhé",
    "sđt {} zalo luôn",
    "Ai mất ví thì liên hệ {}",
    "hôm 5/9 có số {} gọi lừa",
]
PHONE_VI_HELD = [
    "Báo {} khi có điện",
    "nhà tôi ở gần chợ, máy {}",
    "Số lạ {} nhắn tin trúng xe",
    "{} là của tổ trưởng, gọi trước 21h",
]
PHONE_EN = ["Call {} about the leak.", "my number: {}", "They rang from {} twice", "text {} please"]
PHONE_EN_HELD = ["Try {} in the evening", "the scam came from {} on 5 May 2026", "{} is our caretaker"]
ID_VI = ["CCCD {} tra ở đâu?", "Số căn cước của tôi: {}", "cmnd {} bị mờ", "họ lấy số định danh {} đi vay"]
ID_VI_HELD = [
    "căn cước công dân mang số {} sai ngày sinh",
    "Chứng minh nhân dân {} cấp ở quê",
    "giấy phép lái xe {} mất rồi",
]
ID_EN = ["My national ID is {}, is it valid?", "ID number {} was leaked"]
ID_EN_HELD = ["citizen ID {} was copied", "the identity card {} is lost"]
MAIL = ["Gửi ảnh vào {} nhé", "mail tôi: {}", "Thư tới {} bị trả lại", "Nhận được thư lạ từ {}"]
MAIL_HELD = ["Ai có {} thì báo tôi", "liên hệ qua thư điện tử {} trước thứ sáu", "{} hỏi mật khẩu của tôi"]
BANK = [
    "Chuyển vào STK {} có an toàn?",
    "số tài khoản {} là của ai",
    "tk Vietcombank {} lừa cọc",
    "nạp tiền vào tài khoản {}",
]
BANK_HELD = ["Họ cho số tk {} ở BIDV", "bank account {} asked for a deposit", "ủng hộ Techcombank {}"]
CARD = ["Thẻ {} bị trừ tiền lạ", "visa {} hết hạn", "The card {} was charged twice", "số thẻ của tôi {}"]
CARD_HELD = ["mất thẻ {} thì khóa ở đâu", "somebody used {} abroad"]
PLATE = [
    "Xe {} đỗ trước cổng trường",
    "biển số {} chạy ngược chiều",
    "chiếc {} xả khói đen",
    "taxi {} không bật đồng hồ",
]
PLATE_HELD = ["Sáng nay {} vượt đèn đỏ", "cho hỏi ô tô {} có bị phạt nguội", "bks {} đậu qua đêm"]
INSURED = ["Thẻ BHYT {} hết hạn", "mã thẻ {} báo trùng"]
INSURED_HELD = ["bảo hiểm y tế {} của cháu chưa có"]
PASSPORT = ["Hộ chiếu {} còn hạn 5 tháng", "passport {} was lost"]
PASSPORT_HELD = ["số hộ chiếu {} bị ghi sai"]
HANDLE = ["Trang {} đăng tin giả", "theo {} thì mai cúp điện", "See {} for the rumour"]
HANDLE_HELD = ["bài của {} có đúng không"]
POSITION = ["Ổ gà ở {}", "toạ độ {} có cây đổ", "broken bench at {}"]
POSITION_HELD = ["ngập ở điểm {} sáng nay"]
NAME = [
    "Ông {} tổ trưởng thu tiền",
    "bà {} bán hàng lấn vỉa hè",
    "Nghe nói {} bị khởi tố?",
    "cô giáo {} dạy thêm",
    "Anh {} nuôi chó thả rông",
]
NAME_HELD = [
    "chị {} cho vay nặng lãi",
    "Tôi là {}, ở tổ 7",
    "thầy {} nói năm sau bỏ thi",
    "Công an mời {} lên làm việc",
]
NAME_EN = ["Mr {} parks there every day", "Ask {} about the key", "my neighbour {} says so"]
NAME_EN_HELD = ["Dr {} signed it", "it was {} who told me"]
HOME = ["Đèn hỏng trước {}", "rác đổ ở cửa {}", "Nhà tôi ở {} mất nước"]
HOME_HELD = ["cột điện cạnh {} nghiêng", "{} xây không phép"]
HOME_EN = ["Rubbish outside {}", "my house, {}, has no water"]
HOME_EN_HELD = ["the noise comes from {}"]
NUMBERS = values.NUMBER_TYPINGS
NO_WORDS = tuple(each for each in NUMBERS if each not in (values.spelled, values.half_spelled))
HELD = values.HELD_TYPINGS
WITH_CODE, SAID, WIDE, UNSEEN = (values.with_code,), (values.english_spelled,), (values.full_width,), (values.unseen,)
SHOUTED, SMALL = (lambda text, _: text.upper(),), (lambda text, _: text.lower(),)
MADE: tuple[tuple[str, str, int, Make, Sequence[str], Sequence[str], Sequence[Typing], Sequence[Typing]], ...] = (
    ("phone", "vi", 60, values.mobile, PHONE_VI, PHONE_VI_HELD, NUMBERS + WITH_CODE, HELD + WITH_CODE),
    ("phone", "vi", 10, values.landline, PHONE_VI, PHONE_VI_HELD, WIDE, WIDE),
    ("phone", "en", 16, values.mobile, PHONE_EN, PHONE_EN_HELD, SAID + WITH_CODE, SAID),
    ("phone", "en", 16, values.american, PHONE_EN, PHONE_EN_HELD, WIDE, WIDE),
    ("phone", "en", 8, values.abroad, PHONE_EN, PHONE_EN_HELD, UNSEEN, WIDE),
    ("id", "vi", 40, values.citizen, ID_VI, ID_VI_HELD, NUMBERS, HELD),
    ("id", "vi", 20, values.old_id, ID_VI, ID_VI_HELD, NO_WORDS, HELD),
    ("id", "en", 14, values.citizen, ID_EN, ID_EN_HELD, NO_WORDS, HELD[:3]),
    ("e-mail", "vi", 50, values.e_mail, MAIL, MAIL_HELD, (values.said_mail,), (values.said_mail, values.unseen)),
    ("bank", "vi", 36, values.account, BANK, BANK_HELD, NO_WORDS, HELD[:3]),
    ("card", "vi", 30, values.card, CARD, CARD_HELD, (values.full_width, values.unseen, values.one_by_one), HELD[:2]),
    ("plate", "vi", 44, values.plate, PLATE, PLATE_HELD, (values.loose_plate,), (values.loose_plate,)),
    ("insurance", "vi", 20, values.insured, INSURED, INSURED_HELD, WIDE, UNSEEN),
    ("passport", "vi", 16, values.passport, PASSPORT, PASSPORT_HELD, WIDE, UNSEEN),
    ("account", "vi", 24, values.handle, HANDLE, HANDLE_HELD, UNSEEN, UNSEEN),
    ("location", "vi", 20, values.position, POSITION, POSITION_HELD, WIDE, WIDE),
    ("name", "vi", 40, values.person, NAME, NAME_HELD, SHOUTED, SHOUTED),
    ("name", "en", 16, values.english_person, NAME_EN, NAME_EN_HELD, (), ()),
    ("address", "vi", 30, values.home, HOME, HOME_HELD, SMALL, SMALL),
    ("address", "en", 14, values.english_home, HOME_EN, HOME_EN_HELD, SMALL, ()),
)  # fmt: skip

NOTHING: dict[str, tuple[str, ...]] = {
    TUNED: (
        "Nghị định {a}/2025/NĐ-CP ngày {d:02}/{m:02}/2025 quy định gì?",
        "Luật số {a}/2024/QH15 có hiệu lực từ {d:02}.{m:02}.2025",
        "phạt {a}.{b:03}.000 đồng đúng không?", "Giá {a}.{b:03} đ/kg, tăng {p},{q}%", "hồ sơ 2026-{n:06} chưa trả lời",
        "Tổng đài 1900 {y:04} có mất phí?", "gọi 1800 {y:04} miễn phí, hay {s}?",
        "Lúc {h:02}:{i:02} ngày {d:02}-{m:02}-2026",
        "Có {a}{b:03}{c:03} người dùng, {b} lượt mỗi giờ", "Thông tư {a}/2023/TT-BYT, điều {p} khoản {q}",
        "The fine is {a},{b:03},000 VND since 2026-{m:02}-{d:02}", "Case 2026-{n:06} and M2026-{n:06}",
        "Decree {a}/2025/ND-CP, article {p}, {a} pages", "Bus {a} leaves at {h:02}.{i:02} from gate {p}{q}",
    ),
    SEEN: (
        "Quyết định {y}/QĐ-UBND ngày {d}/{m}/2024 còn hiệu lực?", "Nghị quyết {a}/NQ-HĐND kỳ họp thứ {p}",
        "thu {a}.{b:03}.{c:03} đồng một hộ là sai", "lương {a}.{b:03}.000đ x {p} tháng = {c} triệu",
        "Mã vụ M2026-{n:06}, xem lại 2025-{n:06}", "khai giảng {h}h{i:02} ngày {d:02}.{m:02}.2026 có {a} em",
        "diện tích {a}.{b:03},{p} m2, cao {q} m", "hotline 1900{y:04} và {s} bận suốt",
        "Budget {a},{b:03},{c:03} dollars, up {p}.{q}% in 2025-2026", "Law {a}/2023/QH15 Article {p}.{q}",
    ),
}  # fmt: skip
NOTHING_MADE = {TUNED: 120, SEEN: 50}
SHORT_NUMBERS = ("113", "114", "115", "111", "1022")


def built() -> str:
    """The file as it must be, one JSON object a line."""
    rows = [*_written(), *_made(TUNED, Random(SEED)), *_made(SEEN, Random(SEED + 1))]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def rows() -> list[dict[str, Any]]:
    """The lines as they are in the file."""
    return [json.loads(line) for line in LINES.read_text(encoding="utf-8").split("\n") if line]


def _written() -> Iterator[dict[str, Any]]:
    part, count = TUNED, 0
    for line in WRITTEN.read_text(encoding="utf-8").split("\n"):
        if line.startswith("#"):
            part = _PARTS.get(line, part)
        elif line:
            count += 1
            head, _, marked = line.partition(" ")
            yield _row(f"w{count:03}", head[:2], marked, hard=head.endswith("!"), part=part)


def _row(name: str, lang: str, marked: str, *, hard: bool, part: str) -> dict[str, Any]:
    text, spans, at = "", [], 0
    for match in _MARKED.finditer(marked):
        text += marked[at : match.start()]
        spans.append({"start": len(text), "end": len(text) + len(match[2]), "kind": match[1]})
        text += match[2]
        at = match.end()
    return {"id": name, "lang": lang, "text": text + marked[at:], "spans": spans, "hard": hard, "part": part}


def _made(part: str, rng: Random) -> Iterator[dict[str, Any]]:
    count = 0
    for kind, lang, often, make, sentences, held_sentences, typings, held_typings in MADE:
        told, ways = (sentences, typings) if part == TUNED else (held_sentences, held_typings)
        for n in range(often if part == TUNED else often // 2):
            count += 1
            hard = bool(ways) and n % 2 == 0
            value = make(rng)
            value = rng.choice(ways)(value, rng) if hard else value
            marked = rng.choice(told).format(f"{{{kind}|{value}}}")
            yield _row(f"{part[0]}{count:04}", lang, marked, hard=hard, part=part)
    for sentence in _nothing(part, rng):
        count += 1
        yield _row(f"{part[0]}{count:04}", "vi" if not sentence.isascii() else "en", sentence, hard=True, part=part)


def _nothing(part: str, rng: Random) -> Iterator[str]:
    for _ in range(NOTHING_MADE[part]):
        yield rng.choice(NOTHING[part]).format(
            a=rng.randrange(1, 999), b=rng.randrange(1000), c=rng.randrange(1000), d=rng.randrange(1, 29),
            m=rng.randrange(1, 13), h=rng.randrange(24), i=rng.randrange(60), p=rng.randrange(1, 20),
            q=rng.randrange(10),
            n=rng.randrange(1, 999_999), y=rng.randrange(1000, 9999), s=rng.choice(SHORT_NUMBERS),
        )  # fmt: skip


if __name__ == "__main__":
    LINES.write_text(built(), encoding="utf-8")
    print(f"{LINES.name}: {len(rows())} lines")
