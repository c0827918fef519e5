"""What becomes of each character before Messages are compared in bulk, as tables over code points."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

BETWEEN, LETTER, DIGIT, SINGLE, LINK = range(5)
DROPPED, DECIMAL_POINT, LINK_MARK = 0, 1, 0xE000
LAST_CODE = 0x2FFFF
_TABLED = 0x20000

_DIACRITICS = ((0x300, 0x370), (0x1AB0, 0x1B00), (0x1DC0, 0x1E00), (0x20D0, 0x2100), (0xFE20, 0xFE30), (0xFE00, 0xFE10))
_INVISIBLE = (0xAD, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF)
_STROKES = str.maketrans("đðøłħı’‘ʼ", "ddolhi'''")
# Scripts written without spaces: each character is a word of its own.
_UNSPACED = ((0xE00, 0xF00), (0x1000, 0x10A0), (0x1780, 0x1800), (0x3040, 0x3100), (0x3400, 0xA000), (0xF900, 0xFB00))


@dataclass(frozen=True)
class Tables:
    """For each code point up to LAST_CODE: the folded one (0 is left out), and for each folded one its class."""

    folded: npt.NDArray[np.uint32]
    kind: npt.NDArray[np.uint8]


def _is_diacritic(char: str) -> bool:
    return any(start <= ord(char) < stop for start, stop in _DIACRITICS)


def _folded(char: str) -> int:
    category = unicodedata.category(char)
    if category == "Nd":
        return ord("0") + unicodedata.decimal(char)
    if category[0] not in "LMN" and char not in "’‘ʼ":
        return ord(char) if char.isascii() and char.isprintable() else ord(" ")
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", char).casefold()).translate(_STROKES)
    plain = "".join(part for part in plain if not _is_diacritic(part))
    # Composed again, so that a syllable of Hangul stays one; of a ligature the first letter stands for all.
    return ord(unicodedata.normalize("NFC", plain)[0]) if plain else ord(char)


def _kind(code: int) -> int:
    if chr(code).isdecimal() or code == DECIMAL_POINT:
        return DIGIT
    if code == ord("%"):
        return SINGLE
    return LETTER if unicodedata.category(chr(code))[0] in "LMN" else BETWEEN


@lru_cache(maxsize=1)
def tables() -> Tables:
    """The two tables, made once: marks and invisible characters go, letters fold, digits of every script are 0 to 9."""
    folded = np.arange(LAST_CODE + 1, dtype=np.uint32)
    folded[128:_TABLED] = [_folded(chr(code)) for code in range(128, _TABLED)]
    folded[:128] = [ord(chr(code).lower()) if code >= 32 else ord(" ") for code in range(128)]
    kind = np.full(LAST_CODE + 1, SINGLE, np.uint8)
    kind[:_TABLED] = [_kind(code) for code in range(_TABLED)]
    for start, stop in _UNSPACED:
        kind[start:stop] = np.where(kind[start:stop] == LETTER, SINGLE, kind[start:stop])
    kind[LINK_MARK : LINK_MARK + 256] = LINK
    folded[LINK_MARK : LINK_MARK + 256] = np.arange(LINK_MARK, LINK_MARK + 256)
    for start, stop in _DIACRITICS:
        folded[start:stop] = DROPPED
    folded[list(_INVISIBLE)] = DROPPED
    folded[LAST_CODE] = ord(" ")
    return Tables(folded=folded, kind=kind)
