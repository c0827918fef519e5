"""A text under changes whose every character still knows where in the original it stood."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Change = tuple[int, int, str]


@dataclass(frozen=True)
class View:
    """A text made from another one: its character at `i` stands for `starts[i]` to `ends[i]` of the original."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    @classmethod
    def of(cls, text: str) -> "View":
        """The text itself."""
        return cls(text, range(len(text)), range(1, len(text) + 1))

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Where in the original a part of this text stands, from its first to behind its last character."""
        return self.starts[start], self.ends[end - 1]

    def replaced(self, changes: Iterable[Change]) -> "View":
        """The text with other words in place of some parts, which are given in order and do not overlap."""
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        at = 0
        for start, end, words in changes:
            first, last = self.place(start, end)
            pieces += (self.text[at:start], words)
            starts += self.starts[at:start]
            ends += self.ends[at:start]
            starts += [first] * len(words)
            ends += [last] * len(words)
            at = end
        if not pieces:
            return self
        return View("".join([*pieces, self.text[at:]]), [*starts, *self.starts[at:]], [*ends, *self.ends[at:]])

    def without(self, pattern: re.Pattern[str]) -> "View":
        """The text without what the pattern finds."""
        return self.replaced((*match.span(), "") for match in pattern.finditer(self.text))

    def translated(self, letters: "Letters") -> "View":
        """The text with one letter in place of another one everywhere."""
        return View(self.text.translate(letters), self.starts, self.ends)


class Letters(dict[int, str]):
    """A table for `str.translate` that is made while it is read; whatever would not be one letter stays as it is."""

    def __init__(self, change: Callable[[str], str]) -> None:
        super().__init__()
        self._change = change

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        changed = self._change(letter)
        self[code] = changed if len(changed) == 1 else letter
        return self[code]


def _plain(letter: str) -> str:
    digit = unicodedata.digit(letter, -1)
    if digit >= 0:
        return str(digit)
    if letter != "-" and unicodedata.category(letter) == "Pd" and letter not in "—–":
        return "-"
    return unicodedata.normalize("NFKC", letter)


def _bare(letter: str) -> str:
    if letter in _ALIKE:
        return _ALIKE[letter]
    lowered = letter.lower()
    base = unicodedata.normalize("NFD", lowered)[:1]
    return base if len(lowered) == 1 and not lowered.isascii() and base.isascii() else lowered


_LOOKS = {"d": "đĐ", "-": "—–−", ".": "·•∙。", " ": "\t\xa0", "'": "’‘′", '"': "″”“", "°": "º˚", "0": "⓿", "o": "🅾⭕"}
_ALIKE = {letter: plain for plain, letters in _LOOKS.items() for letter in letters}
_PLAIN, _BARE = Letters(_plain), Letters(_bare)

# Characters that nobody sees: format characters and fillers; and what is put over a digit (keycaps, strokes).
UNSEEN = re.compile(
    "(?:[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\u20d0-\u20ff\U000e0000-\U000e0fff]"
    "|(?<=[0-9])[\u0300-\u036f]{1,9})+"
)
_ACCENTS = re.compile("(?<=[A-Za-z\u0300-\u036f])[\u0300-\u036f]+")
MASKED = "\ue000"
"""Stands in a view for a mask that the text holds: no pattern goes through it."""
_MASKS = re.compile(r"\[(?:account|bank|card|e-mail|id|insurance|location|passport|phone|plate)\]")


def plain(text: str) -> View:
    """The text in compatibility form (full-width digits are digits), without what nobody sees, masks as one letter."""
    view = View.of(text) if text.isascii() else View.of(text).translated(_PLAIN)
    view = view if UNSEEN.search(view.text) is None else view.without(UNSEEN)
    return view.replaced((*match.span(), MASKED) for match in _MASKS.finditer(view.text))


def bare(view: View) -> View:
    """The view in lower case without diacritics, with one sort of dash, dot and quote."""
    return view.translated(_BARE).without(_ACCENTS) if not view.text.isascii() else view.translated(_BARE)


def folded(word: str) -> str:
    """A word in lower case without diacritics, as `bare` makes it."""
    return bare(View.of(word)).text
