"""What to do with a message: answer at once, offer what may fit, or pass it to a person. And which case it joins."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import partial
from typing import Literal

from sangto.engine.frequent import FILLERS, UNTELLING
from sangto.engine.guard import Contradiction, agreements, contradictions, facts
from sangto.engine.learned import Learned, shipped
from sangto.engine.match import Entry, Index
from sangto.engine.query import unsigned
from sangto.engine.rank import SURE_OF, Candidate, candidates, ranked
from sangto.engine.rerank import Reader, considered, reordered
from sangto.engine.text import guess_lang, links, words
from sangto.engine.vocabulary import stem

__all__ = [
    "DEFAULT",
    "PROMISE",
    "Decision",
    "Reason",
    "Rules",
    "Scored",
    "contradicting",
    "decide",
    "joins",
    "with_promise",
]

PROMISE = 0.98
_READ_CHARACTERS = 4000
_CLOSELY = 3  # candidates whose texts are read for contradictions


@dataclass(frozen=True)
class Rules:
    """The numbers that the decisions depend on beside the model. Sureness and shares are 0..1."""

    promise: float = PROMISE
    offer: float = 0.10
    offered: int = 3
    contradicted_at_most: float = 0.50
    same_link: float = 0.90
    near: float = 0.70  # from this likeness on, two texts differ in single words
    instant_covered: float = 0.35
    clear_of_next: float = 0.15
    joins_sure: float = 0.90
    joins_covered: float = 0.75
    joins_covering: float = 0.60


DEFAULT = Rules()
_NEARLY, _EQUALLY_LONG = 0.6, 1.7
_SLIP_LETTERS, _SLIP_RATIO = 4, 0.75
_SAME_TEXT_PERCENT, _SAME_WORDS_PERCENT = 60, 20


@dataclass(frozen=True)
class Reason:
    """Why a candidate fits or does not: a code, and what it is about ("94" percent, "50 / 5")."""

    code: str
    value: str = ""


@dataclass(frozen=True)
class Scored:
    """A candidate's entry id, how sure it asks the same (0..1), and why."""

    id: int
    sureness: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Decision:
    """The zone and at most 3 candidates, best first; none for "person"; for "instant" the first is the answer.

    `ranking` are the ids of the best five whether shown or not; `raw` and `sure` are the decider's value of the first
    of them and how sure that makes it.
    """

    zone: Literal["instant", "offer", "person"]
    candidates: tuple[Scored, ...]
    ranking: tuple[int, ...] = ()
    raw: float = 0.0
    sure: float = 0.0


@dataclass(frozen=True)
class _Read:
    """A candidate whose texts were read: how sure now, what agrees and what contradicts.

    It is identical when the message has its telling words in the same order, and no other.
    """

    candidate: Candidate
    sureness: float
    agreeing: tuple[Reason, ...] = ()
    against: tuple[Reason, ...] = ()
    is_identical: bool = False

    @property
    def scored(self) -> Scored:
        return Scored(self.candidate.id, self.sureness, self.agreeing + self.against)


def _telling(text: str) -> tuple[str, ...]:
    """The stems of a text in order, but for words that may come or go."""
    return tuple(stem(word) for word in words(text) if word not in FILLERS)


def _own(one: str, *, other: str) -> list[str]:
    """The telling words of a text that the other does not have."""
    theirs = {stem(word) for word in words(other)}
    return [word for word in words(one) if stem(word) not in theirs and word not in UNTELLING]


def _is_slip(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= _SLIP_LETTERS and SequenceMatcher(None, one, other).ratio() >= _SLIP_RATIO


def _swaps(text: str, candidate: Candidate) -> bool:
    """Whether two texts about equally long are nearly the same but for a telling word in the place of another."""
    shorter, longer = sorted((len(words(text)), len(words(candidate.wording))))
    if candidate.share("best_dice") < _NEARLY or longer > _EQUALLY_LONG * shorter:
        return False
    mine, theirs = _own(text, other=candidate.wording), _own(candidate.wording, other=text)
    new = [word for word in mine if not any(_is_slip(word, other) for other in theirs)]
    gone = [word for word in theirs if not any(_is_slip(word, other) for other in mine)]
    return bool(new and gone)


def _place_reasons(place: str, *, entry: Entry) -> tuple[list[Reason], list[Reason]]:
    asked, held = set(words(place)) if place else set(), set(words(entry.place)) if entry.place else set()
    if not asked or not held:
        return [], []
    return ([Reason("same_place")], []) if asked <= held or held <= asked else ([], [Reason("place_differs")])


def _likeness_reasons(candidate: Candidate) -> list[Reason]:
    text, shared = round(candidate.share("best_dice") * 100), round(candidate.share("best_covered") * 100)
    reasons = [Reason("same_text", str(text))] if text >= _SAME_TEXT_PERCENT else []
    return reasons + ([Reason("same_words", str(shared))] if shared >= _SAME_WORDS_PERCENT else [])


def _as_reason(one: Contradiction) -> Reason:
    return Reason(one.code, " / ".join(part for part in (one.mine, one.theirs) if part))


def contradicting(text: str, candidate: Candidate, *, rules: Rules = DEFAULT) -> tuple[Contradiction, ...]:
    """What a message says differently than the nearest wording of a candidate or than its question.

    What another wording agrees with counts for neither.
    """
    near = candidate.share("best_dice") >= rules.near
    compared = {candidate.entry.question: False, candidate.wording: near}
    if _telling(text) == _telling(candidate.wording):  # somebody confirmed these very words
        compared = {candidate.wording: near}
    for wording, close in compared.items():
        if contradictions(facts(text), facts(wording), near=close):
            also = [facts(part) for part in candidate.entry.said if part != wording]
            if found := contradictions(facts(text), facts(wording), also=also, near=close):
                return found
    return ()


def _read(text: str, *, candidate: Candidate, place: str, rules: Rules, learned: Learned) -> _Read:
    """The candidate with its reasons; a contradicted one is far less sure."""
    same, differing = _place_reasons(place, entry=candidate.entry)
    against = [*map(_as_reason, contradicting(text, candidate, rules=rules)), *differing]
    agreed = agreements(facts(text), facts(candidate.wording))
    agreeing = [*_likeness_reasons(candidate), *dict.fromkeys(Reason(one.code) for one in agreed), *same]
    sure = candidate.sureness
    asked = set(links(text)) if "." in text else set()
    if asked and asked & set(links("\n".join((*candidate.entry.said, candidate.entry.text)))):
        agreeing.insert(0, Reason("same_link"))
        sure = max(sure, rules.same_link)
    identical = not against and _telling(text) == _telling(candidate.wording) != ()
    if against:
        sure = min(sure * learned.contradicted, rules.contradicted_at_most)
    return _Read(candidate, 1.0 if identical else sure, tuple(agreeing), tuple(against), identical)


def _read_all(
    text: str,
    index: Index,
    *,
    kind: str | None,
    place: str,
    without: Collection[int],
    rules: Rules,
    learned: Learned,
) -> list[_Read]:
    """The likeliest few, the first of them read closely, surest first."""
    if not len(index):
        return []
    ranking = ranked(text, index, learned=learned, kind=kind, without=without)
    found = candidates(ranking, index, learned=learned)
    likely = sum(one.sureness >= rules.offer for one in found[:_CLOSELY]) if "." not in text else _CLOSELY
    closely = [_read(text, candidate=one, place=place, rules=rules, learned=learned) for one in found[:likely]]
    rest = [_Read(one, min(one.sureness, rules.contradicted_at_most)) for one in found[likely:]]
    return sorted([*closely, *rest], key=lambda one: -one.sureness)


def _stands_clear(best: _Read, *, others: Sequence[_Read], rules: Rules) -> bool:
    """Whether nothing else could be meant as well. An entry in the same words is no rival: either answers."""
    mine = words(best.candidate.wording)
    for other in others:
        closer = other.candidate.share("best_dice") > best.candidate.share("best_dice")
        if other.against and closer and not best.is_identical:
            return False
        if best.sureness - other.sureness < rules.clear_of_next and words(other.candidate.wording) != mine:
            return False
    return True


def _is_instant(text: str, read: list[_Read], *, kind: str, lang: str, rules: Rules, learned: Learned) -> bool:
    best = read[0]
    if best.against or kind != "claim" or best.candidate.entry.kind != kind:
        return False
    unsure = best.candidate.raw < learned.cut_off(rules.promise, lang=lang)
    if not best.is_identical and (unsure or best.candidate.share("best_covered") < rules.instant_covered):
        return False
    if not best.is_identical and _swaps(text, best.candidate):
        return False
    return _stands_clear(best, others=read[1:], rules=rules)


def decide(
    text: str,
    index: Index,
    *,
    kind: str,
    place: str = "",
    without: Collection[int] = (),
    rules: Rules = DEFAULT,
    learned: Learned | None = None,
    reader: Reader | None = None,
) -> Decision:
    """What to do with a message of a kind at a place, given what the index holds, but for the ids to leave out.

    The first 4,000 characters count. "instant" is only for a claim whose best candidate keeps the promised precision,
    is contradicted by nothing and stands clear of the next. A reader has a say in what is offered, and no other.
    """
    text, learned = unsigned(text[:_READ_CHARACTERS]), learned or shipped()
    read = _read_all(text, index, kind=None, place=place, without=without, rules=rules, learned=learned)
    if not read:
        return Decision(zone="person", candidates=())
    instant = read[0].sureness >= rules.offer
    instant = instant and _is_instant(text, read, kind=kind, lang=guess_lang(text), rules=rules, learned=learned)
    if reader and not instant:
        more = considered(text, index, reader=reader, learned=learned, without=without)
        closely = partial(_read, text, place=place, rules=rules, learned=learned)
        read = reordered(text, read, more, reader=reader, closely=lambda one: closely(candidate=one))
    first, ranking = read[0], tuple(one.candidate.id for one in read[:SURE_OF])
    offered = tuple(one.scored for one in read if one.sureness >= rules.offer)[: rules.offered]
    if not offered:
        return Decision("person", (), ranking, first.candidate.raw, first.sureness)
    return Decision("instant" if instant else "offer", offered, ranking, first.candidate.raw, first.sureness)


def _asks_the_same(text: str, read: _Read, *, kind: str, place: str, rules: Rules) -> bool:
    candidate = read.candidate
    if read.against or candidate.entry.kind != kind or read.sureness < rules.joins_sure:
        return False
    if candidate.share("best_covered") < rules.joins_covered or candidate.share("best_covering") < rules.joins_covering:
        return False
    if not read.is_identical and _swaps(text, candidate):
        return False
    same_place = any(reason.code == "same_place" for reason in read.agreeing)
    return kind != "problem" or same_place or not (place or candidate.entry.place)


def joins(
    text: str,
    index: Index,
    *,
    kind: str,
    place: str = "",
    rules: Rules = DEFAULT,
    learned: Learned | None = None,
) -> Scored | None:
    """The one open case that asks the same question, or None. Stricter than offering: most of the words both ways.

    A problem joins only at the same place, when either of the two gives one.
    """
    text = unsigned(text[:_READ_CHARACTERS])
    # Two may be open in nearly the same words, and either will do: what stands beside it is left out of the judgement.
    read = _read_all(text, index, kind=kind, place=place, without=(), rules=rules, learned=learned or shipped())
    return next((one.scored for one in read if _asks_the_same(text, one, kind=kind, place=place, rules=rules)), None)


def with_promise(promise: float) -> Rules:
    """The usual rules with another promised precision, 0..1."""
    return replace(DEFAULT, promise=promise)
