"""The contradiction guard: whether two texts that look alike say different things."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sangto.engine.text import fold, guess_lang

_NEGATING = """
not no never none nobody nothing neither nor cannot without cant wont dont doesnt didnt isnt arent wasnt werent hasnt
havent hadnt shouldnt wouldnt couldnt mustnt aint neednt
"""
_ENGLISH = frozenset(_NEGATING.split())
_SURE = {"khong"}
# Without its diacritics each of these is also another word: chua is also to cure, dung also right or to use.
_MARKED = {"chưa": "chua", "chẳng": "chang", "đừng": "dung"}
_MAYBE = {"chua", "chang", "dung"}

# Air, space, air force, aviation: compounds that negate nothing; but "không gian lận" (no cheating) does.
_COMPOUNDS = (
    r"khong (?:khi(?! nao)|gian(?! lan| doi)|quan(?! tam| trong| he| ngai)|trung(?! thuc| thanh| lap)|luu(?! tru| y))"
    r"|(?:hang|phong) khong|khong (?:nhung|chi)(?=.{1,200}\bma\b)"
)
_PARTICLES = "a|ad|admin|vay|the|nhi|ha|oi|em|anh|chi|ban|moi nguoi|nhe|nua"
_QUESTIONS = (
    r"(?:(?:co )?(?:dung|that|phai|chinh xac|duoc|the|chuan|on)(?: vay| su that| nhu vay| the)?|co|hay|hay la) khong"
    rf"(?=\W*$|\W*[?,]| (?:{_PARTICLES})\b)|hay chua"
)
_ENGLISH_TAGS = (
    r"not only(?=.{1,200}\bbut\b)|no doubt|or not"
    r"|(?:is|are|was|does|do|did|has|have)(?:n't| not) (?:it|this|that|they)(?=\W*\?)"
)
_NOT_A_NEGATION = re.compile(rf"\b(?:{_COMPOUNDS}|{_QUESTIONS}|{_ENGLISH_TAGS})(?!\w)|\bno\.? ?(?=\d)")
_TAG = re.compile(rf"\b(?:khong|chua|no)(?: (?:{_PARTICLES}))*\W*$")
_SENTENCE = re.compile(r"[.?!;\n]+(?=\s|$)|\n")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


@dataclass(frozen=True)
class Negations:
    """The negating words of a text: certain ones, ones that may be another word, and all its words (folded)."""

    sure: tuple[str, ...]
    maybe: tuple[str, ...]
    words: frozenset[str]


def _vietnamese(sentence: str) -> tuple[list[str], list[str]]:
    found = _WORD.findall(_TAG.sub(" ", _NOT_A_NEGATION.sub(" ", fold(sentence))))
    sure = [word for word in found if word in _SURE]
    if sentence.isascii():
        return sure, [word for word in found if word in _MAYBE]
    marked = [_MARKED[word] for word in _WORD.findall(sentence.lower()) if word in _MARKED]
    return sure + [word for word in marked if word in found], []


def negations(text: str) -> Negations:
    """The negations of a text; a question tag ("có đúng không?", "isn't it?") is none."""
    words = frozenset(_WORD.findall(fold(text)))
    if guess_lang(text) == "vi":
        sentences = [_vietnamese(sentence) for sentence in _SENTENCE.split(text)]
        sure, maybe = (tuple(word for found in kinds for word in found) for kinds in zip(*sentences, strict=True))
        return Negations(sure=sure, maybe=maybe, words=words)
    found = [word.replace("'", "") for word in _WORD.findall(_NOT_A_NEGATION.sub(" ", fold(text)))]
    return Negations(sure=tuple(word for word in found if word in _ENGLISH), maybe=(), words=words)


def _times_no(one: Negations, *, other: Negations) -> int:
    return len(one.sure) + sum(word not in other.words or word in other.sure for word in one.maybe)


def negation_differs(one: Negations, other: Negations, *, near: bool = False) -> bool:
    """Whether just one of two texts negates; of two near ones, whether one negates more often than the other.

    A word typed without diacritics is read as the other text reads it.
    """
    times, other_times = _times_no(one, other=other), _times_no(other, other=one)
    return times != other_times if near else bool(times) != bool(other_times)


def _is_part(short: Sequence[str], *, long: Sequence[str]) -> bool:
    rest = iter(long)
    return all(number in rest for number in short)


def numbers_differ(
    message: Sequence[str], entry: Sequence[str], *, anywhere: frozenset[str], near: bool = False
) -> tuple[str, str] | None:
    """A number of the message and the one the entry has instead, or None; both in reading order.

    Of two near texts one may leave numbers out, but not change or swap one. Otherwise each must have a number that the
    other lacks, where `anywhere`, the numbers of all the entry's wordings, counts for the entry.
    """
    if near and message and entry and not (_is_part(message, long=entry) or _is_part(entry, long=message)):
        return next(((one, held) for one, held in zip(message, entry, strict=False) if one != held), None)
    only_message = [number for number in message if number not in anywhere]
    only_entry = [number for number in entry if number not in message]
    return (only_message[0], only_entry[0]) if only_message and only_entry else None
