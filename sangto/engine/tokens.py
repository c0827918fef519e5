"""Words of a text, read one stretch between spaces at a time and remembered: spelling mended, folded, as written."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from sangto.engine import teencode, telex
from sangto.engine.folding import LETTERS, REPEATED, bare, cleaned, lower
from sangto.engine.numbers import SCALES, quantity

_SPACE = re.compile(r"\s+")
_REMEMBERED, _LONGEST_REMEMBERED = 32_768, 32
_BEFORE, _AFTER = r"(?<![\w.&'/@#-])", r"(?![\w&'/@-]|\.\w)"
_SPELT = re.compile(rf"{_BEFORE}[^\W\d_][^\W_]{{0,11}}{_AFTER}")
_ASCII_SPELT = re.compile(rf"{_BEFORE}[a-z][a-z0-9]{{0,11}}{_AFTER}")
_LONGEST_SPELT = 12
# One word of Latin letters between marks that do not change how it is read.
_ONE_WORD = re.compile(rf"[(\"“]?([A-Za-z{LETTERS}]{{2,}})([.,?!;:)\"”]*)")
# A capital after a small letter begins a word, and so does the last capital before a small one: #FakeNews, #TINGia.
_CAMEL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-ZĐÀ-ÖƠƯ])|(?<=[A-ZĐ])(?=[A-ZĐ][^\W\d_A-ZĐ])")

_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
_MARKED = "\u0900-\u0dff\u0f00-\u0fff"
_TOKEN = re.compile(
    rf"\d{{1,40}}(?:[.,]\d{{1,40}})*(?:(?:k|tr|ty|ti|bn)(?!\w))?|[{_IDEOGRAPHS}]+|(?:[{_SPACELESS}]\u200c?)+"
    rf"|(?:[^\W\d_]|[{_MARKED}])+(?:'[^\W\d_]+)?"
)
_NO_WORDS = re.compile(rf"[^\w{_MARKED}{_SPACELESS}]+")
_PIECES = ((re.compile(f"[{_IDEOGRAPHS}]"), 2), (re.compile(f"[{_SPACELESS}]"), 3))
_SCALES = frozenset(SCALES.split("|"))
SYMBOLS = "\u203c\u2049\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff"
_SENTENCE_END = re.compile(rf"[.?!;:…\]。！？{SYMBOLS}]\Z")
_TRAILING = "\"'”’)»*"
_TONE_PLACES = {
    new: old
    for news, olds in (("oàoáoảoãoạ", "òaóaỏaõaọa"), ("oèoéoẻoẽoẹ", "òeóeỏeõeọe"), ("uỳuýuỷuỹuỵ", "ùyúyủyũyụy"))
    for new, old in zip(re.findall("..", news), re.findall("..", olds), strict=True)
}


class Stretch(NamedTuple):
    """What stands between two spaces: folded; its words folded and as written."""

    folded: str
    words: tuple[str, ...]
    written: tuple[str, ...]
    letter: str
    number: bool
    ends: bool


@lru_cache(maxsize=_REMEMBERED)
def _meant(word: str) -> str:
    """What a lower-case word of at most 12 letters stands for; mostly itself."""
    plain = bare(word)
    if (meant := teencode.MARKED.get(word) or teencode.WRITTEN.get(plain)) is not None:
        return meant
    return telex.undo(word) or teencode.by_rule(word) or (plain != word and telex.undo(plain)) or word


def _respelt(match: re.Match[str]) -> str:
    return _meant(match[0])


def _squeezed(run: re.Match[str]) -> str:
    """One letter of a run; two where nothing else stands beside it, for one letter alone may be short for a word."""
    alone = not (run.string[run.start() - 1 : run.start()].isalnum() or run.string[run.end() : run.end() + 1].isalnum())
    return run[1] * (1 + alone)


def _abbreviated(match: re.Match[str]) -> str:
    return teencode.WRITTEN.get(match[0], match[0])


def _settled(folded: str) -> str:
    """A folded text whose words are spelt out, so that folding it again finds nothing to do."""
    spelt = REPEATED.sub(_squeezed, folded)
    return bare(_ASCII_SPELT.sub(_respelt, spelt))


def _with_old_tone_places(word: str) -> str:
    if word.isascii() or word.startswith("qu"):
        return word
    old = _TONE_PLACES.get(word[-2:])
    return word[:-2] + old if old else word


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    for token in _TOKEN.findall(text):
        if token[0].isdecimal():
            number = token.rstrip("abcdefghijklmnopqrstuvwxyz")
            found.append(quantity(f"{number} {token[len(number) :]}".rstrip()))
        elif token.isascii():
            found.append(token.removesuffix("'s").replace("'", ""))
        else:
            found += _pieces(token.removesuffix("'s").replace("'", ""))
    return found


def _pieces(token: str) -> list[str]:
    """A word of a script without spaces as overlapping pieces (two ideographs, three letters); any other as it is."""
    size = next((size for script, size in _PIECES if script.match(token)), 0)
    if not size or len(token) <= size:
        return [token]
    return [token[at : at + size] for at in range(len(token) - size + 1)]


def _lowered(text: str) -> str:
    """The text in lower case and without the spaces of compatible characters ("¨"), a hashtag as one for each word."""
    if "#" not in text and "\n" not in text:
        return "".join(lower(text).split())
    before, hash_sign, tag = text.partition("#")
    parts = (before + hash_sign + _CAMEL.sub("\n", tag)).split("\n")
    return " #".join(["".join(lower(part).split()) for part in parts])


def _is_settled(word: str, *, plain: str) -> bool:
    """Whether nothing in a lower-case word of Latin letters has to be spelt out; `plain` is without diacritics."""
    if len(plain) > _LONGEST_SPELT:
        return REPEATED.search(plain) is None
    return _meant(word) == word and (plain == word or _meant(plain) == plain) and REPEATED.search(plain) is None


def stretch_alone(stretch: str) -> Stretch:
    """What stands between two spaces, read without its neighbours: a single letter is not spelt out."""
    if match := _ONE_WORD.fullmatch(stretch):
        word, end = match[1].lower(), match[2].rstrip(_TRAILING)[-1:]
        plain = word if word.isascii() else bare(word)  # one string, not two: an index keeps both
        if _is_settled(word, plain=plain):
            folded = stretch[: match.start(1)] + plain + match[2]
            return Stretch(folded, (plain,), (_with_old_tone_places(word),), "", False, end != "" and end in ".?!;:")
    return _read_closely(stretch)


def _read_closely(stretch: str) -> Stretch:
    raw = REPEATED.sub(_squeezed, _SPELT.sub(_abbreviated, _lowered(cleaned(stretch))))
    spelt = _SPELT.sub(_respelt, raw)
    folded = _SPACE.sub(" ", _settled(bare(spelt))).strip()
    words = tuple(_tokens(folded))
    written = tuple(_with_old_tone_places(word) for word in _tokens(spelt.replace("’", "'")))
    if len(written) != len(words):
        written = words
    shown = folded.rstrip(_TRAILING)
    letter = words[0] if len(words) == 1 and words[0] in teencode.LETTERS and shown.rstrip(",?!…") == words[0] else ""
    return Stretch(
        folded=folded,
        words=words,
        written=written,
        letter=letter,
        number=bool(words) and folded[-1].isdecimal(),
        ends=_SENTENCE_END.search(shown) is not None or (not words and shown not in (",", "&", "+", "%", "")),
    )


_read_again = lru_cache(maxsize=_REMEMBERED)(stretch_alone)


def stretches(text: str) -> list[Stretch]:
    """The stretches of a text between spaces, in order. One that is long is read, but not remembered."""
    read = [_read_again(one) if len(one) <= _LONGEST_REMEMBERED else stretch_alone(one) for one in text.split()]
    if "\n" in text:
        _end_lines(read, text=text)
    if any(one.letter for one in read):
        _spell_letters(read)
    return read


def _end_lines(read: list[Stretch], *, text: str) -> None:
    at = 0
    for line in text.split("\n"):
        at += len(line.split())
        if at:
            read[at - 1] = read[at - 1]._replace(ends=True)


def _spell_letters(read: list[Stretch]) -> None:
    """Spell out single letters ("k" for "không") unless what stands before makes them a name ("vitamin K", "gen Z")."""
    typed = [one.letter for one in read]
    before = ""
    for at, one in enumerate(read):
        alone = _is_no_initial(typed[at - 1] if at else "", typed[at : at + 2])
        if one.letter and alone and before not in teencode.BEFORE_A_NAME and not before[:1].isdecimal():
            read[at] = _read_again(one.folded.replace(one.letter, teencode.LETTERS[one.letter], 1))._replace(
                ends=one.ends
            )
        before = read[at].words[-1] if read[at].words else before


def _is_no_initial(before: str, letters: list[str]) -> bool:
    """Whether a letter is no part of "J. K."; "j z" and the like ("gì vậy") are two words."""
    after = letters[1] if len(letters) > 1 else ""
    return (not before or letters[0] in teencode.CLOSING) and (not after or after in teencode.CLOSING)


class Words(NamedTuple):
    """The words of a text: folded and as written; after how many words a sentence ends."""

    folded: list[str]
    written: list[str]
    ends: frozenset[int]


def begins_with_scale(one: Stretch) -> bool:
    """Whether a stretch begins with a word such as "triệu", which makes one number with a number before it."""
    return bool(one.words) and one.words[0] in _SCALES and one.folded.startswith(one.words[0])


def _with_scales(read: Sequence[Stretch]) -> list[Stretch]:
    """The stretches with "5" and "triệu" joined to one number of one stretch."""
    joined: list[Stretch] = []
    for one in read:
        last = joined[-1] if joined else None
        if last and last.number and begins_with_scale(one):
            number = quantity(f"{last.words[-1]} {one.words[0]}")
            joined[-1] = _joined(last, other=one, number=number)
        else:
            joined.append(one)
    return joined


def _joined(one: Stretch, *, other: Stretch, number: str) -> Stretch:
    return one._replace(
        words=(*one.words[:-1], number, *other.words[1:]),
        written=(*one.written[:-1], number, *other.written[1:]),
        number=False,
        ends=other.ends,
    )


def words_of(read: Sequence[Stretch]) -> Words:
    """The words of stretches in order."""
    if any(one.number for one in read):
        read = _with_scales(read)
    folded: list[str] = []
    written: list[str] = []
    ends: set[int] = set()
    for one in read:
        folded += one.words
        written += one.written
        if one.ends:
            ends.add(len(folded))
    return Words(folded, written, frozenset(ends))
