"""The contradiction guard: whether two texts that look alike say different things."""

import re
from dataclasses import dataclass

from sangto.engine.text import fold, guess_lang

_NEGATING = """
not no never none nobody nothing neither nor cannot without cant wont dont doesnt didnt isnt arent wasnt werent hasnt
havent hadnt shouldnt wouldnt couldnt mustnt aint neednt
"""
_ENGLISH = frozenset(_NEGATING.split())
_SURE = frozenset({"khong"})
# Without its diacritics each of these is also another word: chua is also to cure, dung also right or to use.
_MARKED = {"chưa": "chua", "chẳng": "chang", "chả": "cha", "đừng": "dung", "cấm": "cam", "chớ": "cho"}
_MAYBE = frozenset({"chua", "chang", "dung"})

_NOT_A_NEGATION = re.compile(
    r"\b(?:khong (?:khi|gian|quan|trung|luu|tac|nhung|chi)|(?:hang|phong|tren|giua|ban|vo) khong"
    r"|(?:co )?(?:dung|that|phai|chinh xac|duoc|the|chuan|on)(?: vay| su that| nhu vay| the)? khong"
    r"|(?:hay|co hay|biet co|co) (?:la )?khong|hay chua|da .{1,60}? chua(?=\W*$)"
    r"|not only|no doubt|or not|no\.? ?(?=\d)"
    r"|(?:is|are|was|does|do|did|has|have)(?:n't| not) (?:it|this|that|they)(?=\W*\?))(?!\w)"
)
_TAG = re.compile(r"\b(?:khong|chua|no)(?: (?:a|ad|admin|vay|the|nhi|ha|oi|em|anh|chi|ban|moi nguoi|nhe|nua))*\W*$")
_SENTENCE = re.compile(r"[.?!;\n]+(?=\s|$)|\n")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


@dataclass(frozen=True)
class Negations:
    """The negating words of a text: certain ones, ones that may be another word, and all its words (folded)."""

    sure: frozenset[str]
    maybe: frozenset[str]
    words: frozenset[str]


def _vietnamese(text: str) -> tuple[set[str], set[str]]:
    sure: set[str] = set()
    maybe: set[str] = set()
    for sentence in _SENTENCE.split(text):
        folded = _TAG.sub(" ", _NOT_A_NEGATION.sub(" ", fold(sentence)))
        found = set(_WORD.findall(folded))
        sure |= found & _SURE
        if sentence.isascii():
            maybe |= found & _MAYBE
        else:
            marked = {_MARKED[word] for word in _WORD.findall(sentence.lower()) if word in _MARKED}
            sure |= marked & found
    return sure, maybe


def negations(text: str) -> Negations:
    """The negations of a text; a question tag ("có đúng không?", "isn't it?") is none."""
    words = frozenset(_WORD.findall(fold(text)))
    if guess_lang(text) == "vi":
        sure, maybe = _vietnamese(text)
        return Negations(sure=frozenset(sure), maybe=frozenset(maybe), words=words)
    folded = _NOT_A_NEGATION.sub(" ", fold(text))
    found = {word.replace("'", "") for word in _WORD.findall(folded)}
    return Negations(sure=frozenset(found & _ENGLISH), maybe=frozenset(), words=words)


def _says_no(one: Negations, *, other: Negations) -> bool:
    return bool(one.sure or (one.maybe - other.words) or (one.maybe & other.sure))


def negation_differs(one: Negations, other: Negations) -> bool:
    """Whether just one of two texts negates. A word typed without diacritics is read as the other text reads it."""
    return _says_no(one, other=other) != _says_no(other, other=one)


def numbers_differ(
    message: frozenset[str], entry: frozenset[str], *, anywhere: frozenset[str]
) -> tuple[str, str] | None:
    """A number of the message and the one the entry has instead, or None.

    `entry` holds the numbers of the wording compared, `anywhere` those of all wordings: a number there is no change.
    """
    only_message, only_entry = message - anywhere, entry - message
    if not only_message or not only_entry:
        return None
    return min(only_message), min(only_entry)
