"""What to do with a message: answer at once, offer what may fit, or pass it to a person. And which case it joins."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from sangto.engine.guard import Negations, negation_differs, negations, numbers_differ
from sangto.engine.likeness import Likeness, likeness, plain_rarity, swapped, taken_apart, weights
from sangto.engine.match import Candidate, Entry
from sangto.engine.text import links, numbers_in_order, words

__all__ = ["DEFAULT", "CutOffs", "Decision", "Reason", "Scored", "decide", "joins"]


@dataclass(frozen=True)
class CutOffs:
    """Every number the decisions depend on; fitted on CheckThat 2020 train and dev, see `bench/matching_quality.py`.

    Sureness and shares are 0..1. The last block are the weights of the logistic score behind sureness.
    """

    instant: float = 0.90
    instant_margin: float = 0.05
    instant_covered: float = 0.55
    rivals_that_prove: int = 5
    offer: float = 0.20
    offered: int = 3
    contradicted_at_most: float = 0.50
    compared_closely: float = 0.30
    near: float = 0.70
    near_enough_to_swap: float = 0.60
    same_link: float = 0.90

    joins_covered: float = 0.80
    joins_covering: float = 0.70
    joins_dice: float = 0.60
    joins_problem: float = 0.85

    same_text_percent: int = 60
    same_words_percent: int = 20

    start: float = -9.16
    covered: float = 3.96
    covering: float = 2.66
    dice: float = 5.54
    same_numbers: float = 0.90
    telling: float = 6.62
    behind: float = 6.19
    leading: float = 7.99


DEFAULT = CutOffs()
_READ_CHARACTERS = 4000


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
    """The zone and at most 3 candidates, best first; none for "person"; for "instant" the first is the answer."""

    zone: Literal["instant", "offer", "person"]
    candidates: tuple[Scored, ...]


@dataclass(frozen=True)
class _Facts:
    numbers: tuple[str, ...]
    negations: Negations
    links: frozenset[str]


@dataclass(frozen=True)
class _Compared:
    """A candidate beside the message: its nearest wording, what agrees and what contradicts."""

    candidate: Candidate
    wording: str
    alike: Likeness
    agreeing: tuple[Reason, ...] = ()
    against: tuple[Reason, ...] = ()

    def has(self, code: str) -> bool:
        return any(reason.code == code for reason in self.agreeing)


@lru_cache(maxsize=1024)
def _facts(text: str) -> _Facts:
    return _Facts(numbers=numbers_in_order(text), negations=negations(text), links=frozenset(links(text)))


def _nearest(text: str, *, candidates: Sequence[Candidate], rarity: Callable[[str], float]) -> list[_Compared]:
    message = taken_apart(text)
    apart = {part: taken_apart(part) for candidate in candidates for part in candidate.entry.said}
    weight = weights([message, *apart.values()], rarity=rarity)
    compared = []
    for candidate in candidates:
        alike = [(likeness(message, apart[part], weight=weight), part) for part in candidate.entry.said]
        if alike:
            best, wording = max(alike, key=lambda pair: pair[0].nearness)
            compared.append(_Compared(candidate=candidate, wording=wording, alike=best))
    return compared


def _place_reasons(place: str, *, entry: Entry) -> tuple[list[Reason], list[Reason]]:
    asked, held = set(words(place)) if place else set(), set(words(entry.place)) if entry.place else set()
    if not asked or not held:
        return [], []
    return ([Reason("same_place")], []) if asked <= held or held <= asked else ([], [Reason("place_differs")])


def _contradictions(message: _Facts, *, compared: _Compared, cut: CutOffs) -> list[Reason]:
    reasons = []
    near = compared.alike.dice >= cut.near
    nearest = _facts(compared.wording)
    anywhere = frozenset(number for part in compared.candidate.entry.said for number in _facts(part).numbers)
    if differing := numbers_differ(message.numbers, nearest.numbers, anywhere=anywhere, near=near):
        reasons.append(Reason(code="numbers_differ", value=" / ".join(differing)))
    if negation_differs(message.negations, nearest.negations, near=near):
        reasons.append(Reason(code="negation_differs"))
    return reasons


def _likeness_reasons(alike: Likeness, *, cut: CutOffs) -> list[Reason]:
    text, shared = round(alike.dice * 100), round(min(alike.covered, 1) * 100)
    reasons = [Reason("same_text", str(text))] if text >= cut.same_text_percent else []
    return reasons + ([Reason("same_words", str(shared))] if shared >= cut.same_words_percent else [])


def _with_reasons(text: str, *, compared: _Compared, place: str, cut: CutOffs) -> _Compared:
    message, entry = _facts(text), compared.candidate.entry
    agreeing = _likeness_reasons(compared.alike, cut=cut)
    if message.links and message.links & set(links("\n".join((*entry.said, entry.text)))):
        agreeing.insert(0, Reason("same_link"))
    if compared.alike.covered < cut.compared_closely and not agreeing:
        return compared
    if set(message.numbers) & set(_facts(compared.wording).numbers):
        agreeing.append(Reason("same_numbers"))
    same, differing = _place_reasons(place, entry=entry)
    against = _contradictions(message, compared=compared, cut=cut) + differing
    return _Compared(compared.candidate, compared.wording, compared.alike, (*agreeing, *same), tuple(against))


def _ahead(one: _Compared, *, others: Sequence[_Compared], cut: CutOffs) -> float:
    """How far the candidate's engine score is ahead (up to 1) or behind (down to -1) of the best other.

    Others in the same words are no rivals, nor are those that something contradicts unless they are nearer. Being ahead
    of few says little (a young desk has few answers), so the lead counts in full only against `rivals_that_prove`.
    """
    stems = taken_apart(one.wording).stems.keys()
    rivals = [
        other.candidate.score
        for other in others
        if other is not one
        and not (other.against and other.alike.nearness <= one.alike.nearness)
        and taken_apart(other.wording).stems.keys() != stems
    ]
    rival, own = max(rivals, default=0.0), one.candidate.score
    lead = (own - rival) / max(own, rival) if max(own, rival) > 0 else 0.0
    return lead * min(1.0, len(rivals) / cut.rivals_that_prove) if lead > 0 else lead


def _sureness(one: _Compared, *, ahead: float, cut: CutOffs) -> float:
    alike = one.alike
    score = cut.start + cut.covered * alike.covered + cut.covering * alike.covering + cut.dice * alike.dice
    score += cut.telling * alike.telling + cut.same_numbers * one.has("same_numbers")
    score += cut.behind * min(ahead, 0.0) + cut.leading * max(ahead, 0.0) * alike.dice
    sure = max(1 / (1 + math.exp(-score)), cut.same_link * one.has("same_link"), float(alike.identical))
    return min(sure, cut.contradicted_at_most) if one.against else sure


def _ranked(
    text: str, *, candidates: Sequence[Candidate], place: str, rarity: Callable[[str], float], cut: CutOffs
) -> list[tuple[Scored, _Compared]]:
    text = text[:_READ_CHARACTERS]
    near = _nearest(text, candidates=candidates, rarity=rarity)
    compared = [_with_reasons(text, compared=one, place=place, cut=cut) for one in near]
    scored = [
        (
            Scored(
                one.candidate.entry.id,
                _sureness(one, ahead=_ahead(one, others=compared, cut=cut), cut=cut),
                one.agreeing + one.against,
            ),
            one,
        )
        for one in compared
    ]
    return sorted(scored, key=lambda pair: (-pair[0].sureness, -pair[1].candidate.score, pair[0].id))


def _is_instant(text: str, *, ranked: list[tuple[Scored, _Compared]], kind: str, cut: CutOffs) -> bool:
    best, compared = ranked[0]
    if compared.against or kind != "claim" or compared.candidate.entry.kind != kind:
        return False
    if (
        best.sureness < cut.instant
        or compared.alike.covered < cut.instant_covered
        or _swaps(text, compared=compared, cut=cut)
    ):
        return False
    stems = taken_apart(compared.wording).stems.keys()
    rivals = [scored.sureness for scored, other in ranked[1:] if taken_apart(other.wording).stems.keys() != stems]
    if any(other.against and other.alike.nearness > compared.alike.nearness for _, other in ranked[1:]):
        return False
    return best.sureness - max(rivals, default=0.0) >= cut.instant_margin


def decide(
    text: str,
    candidates: Sequence[Candidate],
    *,
    kind: str,
    place: str = "",
    rarity: Callable[[str], float] = plain_rarity,
    cut_offs: CutOffs = DEFAULT,
) -> Decision:
    """What to do with a message of a kind at a place, given what the index found.

    The first 4,000 characters count; `rarity` is `Index.rarity`. "instant" is only for a claim whose best candidate is
    contradicted by nothing and stands clear of the second.
    """
    ranked = _ranked(text, candidates=candidates, place=place, rarity=rarity, cut=cut_offs)
    offered = tuple(scored for scored, _ in ranked if scored.sureness >= cut_offs.offer)[: cut_offs.offered]
    if not offered:
        return Decision(zone="person", candidates=())
    zone: Literal["instant", "offer"] = (
        "instant" if _is_instant(text, ranked=ranked, kind=kind, cut=cut_offs) else "offer"
    )
    return Decision(zone=zone, candidates=offered)


def _swaps(text: str, *, compared: _Compared, cut: CutOffs) -> bool:
    """Whether the two are nearly the same text with a word in place of another."""
    near = compared.alike.dice >= cut.near_enough_to_swap
    return near and swapped(taken_apart(text), taken_apart(compared.wording)) is not None


def _asks_the_same(text: str, *, compared: _Compared, kind: str, place: str, cut: CutOffs) -> bool:
    alike, entry = compared.alike, compared.candidate.entry
    if compared.against or entry.kind != kind or alike.dice < cut.joins_dice:
        return False
    if (
        alike.covered < cut.joins_covered
        or alike.covering < cut.joins_covering
        or _swaps(text, compared=compared, cut=cut)
    ):
        return False
    if kind != "problem":
        return True
    return alike.covered >= cut.joins_problem and (compared.has("same_place") or not (place or entry.place))


def joins(
    text: str,
    candidates: Sequence[Candidate],
    *,
    kind: str,
    place: str = "",
    rarity: Callable[[str], float] = plain_rarity,
    cut_offs: CutOffs = DEFAULT,
) -> Scored | None:
    """The one candidate that asks the same question, or None. Stricter than offering: most of the words both ways.

    A problem joins only at the same place, when either of the two gives one.
    """
    for scored, compared in _ranked(text, candidates=candidates, place=place, rarity=rarity, cut=cut_offs):
        if _asks_the_same(text, compared=compared, kind=kind, place=place, cut=cut_offs):
            return scored
    return None
