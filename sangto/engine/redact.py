"""Personal data masked before anything is stored; links reduced to the post; nothing on who said a thing.

Patterns run on a copy in compatibility form (full-width digits are digits, invisible characters are gone) whose offsets
lead back to the original. Every pattern takes time linear in the text.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from sangto.engine import links, platforms

_PASSES = 8


@dataclass(frozen=True)
class Redacted:
    """A text with masks in place of what was found, and the kinds found in order of place ("phone", "link", ...)."""

    text: str
    found: tuple[str, ...]


@dataclass(frozen=True)
class _Span:
    start: int
    end: int
    kind: str
    mask: str


_Mask = Callable[[re.Match[str]], str | None]


def _is_card(match: re.Match[str]) -> bool:
    digits = [int(char) for char in match[0] if char.isdecimal()]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_not_a_sum(match: re.Match[str]) -> bool:
    after = match.string[match.end() : match.end() + 12].lower()
    return not match[0].endswith("000") and not re.match(
        r"\s?(?:đ|d\b|dong|vn|usd|\$|€|%|nguoi|người|ty|tỷ|trieu)", after
    )


def _is_not_grouped(match: re.Match[str]) -> bool:
    return re.fullmatch(r"\+\s?\d{1,3}(?:[.,]\d{3})+", match[0]) is None


def _reduced_link(match: re.Match[str]) -> str | None:
    found = links.without_tail(match[0])
    kept = platforms.without_person(links.parse(found))
    if kept is None:
        return "[account]" + match[0][len(found) :]
    return None if kept == found else kept + match[0][len(found) :]


def _masked(mask: str, *, when: Callable[[re.Match[str]], bool] = bool) -> _Mask:
    return lambda match: mask if when(match) else None


_GAP = r"[ .\-]{0,2}"
_ID_WORDS = r"\b(?:cccd|cmnd|cmt|căn cước|can cuoc|chứng minh|chung minh|id card|identity)"
_BANK_WORDS = (
    r"\b(?:stk|số tài khoản|so tai khoan|số tk|so tk|tài khoản ngân hàng|tai khoan ngan hang|tài khoản số|tai khoan so"
    r"|bank account|account (?:number|no))"
)
_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DATE = rf"(?:(?:{_MONTHS})\w*\.? \d{{1,2}}, \d{{4}}|\d{{1,2}} [^\d\n(]{{3,20}} ?\d{{4}})"

_RECOGNISERS: tuple[tuple[str, re.Pattern[str], _Mask], ...] = (
    (
        "signature",
        re.compile(rf"(?<!\s)\s*+(?:—|–|--)[^\n—–]{{0,80}}?\(@[^\s()]++\)(?:\s*{_DATE})?", re.IGNORECASE),
        _masked(""),
    ),
    ("signature", re.compile(rf"\s- [^\n—–@]{{1,60}}\(@[^\s()]++\)\s*{_DATE}", re.IGNORECASE), _masked("")),
    ("link", links.LINK, _reduced_link),
    (
        "e-mail",
        re.compile(
            r"(?<![\w.+%-])[\w.+%-]++(?:@|\s?(?:\(at\)|\[at\])\s?)"
            r"[a-z0-9-]{1,63}+(?:(?:\.|\s?(?:\(dot\)|\[dot\])\s?)[a-z0-9-]{1,63}+){1,8}",
            re.IGNORECASE,
        ),
        _masked("[e-mail]"),
    ),
    ("account", re.compile(r"(?<![\w@/])@\w++(?:[.@]\w++)*"), _masked("[account]")),
    (
        "bank",
        re.compile(rf"({_BANK_WORDS}[^\d\n]{{0,20}}?)(?<!\d)\d(?:[ .-]?\d){{5,18}}(?!\d)", re.IGNORECASE),
        lambda match: f"{match[1]}[bank]",
    ),
    ("card", re.compile(r"(?<![\d.,])[2-69](?:[ -]?\d){12,18}(?![\d]|[.,]\d)"), _masked("[card]", when=_is_card)),
    (
        "id",
        re.compile(rf"({_ID_WORDS}\D{{0,20}}?)(?<!\d)\d(?:[ .-]?\d){{8}}(?:(?:[ .-]?\d){{3}})?(?!\d)", re.IGNORECASE),
        lambda match: f"{match[1]}[id]",
    ),
    ("id", re.compile(r"(?<![\d.,])0\d{2}(?:[ .-]?\d{3}){3}(?![\d]|[.,/]\d)"), _masked("[id]")),
    ("id", re.compile(r"(?<![\w.,/+-])\d{9}(?![\d]|[.,/-]\d)"), _masked("[id]", when=_is_not_a_sum)),
    (
        "phone",
        re.compile(rf"(?<!\d)(?:\+ ?84|0084|84|[0oO])(?:[ .\-]?\(0\))?[ .\-()]{{0,3}}[35789](?:{_GAP}\d){{8}}(?!\d)"),
        _masked("[phone]"),
    ),
    (
        "phone",
        re.compile(r"(?<!\d)\(?(?:\+ ?84|0084|0)[ .\-()]{0,3}2(?:[ .\-()]{0,2}\d){9}(?!\d)"),
        _masked("[phone]"),
    ),
    ("phone", re.compile(r"\+ ?\d(?:[ .\-()]{0,2}\d){6,13}(?!\d)"), _masked("[phone]", when=_is_not_grouped)),
    ("phone", re.compile(r"(?<![\d.,])\(?[2-9]\d{2}\)?[ .-]\d{3}[.-]\d{4}(?!\d)"), _masked("[phone]")),
)


def _searchable(text: str) -> tuple[str, list[int]]:
    """The text in compatibility form without invisible characters, and for each of its characters the place it had."""
    copy, places = [], []
    for place, char in enumerate(text):
        if unicodedata.category(char) == "Cf":
            continue
        for plain in char if char < "\x80" else unicodedata.normalize("NFKC", char):
            copy.append(plain)
            places.append(place)
    return "".join(copy), [*places, len(text)]


def _spans(copy: str) -> list[_Span]:
    taken: list[_Span] = []
    covered = bytearray(len(copy))
    for kind, pattern, mask in _RECOGNISERS:
        for match in pattern.finditer(copy):
            start, end = match.span()
            if covered.find(1, start, end) >= 0 or (replacement := mask(match)) is None:
                continue
            covered[start:end] = b"\1" * (end - start)
            taken.append(_Span(start, end, "account" if replacement.startswith("[account]") else kind, replacement))
    return sorted(taken, key=lambda span: span.start)


def _pass(text: str) -> Redacted:
    copy, places = _searchable(text)
    pieces, at, found = [], 0, []
    for span in _spans(copy):
        pieces += [text[at : places[span.start]], span.mask]
        at = places[span.end - 1] + 1
        found.append(span.kind)
    return Redacted(text="".join([*pieces, text[at:]]), found=tuple(found))


def redact(text: str) -> Redacted:
    """The text with phone, identity, card and bank account numbers, e-mail addresses and handles masked.

    Profile links become "[account]", links to a post lose the person and the tracking, the signature of an embedded
    tweet is dropped. Public hotlines, law numbers, dates and sums of money stay. Redacting twice changes nothing.
    """
    found: tuple[str, ...] = ()
    result = _pass(text)
    for _ in range(_PASSES):
        if not result.found:
            break
        found += result.found
        result = _pass(result.text)
    return Redacted(text=result.text, found=found)
