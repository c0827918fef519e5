"""Sentences of a message, and the ones that hold what is asked."""

import re
from typing import NamedTuple

from sangto.engine.chatter import is_chatter
from sangto.engine.folding import cleaned
from sangto.engine.frequent import UNTELLING
from sangto.engine.links import LINK
from sangto.engine.tokens import SYMBOLS, stretches, words_of

_BREAK = re.compile(rf"[.!?…]+[\"'”’)\]]*(?=\s|\Z|[{SYMBOLS}])|[。！？]+|[;\n]+|[{SYMBOLS}]+")
_LAST_WORD = re.compile(r"(?<![^\W_])([^\W_]{1,5})\.\Z")
_ABBREVIATIONS = """
tp tx tt q p d h x ts ths pgs gs bs ks ls dr mr mrs ms st no nr vs prof gen sen rep gov jr sr inc co ltd dept etc
jan feb mar apr jun jul aug sep sept oct nov dec approx est
"""
_ABBREVIATED = frozenset(_ABBREVIATIONS.split())
_CLAUSE = re.compile(r"(?<=[,:])\s+|\s+[-–—]\s+")

# What a person tells of themselves and their day before asking; it says nothing about what is asked.
_STORY_WORDS = """
me bo ba ma ong noi ngoai em chau con anh chi co chu bac di cau mo vo chong hang xom ban be nha minh toi tui to hom
qua sang trua chieu bua truoc ngoi an com di cho ve ke lo so mung met buc ghe lam nguoi quen que tuoi cafe ca phe
tra da tam su doc xem luot dien thoai may thay nghe hoi biet hieu noi bao gui nhan tin nhom zalo facebook tiktok mang
cai nay do vua moi cu hay hoai suot ngay dem tuan roi luc khi nen ma thi la nhu vay the cung rat lam qua troi oi dong
nghiep phong cong ty van hoc tro sinh vien cu ky da thua xin cam on giup tra loi som mong dai gia dinh ca nha hai
friend mother mum mom dad father aunt uncle neighbour neighbor sister brother wife husband yesterday today morning
evening night dinner lunch work home office told heard saw read sent message group chat worried scared thanks thank
very really always i me you am im
"""
_STORY = frozenset(_STORY_WORDS.split())
_TELLING_ENOUGH = 2
_ASKED_WORDS = 3
_LEFT_ENOUGH = 3


def _ends_sentence(text: str, *, begin: int, start: int, end: int) -> bool:
    if text[start] != "." or text[start:end].strip("\"'”’)]") != ".":
        return True
    match = _LAST_WORD.search(text, max(0, start - 6), start + 1)
    if match is None:
        return True
    word = match[1]
    initial = len(word) == 1 and word.isupper()
    return not (initial or word.lower() in _ABBREVIATED or word.isdecimal() and not text[begin : match.start()].strip())


def sentences(text: str) -> list[str]:
    """The sentences of a text in order, without empty ones; line ends, semicolons and emoji also end one.

    Links, abbreviations ("TP. HCM", "J. K.") and numbers (1.000, 2.5, dates) stay whole.
    """
    inside = [match.span() for match in LINK.finditer(text)] if "/" in text or "www." in text.lower() else []
    found, begin, link = [], 0, 0
    for match in _BREAK.finditer(text):
        while link < len(inside) and inside[link][1] <= match.start():
            link += 1
        in_link = link < len(inside) and inside[link][0] <= match.start() and match.end() < inside[link][1]
        if not in_link and _ends_sentence(text, begin=begin, start=match.start(), end=match.end()):
            found.append(text[begin : match.end()].strip())
            begin = match.end()
    found.append(text[begin:].strip())
    return [one for one in found if one]


class _Clause(NamedTuple):
    text: str
    said: int
    telling: int
    asks: bool


def _clause(text: str) -> _Clause:
    found = words_of(stretches(LINK.sub(" ", text)))
    chatter = is_chatter(found.written, ends=found.ends)
    kept = [word for word, left_out in zip(found.folded, chatter, strict=True) if not left_out]
    telling = {word for word in kept if word not in UNTELLING and word not in _STORY}
    asks = len(kept) >= _ASKED_WORDS and ("?" in text or found.folded[-1:] == ["khong"])
    return _Clause(text, len(kept), len(telling), asks)


def _needed(sentence: str) -> list[_Clause]:
    """The clauses of a sentence that are not mere wrapping; none where the sentence tells next to nothing."""
    clauses = [_clause(text) for text in _CLAUSE.split(sentence) if text]
    if sum(clause.telling for clause in clauses) < _TELLING_ENOUGH and not any(clause.asks for clause in clauses):
        return []
    return [clause for clause in clauses if clause.said]


def claim_part(text: str) -> str:
    """The clauses of a message that hold what is asked, joined with a space; never empty for a text of words.

    Left out are clauses that are nothing but greetings, thanks, calls to share or signatures, and sentences of a
    personal story without a telling word. The whole text comes back where what would be left is too little.
    """
    whole = cleaned(text).strip()
    needed = [clause for sentence in sentences(whole) for clause in _needed(sentence)]
    if sum(clause.telling for clause in needed) < _LEFT_ENOUGH:
        return whole
    return " ".join(clause.text for clause in needed)
