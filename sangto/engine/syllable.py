"""Which letters can be one Vietnamese syllable: initial, rhyme and tone, with diacritics and without.

Source: the initials and rhymes of the written language as school grammars list them; a syllable that ends in c, ch, p
or t has the sharp or the heavy tone.
"""

import unicodedata

_ALL_RHYMES = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong op ot
ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uc ui um un ung up ut uân uâng uât uây uê uêch uên uênh uêt uôc uôi uôm uôn uông uôt uơ uy uya uych uyn uynh uyp
uyt uyu uyên uyêt ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
y yêm yên yêng yêt yêu
"""
_RHYMES = _ALL_RHYMES.split()
_RHYMES_OF_QU = """
a ac ach ai an ang anh ao at au ay ăc ăm ăn ăng ăp ăt ân âng ât âu ây e en eo et ê êch ên ênh êt i in it ơ ơi ôc ông y
yên yêt ynh yt yp
"""
_AFTER_QU = _RHYMES_OF_QU.split()
_FRONT = tuple("eêiy")
_BY_SPELLING = {
    **dict.fromkeys(("k",), [rhyme for rhyme in _RHYMES if rhyme[0] in _FRONT]),
    **dict.fromkeys(("gh", "ngh"), [rhyme for rhyme in _RHYMES if rhyme[0] in "eêi"]),
    **dict.fromkeys(("c", "ng"), [rhyme for rhyme in _RHYMES if rhyme[0] not in _FRONT]),
    "g": [rhyme for rhyme in _RHYMES if rhyme[0] not in "eêy"],
    "gi": [rhyme for rhyme in _RHYMES if rhyme[0] not in "iy"],
    "qu": _AFTER_QU,
}
_OTHERS = ("", "b", "ch", "d", "đ", "h", "kh", "l", "m", "n", "nh", "p", "ph", "r", "s", "t", "th", "tr", "v", "x")
_TONES = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}

TONELESS = frozenset(
    [initial + rhyme for initial, rhymes in _BY_SPELLING.items() for rhyme in rhymes]
    + [initial + rhyme for initial in _OTHERS for rhyme in _RHYMES if initial == "" or rhyme[0] != "y" or rhyme == "y"]
    + ["xoong", "coong", "goong", "mooc", "sooc"]
)
"""The syllables without their tones: "đương", "quyên"."""

FOLDED = frozenset(
    "".join(char for char in unicodedata.normalize("NFD", syllable) if char.isalpha()).replace("đ", "d")
    for syllable in TONELESS
)
"""The syllables without any diacritics: "duong", "quyen"."""


def split_tone(word: str) -> tuple[str, str]:
    """A lower-case NFC word without its tone, and the tone as its telex letter ("s", "f", "r", "x", "j" or "")."""
    apart = unicodedata.normalize("NFD", word)
    tone = next((_TONES[char] for char in apart if char in _TONES), "")
    return unicodedata.normalize("NFC", "".join(char for char in apart if char not in _TONES)), tone


def fits_tone(toneless: str, *, tone: str) -> bool:
    """Whether a syllable may have a tone: one that ends in c, ch, p or t is sharp ("s") or heavy ("j")."""
    return tone in ("s", "j") or not toneless.endswith(("c", "ch", "p", "t"))


def is_syllable(word: str) -> bool:
    """Whether a lower-case NFC word is a Vietnamese syllable, written out or wholly without diacritics."""
    if word in FOLDED:
        return True
    toneless, tone = split_tone(word)
    return toneless in TONELESS and fits_tone(toneless, tone=tone)
