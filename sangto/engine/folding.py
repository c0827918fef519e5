"""Characters made comparable: invisible ones dropped, NFC, lower case, diacritics off. Spelling is not looked at."""

import re
import unicodedata

_MARKS_PER_BASE = 8
CONTROLS = {code: None for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}
_INVISIBLE = dict.fromkeys([0xAD, 0x180E, 0x200B, 0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0xFEFF])
_DROPPED = {**CONTROLS, **_INVISIBLE}
_DIRECTION = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_JOINERS = {0x200C: None, 0x200D: None}
_LATIN = "0-9A-Za-z\u00c0-\u036f\u1e00-\u1eff"
_STRAY_JOINERS = re.compile(rf"(?<=[{_LATIN}])[\u200c\u200d]+|[\u200c\u200d]+(?=[{_LATIN}])")
SURROGATES = re.compile("[\ud800-\udfff]")
_MAYBE_MARKS = re.compile(r"[^\w\s\x00-\x7f]{9,}")

# Marks that writers leave out: of Latin, Greek and Cyrillic letters, Hebrew points, Arabic vowels and hamzas, tatweel.
# The marks of other scripts (Thai, Khmer, Devanagari, kana) carry the meaning and stay.
_DIACRITICS = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f\ufe00-\ufe0f]+"
)
_ZEROS = (0x660, 0x6F0, 0x966, 0x9E6, 0xE50, 0xED0, 0x17E0, 0x1040)
_DIGITS = {zero + digit: str(digit) for zero in _ZEROS for digit in range(10)}
_STROKES = str.maketrans("đðøłħı’‘ʼ", "ddolhi'''") | _DIGITS
_UNSEEN = _DIRECTION | _JOINERS
_LOWERED = _UNSEEN | _DIGITS
REPEATED = re.compile(r"([^\W\d_])\1{2,}")


def _capped(run: re.Match[str]) -> str:
    kept, marks = [], 0
    for char in run[0]:
        marks = marks + 1 if unicodedata.category(char)[0] == "M" else 0
        if marks <= _MARKS_PER_BASE:
            kept.append(char)
    return "".join(kept)


def cleaned(text: str) -> str:
    """The text in NFC without control and zero-width characters; a base keeps at most 8 combining marks."""
    if text.isascii():
        return text if text.isprintable() else text.translate(_DROPPED)
    if _CLEAN.fullmatch(text):
        return text
    text = SURROGATES.sub("\ufffd", text).translate(_DROPPED)
    text = _STRAY_JOINERS.sub("", text)
    # Sorting a long run of marks is quadratic, so the runs are cut before the text is composed and once more after.
    text = unicodedata.normalize("NFC", _MAYBE_MARKS.sub(_capped, text))
    return _MAYBE_MARKS.sub(_capped, text)


def lower(text: str) -> str:
    """A cleaned text in lower case and with one form for compatible characters (NFKC), diacritics kept."""
    if text.isascii() or _PLAIN.fullmatch(text):
        return text.lower()
    text = unicodedata.normalize("NFKC", text.translate(_LOWERED))
    return unicodedata.normalize("NFKC", text.lower())


def bare(text: str) -> str:
    """A cleaned text in lower case without the diacritics that writers leave out (đ is d)."""
    if text.isascii():
        return text.lower()
    plain = text.translate(_BARE_LETTERS)
    return plain.lower() if plain.isascii() else _bare(text)


def _bare(text: str) -> str:
    text = unicodedata.normalize("NFKD", text.translate(_UNSEEN)).casefold()
    text = _DIACRITICS.sub("", unicodedata.normalize("NFKD", text)).translate(_STROKES)
    return unicodedata.normalize("NFC", text)


# The Latin letters of one code point that need no more than a look at themselves: in NFC and NFKC already, their
# small letter too, and without diacritics one of a to z. Nearly every word is made of these and of ASCII.
_BARE_LETTERS = {
    ord(letter): plain
    for letter in map(chr, (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)))
    if len(plain := _bare(letter)) == 1
    and plain.isascii()
    and len(letter.lower()) == 1
    and unicodedata.normalize("NFKC", letter) == letter
    and unicodedata.normalize("NFKC", letter.lower()) == letter.lower()
}
LETTERS = "".join(map(chr, _BARE_LETTERS))
"""Such letters, to be put into a pattern between brackets."""
_PLAIN = re.compile(f"[\\x00-\\x7f{LETTERS}]*")
_CLEAN = re.compile(f"[\\n\\t\\x20-\\x7e{LETTERS}“”‘’…–—]*")
