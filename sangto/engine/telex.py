"""Words left as the keys of a Vietnamese typing method ("dduowcj", "d9uo7c5"), read as the word they were meant to be.

Telex: dd aa ee oo aw ow uw w for đ â ê ô ă ơ ư, and s f r x j for the tones; VNI: 6 7 8 9 for the marks, 1 to 5 for the
tones. Keys may come late ("duocwj", "tiengse"), and marks that were set may be mixed with keys ("đươcj").
"""

import re
import unicodedata

from sangto.engine.english import TELEX_LIKE
from sangto.engine.syllable import FOLDED, TONELESS, fits_tone

_LONGEST = 12
# Keys that hardly any other spelling has; without them, every key has to be in its usual place.
_SURE = re.compile(r"\Add|aa|uw|iee|yee|uoo|[aeiouy].*j|[aeiouy]f[aeiouy]|[^a-z]")
_TIDY = re.compile(r"[^aeiouyw]*(?:[aeiouy]|aa|ee|oo|aw|ow|w)+(?:ch|ng|nh|[cmnpt])?[sfrxj]?")
_UNDONE = re.compile(r"([sfrxjw])\1")
_KEYS = str.maketrans(
    {"đ": "dd", "â": "aa", "ê": "ee", "ô": "oo", "ă": "aw", "ơ": "ow", "ư": "uw"}
    | {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
)
_MARKS_KEPT = re.compile("[\u0301\u0300\u0309\u0303\u0323]")
_VNI = re.compile(r"[a-z]+[1-9]{1,2}[a-z][a-z1-9]*")
_VNI_KEYS = {"1": "s", "2": "f", "3": "r", "4": "x", "5": "j", "7": "w", "8": "w", "9": "d"}
_TYPED = re.compile(r"(dd|ngh?|nh|t[hr]|[ckpg]h|qu|gi(?=[aeouw])|[bcdghklmnpqrstvx]?)([a-z]*)")
_TONE_MARKS = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_FINAL = re.compile(r"[aăâeêioôơuưy]+")
_HORNS = (("oa", "oă"), ("uo", "ươ"), ("ua", "ưa"), ("o", "ơ"), ("u", "ư"), ("a", "ă"))


def _with_vni_as_telex(word: str) -> str:
    typed = ""
    for char in word:
        vowel = next((one for one in reversed(typed) if one in "aeo"), "")
        typed += vowel if char == "6" else _VNI_KEYS.get(char, char)
    return typed


def _as_keys(word: str) -> str:
    if word.isascii():
        return _with_vni_as_telex(word) if _VNI.fullmatch(word) else word
    tones_split = unicodedata.normalize("NFD", word)
    tones = "".join(_MARKS_KEPT.findall(tones_split))
    marked = unicodedata.normalize("NFC", _MARKS_KEPT.sub("", tones_split))
    return (marked + tones).translate(_KEYS)


def _with_horn(rhyme: str) -> str:
    for plain, horned in _HORNS:
        if plain in rhyme:
            return rhyme.replace(plain, horned, 1)
    return rhyme + "ư" if not rhyme or not set(rhyme) & set("aeiouy") else rhyme


def _with_circumflex(rhyme: str, *, vowel: str) -> str:
    return rhyme.replace(vowel, {"a": "â", "e": "ê", "o": "ô"}[vowel], 1)


def _read_rhyme(keys: str) -> tuple[str, str]:
    """The rhyme and the tone key of what was typed after the initial; a tone that is undone or changed gives "?"."""
    rhyme, tone, horn = "", "", False
    for char in keys:
        if char in "sfrxj" and rhyme:
            tone = char if tone in ("", char) else "?"
        elif char == "w":
            horn = True
            rhyme = rhyme or "u"
        elif char in "aeo" and char in rhyme:
            rhyme = _with_circumflex(rhyme, vowel=char)
        else:
            rhyme += char
    return _with_horn(rhyme) if horn else rhyme, tone


def _with_tone(initial: str, *, rhyme: str, tone: str) -> str:
    vowels = _FINAL.match(rhyme)
    if not tone or not vowels:
        return initial + rhyme
    marked = [at for at, char in enumerate(vowels[0]) if char in "ăâêôơư"]
    inner = len(vowels[0]) == 3 or (len(vowels[0]) == 2 and vowels.end() < len(rhyme))
    at = marked[-1] if marked else int(inner)
    toned = rhyme[: at + 1] + _TONE_MARKS[tone] + rhyme[at + 1 :]
    return unicodedata.normalize("NFC", initial + toned)


def decoded(word: str) -> str | None:
    """The syllable that the keys of a lower-case NFC word spell; None when they spell none or changed nothing."""
    match = _TYPED.fullmatch(_as_keys(word)) if len(word) <= _LONGEST else None
    if match is None or not match[2]:
        return None
    initial, late_stroke = ("đ", "") if match[1] == "dd" else (match[1], match[1] == "d" and "d" in match[2])
    rhyme, tone = _read_rhyme(match[2].replace("d", "", 1) if late_stroke else match[2])
    initial = "đ" if late_stroke else initial
    if tone == "?":
        return None
    if initial + rhyme not in TONELESS:
        # A mark was left out as well: the tone key tells that the rest is a syllable, but not where its tone belongs.
        return initial + rhyme if tone in ("f", "j") and initial + rhyme in FOLDED else None
    if not fits_tone(initial + rhyme, tone=tone) and (tone or not _SURE.search(word)):
        return None
    found = _with_tone(initial, rhyme=rhyme, tone=tone)
    return found if found != word else None


def undo(word: str) -> str | None:
    """The syllable meant by a slip of the typing method; None for a syllable, an English word and anything unclear."""
    if word in FOLDED or word in TELEX_LIKE or _UNDONE.search(word):
        return None
    if not (_SURE.search(word) or _TIDY.fullmatch(word)):
        return None
    return decoded(word)
