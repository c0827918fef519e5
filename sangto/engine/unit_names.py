"""Names of places made comparable: as typed, folded, without diacritics, without the word for what kind they are."""

import re
import unicodedata

from sangto.engine.folding import bare, cleaned

_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
_SPACE = re.compile(r"\s+")
_QUOTES = str.maketrans("’‘ʼ`´", "'''''")
_DASHES = re.compile(r"\s*[-‐‑‒–—]\s*")
_DIGITS = re.compile(r"\b0+(?=\d)")

# The words for kinds of places, the longer before the shorter, without diacritics; what people write for them too.
_KIND_WORDS = (
    "thanh pho", "thi tran", "thi xa", "dac khu", "tinh", "quan", "huyen", "phuong", "xa", "tp", "tt", "tx", "p", "x",
    "q", "h",
)  # fmt: skip
_KIND = re.compile(rf"(?:{'|'.join(_KIND_WORDS)})(?:\.\s*|\s+)(?=\S)")

# The word that a full name begins with, and (kind, level) for it. Level 1 is the topmost.
KINDS = {
    "tinh": ("province", 1),
    "thanh pho": ("city", 1),
    "huyen": ("district", 2),
    "quan": ("district", 2),
    "thi xa": ("district", 2),
    "phuong": ("ward", 3),
    "thi tran": ("town", 3),
    "xa": ("commune", 3),
    "dac khu": ("special_zone", 3),
}


def spelt(name: str) -> str:
    """The name as it is kept: composed Unicode, single spaces, no invisible characters, never cut."""
    return _SPACE.sub(" ", unicodedata.normalize("NFC", cleaned(name))).strip()


def folded_key(name: str) -> str:
    """What spellings of one name share: case, where the tone mark stands (hoà, hòa), apostrophes, dashes, spaces."""
    text = _DASHES.sub(" - ", spelt(name).translate(_QUOTES)).lower()
    return " ".join(_tone_last(word) for word in text.split())


def bare_key(name: str) -> str:
    """The folded key without diacritics (đ is d), zeros before a number dropped."""
    text = _DASHES.sub(" ", bare(spelt(name).translate(_QUOTES)))
    return _DIGITS.sub("", _SPACE.sub(" ", text)).strip()


def stem(name: str) -> str:
    """The bare key without the word for its kind, where something is left."""
    key = bare_key(name)
    found = _KIND.match(key)
    return _DIGITS.sub("", key[found.end() :]) if found else key


def kind_of(name: str) -> tuple[str, int] | None:
    """The kind and level that a full name says in its first words, or None."""
    key = bare_key(name)
    return next((KINDS[word] for word in KINDS if key.startswith(word + " ")), None)


def is_same_name(one: str, other: str) -> bool:
    """Whether two spellings are of one name."""
    return folded_key(one) == folded_key(other)


def _tone_last(word: str) -> str:
    parts = unicodedata.normalize("NFD", word)
    tones = "".join(char for char in parts if char in _TONES)
    return unicodedata.normalize("NFC", "".join(char for char in parts if char not in _TONES)) + tones
