"""Five hundred identifiers of nobody, each there once, and every way in which one could lie about in bytes."""

import base64
import json
import random
import string
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

import numpy as np

PREFIX = 8  # bytes of a form that are looked for first; shorter forms are not looked for
CHUNK = 4_000_000
PARTS = ("profile", "bank account")  # of what is typed the rest stays: the post a link leads to, the word "account"


@dataclass(frozen=True)
class Canary:
    """What was planted: its kind, as it was typed, and what of it must be nowhere."""

    kind: str
    typed: str
    secret: str


class Aviary:
    """Makes canaries, the same ones at each run."""

    def __init__(self) -> None:
        self._random = random.Random(500)
        self.made: list[Canary] = []

    def word(self, letters: int = 10) -> str:
        return "".join(self._random.choices(string.ascii_lowercase, k=letters))

    def digits(self, count: int) -> str:
        return "".join(self._random.choices(string.digits, k=count))

    def add(self, kind: str, typed: str, secret: str = "") -> str:
        """The canary as it is typed; `secret` where what must vanish is only a part of that."""
        self.made.append(Canary(kind, typed, secret or typed))
        return typed

    def phones(self, count: int) -> list[str]:
        made = []
        for shape, _ in zip(
            cycle(["0 {} {} {}", "0{}{}{}", "0{}.{}.{}", "+84 {} {} {}", "0{}-{}-{}", "full", "hidden"]), range(count)
        ):
            first, rest = self._random.choice("35789") + self.digits(2), (self.digits(3), self.digits(3))
            core = "".join((first, *rest))
            plain = f"0{core}"
            typed = {
                "full": plain.translate({ord(d): ord(d) + 0xFEE0 for d in string.digits}),
                "hidden": f"{plain[:4]}\u200b{plain[4:7]}\u200b{plain[7:]}",
            }.get(shape) or shape.format(first, *rest)
            made.append(self.add("phone", typed.replace("0 ", "0") if shape.startswith("0 ") else typed, core))
        return made

    def identity_numbers(self, count: int) -> list[str]:
        made = []
        for spaced, _ in zip(cycle((False, True)), range(count), strict=False):
            parts = [
                "0" + self.digits(2),
                self.digits(3),
                self.digits(3),
                self.digits(2) + self._random.choice("123456789"),
            ]
            made.append(self.add("identity number", (" " if spaced else "").join(parts), "".join(parts)))
        return made

    def mails(self, count: int) -> list[str]:
        shapes = cycle(("{0}.{1}@{2}.vn", "{0}_{1}@{2}.com.vn", "{0}{1} (at) {2} (dot) vn", "{0}+{1}@mail.{2}.org"))
        made = []
        for shape, _ in zip(shapes, range(count), strict=False):
            user = (self.word(6), self.word(6))
            made.append(
                self.add(
                    "e-mail", shape.format(*user, self.word(8)), shape.format(*user, "").split("@")[0].split(" (")[0]
                )
            )
        return made

    def cards(self, count: int) -> list[str]:
        made = []
        for spaced, _ in zip(cycle((False, True)), range(count), strict=False):
            body = "4" + self.digits(14)
            doubled = [int(digit) * 2 - 9 * (int(digit) > 4) for digit in body[::-2]]
            check = -(sum(doubled) + sum(map(int, body[-2::-2]))) % 10
            number = f"{body}{check}"
            typed = " ".join(number[at : at + 4] for at in range(0, 16, 4)) if spaced else number
            made.append(self.add("card", typed, number))
        return made

    def bank_accounts(self, count: int) -> list[str]:
        words = cycle(("stk", "số tài khoản", "so tai khoan", "số TK"))
        numbers = [self._random.choice("123456789") + self.digits(12) for _ in range(count)]
        return [
            self.add("bank account", f"{word} {number}", number) for word, number in zip(words, numbers, strict=False)
        ]

    def handles(self, count: int) -> list[str]:
        return [self.add("handle", f"@{self.word(9)}_{self.word(3)}") for _ in range(count)]

    def profiles(self, count: int) -> list[str]:
        shapes = cycle(
            ("https://www.facebook.com/{}", "facebook.com/{}", "https://www.tiktok.com/@{}", "https://x.com/{}",
             "https://www.instagram.com/{}/", "https://t.me/{}", "https://www.facebook.com/{}/posts/123456789012345",
             "https://www.tiktok.com/@{}/video/7123456789012345678", "https://twitter.com/{}/status/1712345678901234567")
        )  # fmt: skip
        names = [self.word(12) for _ in range(count)]
        return [self.add("profile", shape.format(name), name) for shape, name in zip(shapes, names, strict=False)]

    def plates(self, count: int) -> list[str]:
        letters = "ABCDEFGHKLMNPSTUVXYZ"
        rows = [(self._random.randint(11, 99), self._random.choice(letters), self.digits(5)) for _ in range(count)]
        return [self.add("plate", f"{place}{letter}-{digits}") for place, letter, digits in rows]

    def names(self, kind: str, count: int) -> list[str]:
        return [self.add(kind, f"Nguyễn {self.word(7).title()} {self.word(6).title()}") for _ in range(count)]

    def words(self, kind: str, count: int) -> list[str]:
        return [self.add(kind, self.word(14)) for _ in range(count)]

    def chat_ids(self, kind: str, count: int) -> list[int]:
        return [int(self.add(kind, self._random.choice("123456789") + self.digits(11))) for _ in range(count)]

    def addresses(self, count: int) -> list[str]:
        made = []
        for n in range(count):
            groups = ":".join(f"{self._random.getrandbits(16):04x}" for _ in range(4))
            octets = [100 + self._random.randrange(100) for _ in range(3)]
            ip = f"2001:db8:{n:x}:1:{groups}" if n % 2 else f"198.{octets[0]}.{octets[1]}.{octets[2]}"
            made.append(self.add("IP address", ip))
        return made


def forms(secret: str) -> Iterator[bytes]:
    """Every way in which the secret could lie in bytes: as it is, without its separators, encoded in another way."""
    digits = "".join(char for char in secret if char.isdigit())
    plain = {secret, secret.lower(), secret.upper()} | ({digits} if len(digits) >= 9 else set())
    for text in plain:
        raw = text.encode()
        yield from (
            raw,
            text.encode("utf-16-le"),
            text.encode("utf-16-be"),
            raw.hex().encode(),
            raw.hex().upper().encode(),
        )
        yield from (quote(text, safe="").encode(), json.dumps(text)[1:-1].encode())
        for shift in range(3):
            # Of the base64 of a longer text that holds it: without the characters that its neighbours have a part in.
            encoded = base64.b64encode(b"\0" * shift + raw)
            yield encoded[-(-shift * 8 // 6) : len(encoded) - 4]
            yield base64.urlsafe_b64encode(b"\0" * shift + raw)[-(-shift * 8 // 6) : len(encoded) - 4]


class Net:
    """Looks for all forms of all canaries at once."""

    def __init__(self, canaries: list[Canary]) -> None:
        self._of = {
            form: each
            for each in canaries
            for text in ({each.secret} if each.kind in PARTS else {each.secret, each.typed})
            for form in forms(text)
            if len(form) >= PREFIX
        }
        self._by_start: dict[bytes, list[bytes]] = {}
        for form in self._of:
            self._by_start.setdefault(form[:PREFIX], []).append(form)
        self._starts = np.sort(np.frombuffer(b"".join(self._by_start), dtype="<u8"))

    def caught(self, data: bytes) -> set[Canary]:
        """The canaries that are in the data, in whatever form."""
        found = set()
        for at in range(0, len(data), CHUNK):
            for start in self._hits(data[at : at + CHUNK + PREFIX]):
                here = data[at + start : at + start + PREFIX]
                found |= {self._of[form] for form in self._by_start[here] if data.startswith(form, at + start)}
        return found

    def _hits(self, chunk: bytes) -> list[int]:
        if len(chunk) < PREFIX:
            return []
        windows = np.lib.stride_tricks.sliding_window_view(np.frombuffer(chunk, dtype=np.uint8), PREFIX)
        values = np.ascontiguousarray(windows).view("<u8").ravel()
        places = np.searchsorted(self._starts, values)
        places[places == len(self._starts)] = 0
        return np.flatnonzero(self._starts[places] == values).tolist()

    def caught_in(self, *tops: Path) -> dict[Canary, set[str]]:
        """The canaries in the bytes and names of all files below these folders, with where."""
        found: dict[Canary, set[str]] = {}
        for top in tops:
            for path in sorted(each for each in top.rglob("*") if each.is_file()):
                for canary in self.caught(_bytes(path)) | self.caught(path.name.encode()):
                    found.setdefault(canary, set()).add(str(path.relative_to(top)))
        return found


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:  # a database removes files of its own while it runs
        return b""
