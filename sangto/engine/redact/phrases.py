"""Words of a text, and lists of phrases looked up among them."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sangto.engine.redact.view import folded

_WORD = re.compile(r"(?:[^\W\d_][\u0300-\u036f]*)+(?:['’](?:[^\W\d_][\u0300-\u036f]*)+)*")


@dataclass(frozen=True)
class Word:
    """A word of a text, where it stands, and what parts it from the word before ("" for the first one)."""

    text: str
    lower: str
    start: int
    end: int
    gap: str

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()

    @property
    def is_shouted(self) -> bool:
        """Whether all its letters are capital ones."""
        return len(self.text) > 1 and self.text.isupper()

    @property
    def follows(self) -> bool:
        """Whether it goes on with the word before: only a space or a dash is between them."""
        return self.gap in (" ", "-", " - ")


def words_of(text: str) -> list[Word]:
    """The words of a text, in order; letters that run on into a digit are none."""
    found, behind = [], 0
    for match in _WORD.finditer(text):
        if not text[match.end() : match.end() + 1].isdecimal():
            found.append(Word(match[0], match[0].lower(), *match.span(), text[behind : match.start()]))
            behind = match.end()
    return found


class Phrases:
    """Phrases of one to four words, also as they are typed without diacritics by those who type none at all."""

    def __init__(self, phrases: Iterable[str]) -> None:
        known = list(phrases)
        self._exact = _by_words(known)
        self._bare = _by_words([*known, *map(folded, known)])
        self._sizes = sorted({len(words) for words in self._bare}, reverse=True)
        self._first = {words[0] for words in self._bare}
        self._last = {words[-1] for words in self._bare}

    def at(self, words: Sequence[Word], at: int, *, bare: bool) -> int:
        """How many words the longest phrase has that begins at this place; 0 for none."""
        if words[at].lower not in self._first:
            return 0
        return next((n for n in self._sizes if at + n <= len(words) and self._is(words[at : at + n], bare)), 0)

    def before(self, words: Sequence[Word], at: int, *, bare: bool) -> int:
        """How many words the longest phrase has that ends right before this place; 0 for none."""
        if not at or words[at - 1].lower not in self._last:
            return 0
        return next((n for n in self._sizes if n <= at and self._is(words[at - n : at], bare)), 0)

    def _is(self, words: Sequence[Word], bare: bool) -> bool:
        said = tuple(word.lower for word in words)
        return said in (self._bare if bare and all(word.isascii() for word in said) else self._exact)


def _by_words(phrases: Iterable[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(phrase.split()) for phrase in phrases)
