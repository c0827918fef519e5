"""A text as sentences of folded words that remember how they were typed."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from sangto.engine.folding import cleaned
from sangto.engine.frequent import ENGLISH, UNTELLING, VIETNAMESE
from sangto.engine.links import LINK, may_hold, without_links
from sangto.engine.teencode import TEENCODE
from sangto.engine.text import fold, normal

READ_CHARACTERS = 4000
_LONGEST_REMEMBERED = 32
PAUSE, ASKED = ",", "?"
UPPER = 2
_TOKEN = re.compile(
    r"(?P<number>[$€£]?\d{1,40}(?:[.,:/-]\d{1,40}){0,9}(?:[a-zđA-ZĐ]{1,6}[²³]?(?:\d{1,2}(?!\d))?)?%?)"
    r"|(?P<word>(?:(?:covid|ncov|cov|[a-zA-Z]{1,2})-?\d{1,4}[a-zA-Z]?\d?(?![^\W_])|[^\W\d_]{1,40}(?:['’][^\W\d_]{1,20})?))"
    r"|(?P<end>[.!;…]+(?=\s|$)|\n|\?+)"
    r"|(?P<pause>[,:()\[\]\"“”|–—%°₫])"
)
_LINE = re.compile(r"[^\n]+\n?")
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
    """A folded word, its stem, how it was typed ("" when written out from an abbreviation), 1 Capital, 2 UPPER case.

    `tells` says whether it carries a topic: no word that every text has, no number, no single letter.
    """

    folded: str
    stem: str
    typed: str
    case: int = 0
    tells: bool = False


class Sentence(NamedTuple):
    """The words of a sentence with its pauses (",") and question mark ("?"), and whether diacritics were typed.

    `stems` and `plain` are the stems and the folded words, one for each word.
    """

    words: tuple[Word, ...]
    marked: bool
    vietnamese: bool
    stems: tuple[str, ...]
    plain: tuple[str, ...]

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


def _tells(folded: str) -> bool:
    return len(folded) > 1 and folded not in UNTELLING and folded[0].isalpha()


@lru_cache(maxsize=16384)
def _words(typed: str, abbreviated: bool) -> tuple[Word, ...]:
    folded = fold(typed) if abbreviated else fold(f"{typed}/")[:-1]
    parts = folded.removesuffix("'s").split()
    if len(parts) == 1 and typed.lower() not in TEENCODE:
        case = 2 if typed.isupper() else int(typed[0].isupper())
        return (Word(parts[0], stem(parts[0]), same_tone(typed), case, _tells(parts[0])),)
    return tuple(Word(part, stem(part), "", tells=_tells(part)) for part in parts)


def _number(typed: str) -> Word:
    folded = typed.lower() if typed.isascii() else fold(typed)
    return Word(folded, folded, folded)


_PAUSE, _ASKED = Word(PAUSE, PAUSE, PAUSE), Word(ASKED, ASKED, ASKED)
_SIGNS = {sign: Word(sign, sign, sign) for sign in "%°₫"}


def _is_apart(text: str, *, match: re.Match[str]) -> bool:
    start, end = match.span()
    before, after = text[start - 1 : start], text[end : end + 2]
    return not (before in _NEIGHBOURS and before or after[:1] in _NEIGHBOURS and after[:1] and not after[1:].isspace())


def _read_stretch(typed: str, after: str) -> tuple[tuple[Word, ...], ...]:
    """The words of what stands between two spaces, in one piece more than sentences end in it."""
    text, run, found = typed + after, list[Word](), list[tuple[Word, ...]]()
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "word":
            token = match[0]
            run += _words(token, token.lower() not in TEENCODE or _is_apart(text, match=match))
        elif kind == "number":
            run.append(_number(match[0]))
        elif kind == "pause":
            run.append(_SIGNS.get(match[0], _PAUSE))
        else:
            found.append((*run, _ASKED) if match[0][0] == "?" else tuple(run))
            run = []
    return (*found, tuple(run))


_read_again = lru_cache(maxsize=32768)(_read_stretch)


def _runs(text: str) -> list[list[Word]]:
    run: list[Word] = []
    found = [run]
    for line in _LINE.findall(text):
        stretches = line.split()
        for at, typed in enumerate(stretches, start=1):
            read = _read_again if len(typed) <= _LONGEST_REMEMBERED else _read_stretch
            first, *others = read(typed, "" if at == len(stretches) and not line[-1].isspace() else " ")
            run += first
            for words in others:
                run = list(words)
                found.append(run)
        run = []
        found.append(run)
    return found


def _is_vietnamese(folded: Sequence[str], *, marked: int) -> bool:
    if marked * 5 >= len(folded):
        return True
    vietnamese = sum(map(VIETNAMESE.__contains__, folded))
    english = sum(map(ENGLISH.__contains__, folded))
    if vietnamese != english:
        return vietnamese > english
    letters = [word for word in folded if word[0].isalpha()]
    return sum(SYLLABLE.match(word) is not None for word in letters) * 10 >= len(letters) * 7


def _plain(text: str) -> str:
    """The text as it is stored; a text of one line needs no look at its lines."""
    return normal(text) if "\n" in text or "\r" in text else cleaned(text).strip()


def sentences(text: str) -> list[Sentence]:
    """The sentences of the first 4,000 characters of a text, without links; none for a text without words."""
    read = without_links(_plain(text)[:READ_CHARACTERS])
    if "U.S" in read:
        read = read.replace("U.S.A.", "USA").replace("U.S.", "US").replace("U.S", "US")
    runs = [run for run in _runs(read) if run and run != [_ASKED]]
    if not runs:
        return []
    folded, stems, typed, *_ = zip(*chain.from_iterable(runs), strict=True)
    marks = len(typed) - sum(map(str.isascii, typed))
    marked = marks * 5 >= len(typed) and marks > 0
    vietnamese = _is_vietnamese(folded, marked=marks)
    if len(runs) == 1:
        return [Sentence(tuple(runs[0]), marked, vietnamese, stems, folded)]
    return [_sentence(tuple(run), marked=marked, vietnamese=vietnamese) for run in runs]


Placed = tuple[Sentence, tuple[tuple[int, int], ...]]


def placed_sentences(text: str) -> list[Placed]:
    """The sentences of a clean text (of `folding.cleaned`), with the first and last place of each word in the text.

    Links are no words. All of the text is read, in time in proportion to its length.
    """
    read = LINK.sub(lambda link: " " * len(link[0]), text) if may_hold(text) else text
    found = [run for run in _placed_runs(read) if run and [word for word, _ in run] != [_ASKED]]
    if not found:
        return []
    plain = [word.folded for run in found for word, _ in run]
    marks = sum(not word.typed.isascii() for run in found for word, _ in run)
    marked = marks * 5 >= len(plain) and marks > 0
    vietnamese = _is_vietnamese(plain, marked=marks)
    return [
        (_sentence(tuple(word for word, _ in run), marked=marked, vietnamese=vietnamese), tuple(at for _, at in run))
        for run in found
    ]


def _placed_runs(text: str) -> list[list[tuple[Word, tuple[int, int]]]]:
    run: list[tuple[Word, tuple[int, int]]] = []
    found = [run]
    for match in _TOKEN.finditer(text):
        kind, typed = match.lastgroup, match[0]
        if kind == "word":
            abbreviated = typed.lower() not in TEENCODE or _is_apart(text, match=match)
            run += [(word, match.span()) for word in _words(typed, abbreviated)]
        elif kind == "number":
            run.append((_number(typed), match.span()))
        elif kind == "pause":
            run.append((_SIGNS.get(typed, _PAUSE), match.span()))
        else:
            run += [(_ASKED, match.span())] if typed[0] == "?" else []
            run = []
            found.append(run)
    return found


def _sentence(words: tuple[Word, ...], *, marked: bool, vietnamese: bool) -> Sentence:
    folded, stems, *_ = zip(*words, strict=True)
    return Sentence(words, marked, vietnamese, stems, folded)
