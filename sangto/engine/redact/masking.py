"""Masking: every recogniser over its copy of the text, again and again until nothing is found any more."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sangto.engine import links, platforms
from sangto.engine.redact import contacts, money, papers, phones, places, plates
from sangto.engine.redact.recogniser import ALWAYS, UNBROKEN, Recogniser
from sangto.engine.redact.spelling import as_digits
from sangto.engine.redact.view import UNSEEN, View, bare, plain

PASSES = 8


@dataclass(frozen=True)
class Found:
    """What was masked: its kind ("phone", "link", ...) and where it stood in the text as it came."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Redacted:
    """A text with masks in place of what was found, the kinds found in the order of passes and places, and where."""

    text: str
    found: tuple[str, ...]
    spans: tuple[Found, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class _Mask:
    start: int
    end: int
    kind: str
    words: str


# Which recognisers read which copy of the text; what comes first has the first word.
PLAIN_FIRST = contacts.SIGNATURES
BARE = (*places.RECOGNISERS, *contacts.E_MAILS)
HANDLES = contacts.HANDLES
DIGITS = (*money.RECOGNISERS, *papers.RECOGNISERS)
PLATES = plates.RECOGNISERS
PHONES = phones.RECOGNISERS


def redact(text: str) -> Redacted:
    """The text with numbers of phones, papers, cards and accounts, plates, e-mails, handles and exact positions masked.

    Profile links become "[account]", links to a post lose the person and the tracking, links to a point on a map become
    "[location]", the signature of an embedded post is dropped. Public hotlines, law numbers, dates and sums of money
    stay. Redacting twice changes nothing.
    """
    whole = View.of(text)
    found: list[Found] = []
    for _ in range(PASSES):
        masks = _masks(whole.text)
        if not masks:
            break
        found += [Found(*whole.place(mask.start, mask.end), mask.kind) for mask in masks]
        whole = whole.replaced((mask.start, mask.end, mask.words) for mask in masks)
    return Redacted(whole.text, tuple(one.kind for one in found), tuple(found))


def _masks(text: str) -> list[_Mask]:
    """What one pass masks, in order of place and without overlaps."""
    page = _Page(text)
    looks = plain(text)
    folded = bare(looks)
    digits = as_digits(folded)
    page.take(looks, PLAIN_FIRST)
    page.take_links(looks)
    page.take(folded, BARE)
    page.take(looks, HANDLES)
    page.take(digits, DIGITS)
    page.take(looks, PLATES)
    page.take(digits, PHONES)
    return sorted(page.masks, key=lambda mask: mask.start)


class _Page:
    """A text on which one thing after the other is covered; what is covered is not covered again."""

    def __init__(self, text: str) -> None:
        self.masks: list[_Mask] = []
        self._text = text
        self._covered = bytearray(len(text))
        self._linked = bytearray(len(text))

    def take(self, view: View, recognisers: Sequence[Recogniser]) -> None:
        for one in recognisers:
            for start, end in one.spans(view.text):
                self._cover(*view.place(start, end), one.kind, "" if one.kind == "signature" else f"[{one.kind}]", one)

    def take_links(self, view: View) -> None:
        for match in links.LINK.finditer(view.text):
            found = links.without_tail(match[0])
            start, end = view.place(match.start(), match.start() + len(found))
            kept = platforms.without_person(links.parse(found))
            if kept == found:
                self._linked[start:end] = b"\1" * (end - start)
            else:
                kind = kept[1:-1] if kept in platforms.MASKS else "link"
                self._cover(start, end, kind, kept)

    def _cover(self, start: int, end: int, kind: str, words: str, one: Recogniser | None = None) -> None:
        if self._covered.find(1, start, end) >= 0:
            return
        if one and self._linked.find(1, start, end) >= 0 and not self._looks_inside(one, start, end):
            return
        unseen = UNSEEN.match(self._text, end)
        end = unseen.end() if unseen else end
        self._covered[start:end] = b"\1" * (end - start)
        self.masks.append(_Mask(start, end, kind, words))

    def _looks_inside(self, one: Recogniser, start: int, end: int) -> bool:
        return one.in_links == ALWAYS or one.in_links == UNBROKEN and self._text[start:end].isalnum()
