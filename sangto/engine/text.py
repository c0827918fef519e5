"""Text as people type it, made comparable: normal form, folding, words, links, numbers, language, fingerprint."""

import difflib
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from sangto.engine import frequent
from sangto.engine import links as link_parts
from sangto.engine.chatter import without_chatter
from sangto.engine.numbers import SCALES, canonical_numbers, quantity
from sangto.engine.teencode import TEENCODE

__all__ = [
    "Change",
    "fingerprint",
    "fold",
    "guess_lang",
    "is_binary",
    "is_empty",
    "links",
    "normal",
    "numbers",
    "numbers_in_order",
    "words",
    "words_changed",
]

_MARKS_PER_BASE = 8
_CONTROLS = {code: None for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}
_INVISIBLE = dict.fromkeys([0xAD, 0x180E, 0x200B, 0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0xFEFF])
_DROPPED = {**_CONTROLS, **_INVISIBLE}
_DIRECTION = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_JOINERS = {0x200C: None, 0x200D: None}
_LATIN = "0-9A-Za-z\u00c0-\u036f\u1e00-\u1eff"
_STRAY_JOINERS = re.compile(rf"(?<=[{_LATIN}])[\u200c\u200d]+|[\u200c\u200d]+(?=[{_LATIN}])")
_SURROGATES = re.compile("[\ud800-\udfff]")
_MAYBE_MARKS = re.compile(r"[^\w\s\x00-\x7f]{9,}")
_BLANK_LINES = re.compile(r"\n[^\S\n]*\n(?:[^\S\n]*\n)+")
_TRAILING_SPACE = re.compile(r"(?<![^\S\n])[^\S\n]++\n")

_DIACRITICS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\ufe00-\ufe0f]+")
_STROKES = str.maketrans("đðøłħı’‘ʼ", "ddolhi'''")
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_SPACE = re.compile(r"\s+")
_TEENCODE = re.compile(r"(?<![\w.&'/@#-])[a-z]{1,7}(?![\w&'/@-]|\.\w)")
_TOKEN = re.compile(
    rf"\d{{1,40}}(?:[.,]\d{{1,40}})*(?:\s(?:{SCALES})\b)?|[\u3040-\u30ff\u3400-\u9fff]|[^\W\d_]+(?:'[^\W\d_]+)?"
)


def _capped(run: re.Match[str]) -> str:
    kept, marks = [], 0
    for char in run[0]:
        marks = marks + 1 if unicodedata.category(char)[0] == "M" else 0
        if marks <= _MARKS_PER_BASE:
            kept.append(char)
    return "".join(kept)


def _cleaned(text: str) -> str:
    if text.isascii():
        return text.translate(_DROPPED)
    text = _SURROGATES.sub("\ufffd", text).translate(_DROPPED)
    text = _STRAY_JOINERS.sub("", text)
    # Sorting a long run of marks is quadratic, so the runs are cut before the text is composed and once more after.
    text = unicodedata.normalize("NFC", _MAYBE_MARKS.sub(_capped, text))
    return _MAYBE_MARKS.sub(_capped, text)


def normal(text: str) -> str:
    """The text as it is stored: NFC, without control and zero-width characters, trimmed.

    Line ends become one newline, more than one blank line becomes one, a lone surrogate becomes U+FFFD, a base keeps at
    most 8 combining marks. Joiners stay inside emoji and scripts that need them; direction controls stay (a page shows
    them as symbols).
    """
    text = _cleaned(text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _TRAILING_SPACE.sub("\n", text)
    return _BLANK_LINES.sub("\n\n", text).strip()


def _without_diacritics(text: str) -> str:
    if text.isascii():
        return text.lower()
    text = _cleaned(text).translate({**_DIRECTION, **_JOINERS})
    text = unicodedata.normalize("NFKD", text).casefold()
    text = _DIACRITICS.sub("", unicodedata.normalize("NFKD", text)).translate(_STROKES)
    return unicodedata.normalize("NFC", text)


def _expanded(token: re.Match[str]) -> str:
    return TEENCODE.get(token[0], token[0])


def fold(text: str) -> str:
    """The text in lower case without diacritics (đ is d), SMS spellings written out, repeats and spaces squeezed.

    Folding twice changes nothing. Three or more of one letter become one ("đẹppppp" is "dep").
    """
    text = _REPEATED.sub(r"\1", _without_diacritics(text))
    return _TEENCODE.sub(_expanded, _SPACE.sub(" ", text).strip())


def _token(match: re.Match[str]) -> str:
    token = match[0]
    if token[0].isdecimal():
        return quantity(token)
    return token.removesuffix("'s").replace("'", "")


def words(text: str) -> list[str]:
    """The folded words and numbers of a text in order, without links and without what people wrap round a question.

    When only greetings and the like would be left out, they are kept, so that a text of words never gives none.
    """
    return without_chatter([_token(match) for match in _TOKEN.finditer(fold(link_parts.without_links(text)))])


def links(text: str) -> list[str]:
    """The canonical links of a text in order, each once: no scheme, no tracking, no fragment, no trailing slash."""
    found = (link_parts.without_tail(match[0]) for match in link_parts.LINK.finditer(text))
    return list(dict.fromkeys(link_parts.parse(link).canonical for link in found))


def numbers(text: str) -> frozenset[str]:
    """The numbers, percentages and dates of a text in one spelling each: "1000", "1.5", "50%", "2025-09-02", "2/9"."""
    return frozenset(numbers_in_order(text))


def numbers_in_order(text: str) -> tuple[str, ...]:
    """What `numbers` gives, in reading order and as often as it is there."""
    return canonical_numbers(fold(link_parts.without_links(text)))


_VIETNAMESE_LETTER = re.compile("[ăâđêôơưĂÂĐÊÔƠƯ\u1ea0-\u1ef9]")
_SYLLABLE = re.compile(r"(?:ngh|ng|nh|th|tr|ch|ph|kh|gh|gi|qu|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(?:ch|ng|nh|[cmnpt])?\Z")


def guess_lang(text: str) -> Literal["vi", "en"]:
    """The language of a text, Vietnamese also when typed without diacritics. "vi" where nothing tells."""
    plain = unicodedata.normalize("NFC", _cleaned(text))
    tokens = [token for token in _TOKEN.findall(fold(link_parts.without_links(plain)))[:400] if token[0].isalpha()]
    marked = len(_VIETNAMESE_LETTER.findall(plain))
    if not tokens or marked * 5 >= len(tokens):
        return "vi"
    vietnamese = sum(token in frequent.VIETNAMESE for token in tokens)
    english = sum(token in frequent.ENGLISH for token in tokens)
    shaped = sum(_SYLLABLE.match(token) is not None for token in tokens) / len(tokens)
    return "vi" if shaped >= 0.6 and vietnamese >= english or shaped >= 0.85 and vietnamese > 0 else "en"


def fingerprint(text: str, *, kind: str, place: str = "") -> str:
    """64 hex digits that are the same for the same question of one kind and place, however it was typed.

    Diacritics, case, spaces, punctuation and the wrapping of `words` do not count; words, numbers and links do.
    """
    asked = " ".join(words(text)) or _SPACE.sub("", fold(link_parts.without_links(text)))
    parts = (kind, asked, " ".join(words(place)), " ".join(sorted(links(text))))
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()


def is_empty(text: str) -> bool:
    """Whether there is nothing to read: only white space, controls, invisible characters or byte order marks."""
    return not any(unicodedata.category(char)[0] not in "ZC" or char == "\ufffd" for char in text)


def is_binary(text: str) -> bool:
    """Whether a file was pasted instead of a text: a NUL, or more than one in twenty characters no keyboard types."""
    if "\0" in text:
        return True
    odd = sum(text.count(chr(code)) for code in _CONTROLS if chr(code) != "\r")
    odd += text.count("\ufffd") + len(_SURROGATES.findall(text))
    return odd > 2 and odd * 20 > len(text)


@dataclass(frozen=True)
class Change:
    """A stretch of a corrected text. "same" + "added" join to the new text, "same" + "removed" to the old one."""

    kind: Literal["same", "added", "removed"]
    text: str


def words_changed(old: str, new: str) -> list[Change]:
    """What changed between two texts, word by word, in reading order, removals before additions; white space counts."""
    before, after = re.findall(r"\s+|\S+", old), re.findall(r"\s+|\S+", new)
    changes: list[Change] = []
    for tag, start, end, to_start, to_end in difflib.SequenceMatcher(None, before, after).get_opcodes():
        if tag == "equal":
            changes.append(Change(kind="same", text="".join(before[start:end])))
            continue
        if end > start:
            changes.append(Change(kind="removed", text="".join(before[start:end])))
        if to_end > to_start:
            changes.append(Change(kind="added", text="".join(after[to_start:to_end])))
    return changes
