"""Invented numbers of valid shape, and the ways in which people type them, all drawn from the generator given."""

from collections.abc import Callable
from random import Random


def _words(text: str, between: str | None = None) -> list[str]:
    return text.split(between)


VI = _words("không một hai ba bốn năm sáu bảy tám chín")
VI_BARE = _words("khong mot hai ba bon nam sau bay tam chin")
EN = _words("zero one two three four five six seven eight nine")
SURNAMES = _words("Nguyễn Trần Lê Phạm Huỳnh Hoàng Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đào Đoàn Trịnh Mai")
MIDDLES = _words("Văn Thị Hữu Đức Minh Ngọc Thanh Quốc Gia Thu Kim Xuân Bảo Anh")
GIVENS = _words(
    "An Bình Châu Dũng Giang Hạnh Hùng Khánh Lan Linh Long Mai Nam Nga Phúc Quân Sơn Thảo Trang Tuấn Vy Yến"
)
STREETS = _words("Hoa Sữa,Cây Keo,Ven Sông,Bàu Sen,Đồng Khởi Nghĩa,Hoa Lư,Chùa Cầu,Lá Xanh,Bến Đò,Núi Đôi", ",")
WARDS = _words("Sông Xanh,An Lạc,Bình Minh,Hoà Thuận,Phú Mỹ,Tân Lập", ",")
ENGLISH_FIRST = _words("James Mary Robert Linda Michael Susan William Karen Daniel Nancy Thomas Laura Paul Helen")
ENGLISH_LAST = _words("Smith Brown Taylor Walker Hughes Parker Cooper Bennett Foster Palmer Reed Morgan")
ENGLISH_STREETS = _words("Oak Maple Willow Mill Church Station Garden Hill River Park")
ENGLISH_WAYS = _words("Street Road Avenue Lane Drive St Rd Ave")


def digits(rng: Random, count: int) -> str:
    return "".join(str(rng.randrange(10)) for _ in range(count))


def mobile(rng: Random) -> str:
    return "0" + rng.choice(_words("3 5 7 8 9")) + digits(rng, 8)


def citizen(rng: Random) -> str:
    return f"{rng.randrange(1, 97):03}{rng.randrange(4)}{digits(rng, 8)}"


def old_id(rng: Random) -> str:
    return f"{rng.randrange(1, 39):02}{digits(rng, 6)}{rng.randrange(1, 10)}"


def account(rng: Random) -> str:
    return digits(rng, rng.choice([10, 12, 13, 14])).rstrip("0") + str(rng.randrange(1, 10))


def card(rng: Random) -> str:
    body = rng.choice(_words("4 51 53 55 4 22"))
    body += digits(rng, 15 - len(body))
    doubled = [int(char) * (1 + n % 2) for n, char in enumerate(reversed(body), start=1)]
    return body + str(-sum(digit - 9 * (digit > 9) for digit in doubled) % 10)


def plate(rng: Random) -> str:
    province, series = rng.choice(_words("14 15 29 30 36 37 43 51 59 61 65 72 75 88 92")), rng.choice("ABCDEFGHKLM")
    number = f"{digits(rng, 3)}.{digits(rng, 2)}"
    return (
        f"{province}{series}-{number}" if rng.random() < 0.6 else f"{province}{series}{rng.randrange(1, 10)}-{number}"
    )


def insured(rng: Random) -> str:
    group = rng.choice(["DN", "HS", "GD", "TE", "HT", "CH", "SV", "HN"])
    return f"{group}{rng.randrange(1, 6)}{rng.randrange(1, 97):02}{digits(rng, 10)}"


def passport(rng: Random) -> str:
    return rng.choice("BCNPK") + digits(rng, 7)


def position(rng: Random) -> str:
    return f"{rng.uniform(8.6, 23.3):.6f}, {rng.uniform(102.2, 109.4):.6f}"


def e_mail(rng: Random) -> str:
    name = rng.choice(_words("lan.pham minh_85 hoa-tran tuan.le2 desk info bich99 quan.do"))
    return f"{name}@{rng.choice(['gmail.com', 'yahoo.com.vn', 'example.org', 'congty.vn', 'truong.edu.vn'])}"


def handle(rng: Random) -> str:
    name = rng.choice(_words("tin.nong soi_tin be.na co.ba shop_re vui.ve")) + digits(rng, 2)
    return rng.choice(["@{}", "https://www.facebook.com/{}", "https://www.tiktok.com/@{}", "t.me/{}"]).format(name)


def person(rng: Random) -> str:
    return f"{rng.choice(SURNAMES)} {rng.choice(MIDDLES)} {rng.choice(GIVENS)}"


def home(rng: Random) -> str:
    number = f"{rng.randrange(1, 200)}{rng.choice(['', '', '/3', '/12/4', 'B'])}"
    before = rng.choice(["số {}", "số nhà {}", "nhà {}", "số {} ngõ 5", "nhà số {} hẻm 12"]).format(number)
    return f"{before} đường {rng.choice(STREETS)}, phường {rng.choice(WARDS)}"


def english_person(rng: Random) -> str:
    return f"{rng.choice(ENGLISH_FIRST)} {rng.choice(ENGLISH_LAST)}"


def english_home(rng: Random) -> str:
    return f"{rng.randrange(1, 400)} {rng.choice(ENGLISH_STREETS)} {rng.choice(ENGLISH_WAYS)}"


def american(rng: Random) -> str:
    return f"({rng.randrange(201, 799)}) 555-01{digits(rng, 2)}"


def abroad(rng: Random) -> str:
    return rng.choice(["+44 7700 900{}", "+61 491 570 {}", "+65 6123 4{}", "+33 1 99 00 1{}"]).format(digits(rng, 3))


def landline(rng: Random) -> str:
    area = rng.choice(["024", "028", "0236", "0251", "(024)", "(0292)"])
    return f"{area} 3{digits(rng, 3)} {digits(rng, 10 - sum(char.isdecimal() for char in area) - 3)}"


def grouped(value: str, rng: Random, between: str = " .-") -> str:
    """The digits in groups, with one sort of space, dot or dash."""
    mark, groups, at = rng.choice(between), [], 0
    while at < len(value):
        size = rng.choice([2, 3, 3, 4])
        groups.append(value[at : at + size])
        at += size
    return mark.join(groups)


def full_width(value: str, rng: Random) -> str:
    return "".join(chr(ord(char) + 0xFEE0) if char.isdecimal() else char for char in value)


def unseen(value: str, rng: Random) -> str:
    return "".join(char + rng.choice(["", "\u200b", "\u200d", "\u2060", "\u00ad"]) for char in value[:-1]) + value[-1]


def alike(value: str, rng: Random) -> str:
    """Letters for some zeros and ones; the digits stay one group."""
    return "".join(rng.choice([char, {"0": "O", "1": "l"}[char]]) if char in "01" else char for char in value)


def spelled(value: str, rng: Random) -> str:
    words = rng.choice([VI, VI, VI_BARE])
    return " ".join(words[int(char)] for char in value)


def half_spelled(value: str, rng: Random) -> str:
    at = rng.randrange(2, 6)
    words = rng.choice([VI, VI_BARE])
    return f"{value[:at]} {' '.join(words[int(char)] for char in value[at : at + 3])} {value[at + 3 :]}"


def english_spelled(value: str, rng: Random) -> str:
    words = [rng.choice(["oh", "zero"]), *EN[1:]]
    return " ".join(words[int(char)] for char in value)


def keycaps(value: str, rng: Random) -> str:
    return "".join(f"{char}\ufe0f\u20e3" for char in value)


def one_by_one(value: str, rng: Random) -> str:
    return rng.choice(" .-").join(value)


def odd_marks(value: str, rng: Random) -> str:
    mark = rng.choice(["\u2013", "\u2011", "\u00a0", " . ", " - ", "\u00b7"])
    return mark.join((value[:4], value[4:7], value[7:]))


def other_digits(value: str, rng: Random) -> str:
    zero = rng.choice([0x660, 0x966, 0x1D7CE, 0x1D7F6])
    return "".join(chr(zero + int(char)) for char in value)


def with_code(value: str, rng: Random) -> str:
    return rng.choice(["+84 ", "+84", "84 ", "0084 ", "+84 (0)"]) + grouped(value[1:], rng)


Typing = Callable[[str, Random], str]
NUMBER_TYPINGS: tuple[Typing, ...] = (
    grouped, full_width, unseen, alike, spelled, half_spelled, keycaps, one_by_one, odd_marks, other_digits,
)  # fmt: skip
HELD_TYPINGS: tuple[Typing, ...] = (
    lambda value, rng: full_width(grouped(value, rng), rng),
    lambda value, rng: unseen(one_by_one(value, rng), rng),
    lambda value, rng: alike(value[:4], rng) + " " + full_width(value[4:], rng),
    lambda value, rng: spelled(value, rng).upper(),
    lambda value, rng: grouped(unseen(value, rng), rng),
    half_spelled, spelled, alike, odd_marks,
)  # fmt: skip


def said_mail(value: str, rng: Random) -> str:
    at, dot = rng.choice([(" a còng ", " chấm "), (" (at) ", " (dot) "), ("[at]", "[dot]"), (" a cong ", " cham "),
                          ("{at}", "{dot}"), ("@", "[.]"), ("(@)", ".")])  # fmt: skip
    name, _, domain = value.partition("@")
    return name + at + domain.replace(".", dot)


def loose_plate(value: str, rng: Random) -> str:
    bare = value.replace("-", "").replace(".", "")
    return rng.choice(
        [bare, bare.lower(), value.replace("-", " "), value.replace("-", " - "), value.replace(".", " "), value.lower()]
    )
