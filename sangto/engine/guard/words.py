"""A text as sentences of folded words that remember how they were typed."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from sangto.engine.frequent import ENGLISH, UNTELLING, VIETNAMESE
from sangto.engine.links import without_links
from sangto.engine.teencode import TEENCODE
from sangto.engine.text import fold, normal

READ_CHARACTERS = 4000
PAUSE, ASKED = ",", "?"
UPPER = 2
_TOKEN = re.compile(
    r"(?P<number>[$€£]?\d{1,40}(?:[.,:/-]\d{1,40}){0,9}(?:[a-zđA-ZĐ]{1,6}[²³]?(?:\d{1,2}(?!\d))?)?%?)"
    r"|(?P<word>(?:(?:covid|ncov|cov|[a-zA-Z]{1,2})-?\d{1,4}[a-zA-Z]?\d?(?![^\W_])|[^\W\d_]{1,40}(?:['’][^\W\d_]{1,20})?))"
    r"|(?P<end>[.!;…]+(?=\s|$)|\n|\?+)"
    r"|(?P<pause>[,:()\[\]\"“”|–—%°₫])"
)
_NEIGHBOURS = frozenset(".&'/@#-")
# The tone of these pairs is written on either vowel; the same syllable.
_TONES = {
    old: new
    for pair in ("oà òa", "oá óa", "oả ỏa", "oã õa", "oạ ọa", "oè òe", "oé óe", "oẻ ỏe", "oẽ õe", "oẹ ọe",
                 "uỳ ùy", "uý úy", "uỷ ủy", "uỹ ũy", "uỵ ụy")
    for old, new in [pair.split()]
}  # fmt: skip
_TONE = re.compile("|".join(_TONES))
SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|th|tr|ch|ph|kh|gh|gi|qu|[bcdghklmnpqrstvx])?"
    r"(?:uye|uya|uyu|oai|oay|oao|oeo|uay|uoi|uou|ieu|yeu|[aeiouy]{1,2})(?:ch|ng|nh|[cmnpt])?\Z"
)


class Word(NamedTuple):
    """A folded word, its stem, how it was typed ("" when written out from an abbreviation), 1 Capital, 2 UPPER case."""

    folded: str
    stem: str
    typed: str
    case: int = 0


class Sentence(NamedTuple):
    """The words of a sentence with its pauses (",") and question mark ("?"), and whether diacritics were typed."""

    words: tuple[Word, ...]
    marked: bool
    vietnamese: bool

    def folded(self, at: int) -> str:
        """The folded word at a place, "" outside."""
        return self.words[at].folded if 0 <= at < len(self.words) else ""


def stem(word: str) -> str:
    """The word without English inflection; Vietnamese syllables keep their form."""
    if len(word) < 4 or not word.isascii():
        return word
    if word.endswith("ies"):
        word = f"{word[:-3]}y"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for suffix in ("ing", "ed"):
        if len(word) >= len(suffix) + 4 and word.endswith(suffix):
            word = word[: -len(suffix)]
            word = word[:-1] if word[-1] == word[-2] and word[-1] not in "ls" else word
            break
    return word[:-1] if len(word) >= 5 and word.endswith("e") else word


def same_tone(typed: str) -> str:
    """The syllable with its tone on the vowel of the newer spelling ("hoà" is "hòa"), in lower case."""
    return _TONE.sub(lambda old: _TONES[old[0]], typed.lower())


@lru_cache(maxsize=16384)
def _words(typed: str, abbreviated: bool) -> tuple[Word, ...]:
    folded = fold(typed) if abbreviated else fold(f"{typed}/")[:-1]
    parts = folded.removesuffix("'s").split()
    if len(parts) == 1 and typed.lower() not in TEENCODE:
        case = 2 if typed.isupper() else int(typed[0].isupper())
        return (Word(parts[0], stem(parts[0]), same_tone(typed), case),)
    return tuple(Word(part, stem(part), "") for part in parts)


@lru_cache(maxsize=4096)
def _number(typed: str) -> Word:
    folded = typed.lower() if typed.isascii() else fold(typed)
    return Word(folded, folded, folded)


_PAUSE, _ASKED = Word(PAUSE, PAUSE, PAUSE), Word(ASKED, ASKED, ASKED)
_SIGNS = {sign: Word(sign, sign, sign) for sign in "%°₫"}


def _is_apart(text: str, *, match: re.Match[str]) -> bool:
    start, end = match.span()
    before, after = text[start - 1 : start], text[end : end + 2]
    return not (before in _NEIGHBOURS and before or after[:1] in _NEIGHBOURS and after[:1] and not after[1:].isspace())


def _runs(text: str) -> Iterator[list[Word]]:
    found: list[Word] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "word":
            typed = match[0]
            found += _words(typed, typed.lower() not in TEENCODE or _is_apart(text, match=match))
        elif kind == "number":
            found.append(_number(match[0]))
        elif kind == "pause":
            found.append(_SIGNS.get(match[0], _PAUSE))
        else:
            yield [*found, _ASKED] if match[0][0] == "?" else found
            found = []
    yield found


def _is_vietnamese(found: list[Word], *, marked: int) -> bool:
    if marked * 5 >= len(found):
        return True
    vietnamese = sum(word.folded in VIETNAMESE for word in found)
    english = sum(word.folded in ENGLISH for word in found)
    if vietnamese != english:
        return vietnamese > english
    letters = [word.folded for word in found if word.folded[0].isalpha()]
    return sum(SYLLABLE.match(word) is not None for word in letters) * 10 >= len(letters) * 7


def sentences(text: str) -> list[Sentence]:
    """The sentences of the first 4,000 characters of a text, without links; none for a text without words."""
    read = without_links(normal(text)[:READ_CHARACTERS])
    if "U.S" in read:
        read = read.replace("U.S.A.", "USA").replace("U.S.", "US").replace("U.S", "US")
    runs = [run for run in _runs(read) if run and run != [_ASKED]]
    everything = [word for run in runs for word in run]
    marks = sum(not word.typed.isascii() for word in everything)
    marked = marks * 5 >= len(everything) and marks > 0
    vietnamese = _is_vietnamese(everything, marked=marks)
    return [Sentence(tuple(run), marked, vietnamese) for run in runs]


def telling(found: tuple[Word, ...]) -> frozenset[str]:
    """The stems that carry a topic: no word that every text has, no number, no single letter."""
    return frozenset(
        word.stem
        for word in found
        if len(word.folded) > 1 and word.folded not in UNTELLING and word.folded[0].isalpha()
    )
