"""Personal names: behind a title, by a surname and what follows it, by an English given name."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sangto.engine.redact import lexicon
from sangto.engine.redact.view import folded

_WORD = re.compile(r"(?:[^\W\d_][\u0300-\u036f]*)+(?:['’](?:[^\W\d_][\u0300-\u036f]*)+)*")
_SURNAMES, _COMMON = lexicon.typed(lexicon.SURNAMES), lexicon.typed(lexicon.COMMON_SURNAMES)
_MIDDLES, _CERTAIN = lexicon.typed(lexicon.MIDDLES), lexicon.typed(lexicon.CERTAIN_MIDDLES)
_TITLES, _NO_NAMES = lexicon.typed(lexicon.TITLES), lexicon.typed(lexicon.NO_NAMES)
_BEFORE_PLACES = lexicon.typed(lexicon.BEFORE_PLACES)
_LONGEST_TITLE = _LONGEST_PHRASE = 3
_MOST_WORDS = 5
_AFTER_SURNAME = 3


@dataclass(frozen=True)
class Word:
    """A word of a text and where it stands; `glued` when only a space, a dot or a dash parts it from the one before."""

    text: str
    start: int
    end: int
    glued: bool
    follows_number: bool

    @property
    def lower(self) -> str:
        return self.text.lower()

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()


def words_of(text: str) -> list[Word]:
    """The words of a text, in order."""
    found, behind = [], 0
    for match in _WORD.finditer(text):
        between = text[behind : match.start()]
        glued = behind > 0 and between in (" ", ". ", ".", "-", " - ")
        after_number = between[-1:] == " " and between[-2:-1].isdecimal()
        found.append(Word(match[0], *match.span(), glued, after_number))
        behind = match.end()
    return found


def names(text: str) -> Iterator[tuple[int, int]]:
    """Where names of persons may stand, without their titles, in order."""
    words = words_of(text)
    at = 0
    while at < len(words):
        first, count = _name_at(words, at)
        if count:
            yield words[first].start, words[first + count - 1].end
        at = first + max(count, 1)


def _name_at(words: Sequence[Word], at: int) -> tuple[int, int]:
    """Where a name begins that is known by the word at this place, and of how many words it is; 0 for none."""
    behind = _behind_title(words, at)
    if behind > at and (count := _titled(words, behind)):
        return behind, count
    if not _is_place(words, at):
        for known in (_surnamed, _english):
            if count := known(words, at):
                return at, count
    return at, 0


def _behind_title(words: Sequence[Word], at: int) -> int:
    """The place behind the longest title that begins here; `at` where there is none."""
    for size in range(min(_LONGEST_TITLE, len(words) - at - 1), 0, -1):
        if _is_in(_TITLES, words, at, size, bare=words[at + size].text.isascii()):
            return at + size
    return at


def _titled(words: Sequence[Word], at: int) -> int:
    if not words[at].glued or _is_no_name(words, at) or _is_no_name(words, at - 1):
        return 0
    if count := _surnamed(words, at, titled=True):
        return count
    shouted = len(words[at].text) > 1 and words[at].text.isupper() and words[at - 1].text.isupper()
    return 0 if shouted else _capitals(words, at, most=_MOST_WORDS)


def _surnamed(words: Sequence[Word], at: int, *, titled: bool = False) -> int:
    """How many words a name has that begins with a surname here: 3 or 4 with a middle name, 2 with a common surname."""
    bare = words[at].text.isascii()
    if not _is_in(_SURNAMES, words, at, 1, bare=bare) or _is_no_name(words, at):
        return 0
    if words[at].is_capital:
        count = _capitals(words, at, most=_AFTER_SURNAME + 1)
        if count == 2 and not (titled or _is_in(_COMMON, words, at, 1, bare=bare)):
            return 0
        if count >= 2 and not _is_before_way(words, at + count):
            return count
    if len(words) - at < 3 or not (words[at + 1].glued and words[at + 2].glued):
        return 0
    middles = _MIDDLES if titled else _CERTAIN
    return 3 if _is_in(middles, words, at + 1, 1, bare=words[at + 1].text.isascii()) else 0


def _english(words: Sequence[Word], at: int) -> int:
    if not words[at].is_capital or words[at].lower not in lexicon.ENGLISH_GIVEN:
        return 0
    count = _capitals(words, at, most=3)
    is_place = any(word.lower in lexicon.ENGLISH_AFTER for word in words[at + 1 : at + count + 1])
    return count if count >= 2 and not is_place else 0


def _capitals(words: Sequence[Word], at: int, *, most: int) -> int:
    count = 0
    while count < most and at + count < len(words) and words[at + count].is_capital:
        if count and not (words[at + count].glued and words[at + count].start - words[at + count - 1].end == 1):
            break
        count += 1
    return count


def _is_place(words: Sequence[Word], at: int) -> bool:
    """Whether the words before say that a street, ward or school is named here, or a house number stands before."""
    if words[at].follows_number:
        return True
    for size in range(1, min(_LONGEST_PHRASE, at) + 1):
        if words[at].glued and _is_in(_BEFORE_PLACES, words, at - size, size, bare=words[at].text.isascii()):
            return True
    return False


def _is_before_way(words: Sequence[Word], at: int) -> bool:
    return at < len(words) and words[at].lower in lexicon.ENGLISH_AFTER and words[at].glued


def _is_no_name(words: Sequence[Word], at: int) -> bool:
    sizes = range(1, min(_LONGEST_PHRASE, len(words) - at) + 1)
    return any(_is_in(_NO_NAMES, words, at, size, bare=words[at].text.isascii()) for size in sizes)


def _is_in(phrases: dict[bool, frozenset[str]], words: Sequence[Word], at: int, size: int, *, bare: bool) -> bool:
    """Whether these words are one of the phrases; typed without diacritics only where the neighbour is."""
    said = " ".join(word.lower for word in words[at : at + size])
    return said in phrases[bare and said.isascii()] or (
        not said.isascii() and folded(said) != said and said in phrases[False]
    )
