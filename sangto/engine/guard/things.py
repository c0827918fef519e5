"""One word in place of another between texts that are nearly the same."""

import re
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from functools import cache, lru_cache

from sangto.engine.frequent import UNTELLING
from sangto.engine.guard import lexicon
from sangto.engine.guard.lexicon import listed
from sangto.engine.guard.words import ASKED, PAUSE, SYLLABLE, Word, stem
from sangto.engine.text import fold

_SLIP_RATIO, _COMPARED = 0.75, 60
# A Vietnamese word has often two syllables or three, so that more of them change at once.
_LONGEST_SWAP = {True: 6, False: 4}
_FRAMED, _LONG_FRAME = 0.5, 8
_LONGER, _LONGER_IN_LONG_FRAME = 2, 4


@cache
def _same() -> dict[str, set[int]]:
    groups: dict[str, set[int]] = {}
    for at, line in enumerate(lexicon.lines("synonyms")):
        for word in line.split(","):
            groups.setdefault(" ".join(stem(fold(f"{part}/")[:-1]) for part in word.split()), set()).add(at)
    return groups


def _is_slip(one: str, other: str) -> bool:
    if min(len(one), len(other)) < 3 or one[-1].isdigit() or other[-1].isdigit():
        return False
    if SYLLABLE.match(one) and SYLLABLE.match(other):
        return False
    return (one[0] == other[0] or sorted(one) == sorted(other)) and SequenceMatcher(
        None, one, other
    ).ratio() >= _SLIP_RATIO


@lru_cache(maxsize=4096)
def _mean_the_same(one: str, other: str) -> bool:
    groups = _same()
    if groups.get(one, set()) & groups.get(other, set()):
        return True
    return one.replace(" ", "") == other.replace(" ", "") or _is_slip(one, other)


_TELEX = re.compile(r"aa|ee|oo|dd|uw|ow|[aeiouy]{1,2}(?:n|ng|nh|m|c|t)?[sfrxj]\Z")
_NOT_TOLD = listed("things.not_told")


def content(words: tuple[Word, ...]) -> list[str]:
    """The stems that are compared word by word: without pauses, no more than 60."""
    return [word.stem for word in words if word.folded not in (PAUSE, ASKED)][:_COMPARED]


def _told(words: list[str]) -> list[str]:
    return [
        word
        for word in words
        if word not in UNTELLING and word not in _NOT_TOLD and word[0].isalpha() and len(word) > 1
    ]


def _middles(one: list[str], other: list[str]) -> tuple[list[str], list[str]]:
    """What is left of two texts without the words with which both start and end."""
    start, shorter = 0, min(len(one), len(other))
    while start < shorter and one[start] == other[start]:
        start += 1
    end = 0
    while end < shorter - start and one[-1 - end] == other[-1 - end]:
        end += 1
    return one[start : len(one) - end], other[start : len(other) - end]


def _replaced(mine: list[str], theirs: list[str], *, longest: int) -> Iterator[tuple[list[str], list[str]]]:
    if mine and theirs:
        for tag, low, high, from_, to in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
            if tag == "replace" and max(high - low, to - from_) <= longest:
                yield mine[low:high], theirs[from_:to]


def close(one: list[str], other: list[str], *, vietnamese: bool) -> bool:
    """Whether two texts say the same words before and after one place where they differ."""
    mine, theirs = _middles(one, other)
    return _is_framed(mine, theirs, words=one, others=other, vietnamese=vietnamese)


def swapped(
    one: list[str], other: list[str], *, vietnamese: bool, ignored: Callable[[], frozenset[str]]
) -> tuple[str, str] | None:
    """The telling words of one text that stand where the other has different ones, or None.

    Spelling slips, inflection, moved words and the synonyms of the list do not count, nor words that are only added,
    nor those to be `ignored` (stems of what is compared elsewhere).
    """
    mine, theirs = _middles(one, other)
    if not mine or not theirs:
        return None
    has, held = ignored().union(one), ignored().union(other)
    if one > other:
        turned = _swap(theirs, mine, has=held, held=has, vietnamese=vietnamese)
        return (turned[1], turned[0]) if turned else None
    return _swap(mine, theirs, has=has, held=held, vietnamese=vietnamese)


def _is_framed(mine: list[str], theirs: list[str], *, words: list[str], others: list[str], vietnamese: bool) -> bool:
    """Whether two texts say the same words before and after a place where they differ."""
    is_long = vietnamese and len(words) - len(mine) >= _LONG_FRAME
    longer = _LONGER_IN_LONG_FRAME if is_long else _LONGER
    if max(len(mine), len(theirs)) > _FRAMED * max(len(words), len(others)) or abs(len(mine) - len(theirs)) > longer:
        return False
    if not words or not others:
        return False
    return is_long or len(mine) == len(theirs) or words[0] == others[0] and words[-1] == others[-1]


def _swap(
    first: list[str], second: list[str], *, has: frozenset[str], held: frozenset[str], vietnamese: bool
) -> tuple[str, str] | None:
    for mine, theirs in _replaced(first, second, longest=_LONGEST_SWAP[vietnamese]):
        if any(word[0].isdecimal() for word in (*mine, *theirs)):
            continue
        gone = [word for word in _told(mine) if word not in held]
        come = [word for word in _told(theirs) if word not in has]
        if not gone or not come:
            continue
        if _mean_the_same(" ".join(gone), " ".join(come)) or _mean_the_same(" ".join(mine), " ".join(theirs)):
            continue
        if any(_mean_the_same(word, another) for word in gone for another in come):
            continue
        if vietnamese and (all(map(_TELEX.search, gone)) or all(map(_TELEX.search, come))):
            continue
        return " ".join(gone), " ".join(come)
    return None
