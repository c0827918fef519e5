"""The facts of two texts side by side: what contradicts, and what agrees."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sangto.engine.guard import places
from sangto.engine.guard.dates import Date, comparable
from sangto.engine.guard.lexicon import Mention, listed
from sangto.engine.guard.narrowed import narrowed
from sangto.engine.guard.negation import Negation, idioms
from sangto.engine.guard.numbers import Amount, Numeric, comparable_amounts, same_numeric
from sangto.engine.guard.reading import Facts, Part, joined
from sangto.engine.guard.things import close, swapped
from sangto.engine.guard.units import MEASURES

_NEAREST = 0.6
_SEARCHED, _SHORT = 8, 10
_ABOUT_THE_SAME = 0.5
_DATED = listed("compare.dated")


class Contradiction(NamedTuple):
    """What differs: a code, what the message says, what the wording says (empty where one merely does not negate)."""

    code: str
    mine: str
    theirs: str


class Agreement(NamedTuple):
    """What both say or one adds: a code ("same_numbers", "same_dates", "same_places", "date_added") and the thing."""

    code: str
    value: str


def _nearest(one: Facts, other: Facts) -> Part:
    """The sentences of a text that share most telling words with another text; all of them when none shares any."""
    if len(one.parts) <= 1:
        return one.whole
    shared = [len(part.telling & other.whole.telling) for part in one.parts]
    best = max(shared)
    return joined([part for part, count in zip(one.parts, shared, strict=True) if count >= best * _NEAREST])


def _code(one: Numeric, other: Numeric) -> str:
    if isinstance(one, Date) and isinstance(other, Date):
        return "dates_differ"
    return "units_differ" if _is_other_unit(one, other) else "numbers_differ"


def _is_other_unit(one: Numeric, other: Numeric) -> bool:
    if not (isinstance(one, Amount) and isinstance(other, Amount) and one.unit and other.unit):
        return False
    units = {one.unit.dimension, other.unit.dimension}
    if one.typed != other.typed or one.unit.name == other.unit.name:
        return False
    return len(units) == 1 or units <= MEASURES


def _is_part(short: Sequence[Numeric], *, long: Sequence[Numeric]) -> bool:
    rest = iter(long)
    return all(any(same_numeric(one, other) for other in rest) for one in short)


def _changed(mine: Sequence[Numeric], theirs: Sequence[Numeric]) -> Iterator[Contradiction]:
    """Of near texts one may leave numbers out, but not change or swap one."""
    if mine and theirs and not (_is_part(mine, long=theirs) or _is_part(theirs, long=mine)):
        pairs = [(one, other) for one, other in zip(mine, theirs, strict=False) if not same_numeric(one, other)]
        one, other = pairs[0] if pairs else (mine[0], theirs[0])
        yield Contradiction(_code(one, other), str(one), str(other))


def _is_weak(one: Numeric) -> bool:
    return isinstance(one, Amount) and (one.weak or one.own)


def _clash(one: Numeric, other: Numeric) -> bool:
    if isinstance(one, Date) and isinstance(other, Date):
        return comparable(one, other)
    if isinstance(one, Amount) and isinstance(other, Amount):
        return comparable_amounts(one, other) or _is_other_unit(one, other)
    return False


def _numbers(mine: Part, theirs: Part, *, message: Facts, entry: Sequence[Facts]) -> Iterator[Contradiction]:
    if not mine.numerics or not theirs.numerics:
        return
    held = [one for facts in entry for one in facts.whole.numerics]
    new = [one for one in mine.numerics if not _is_weak(one) and not any(same_numeric(one, other) for other in held)]
    asked = message.whole.numerics
    gone = [
        one for one in theirs.numerics if not _is_weak(one) and not any(same_numeric(one, other) for other in asked)
    ]
    for one in new:
        for other in gone:
            if _clash(one, other):
                yield Contradiction(_code(one, other), str(one), str(other))
                return


def _telling_places(part: Part, *, near: bool) -> list[Mention]:
    """The places that set a text apart: the country that a language's texts are mostly about does not, unless near."""
    if not part.places:
        return []
    home = frozenset({"vietnam"}) if part.vietnamese else frozenset({"usa"})
    return [one for one in part.places if near or one.members != home]


def _places(mine: Part, theirs: Part, *, message: Facts, entry: Sequence[Facts], near: bool) -> Iterator[Contradiction]:
    ours = _telling_places(mine, near=near)
    named = _telling_places(theirs, near=near) if ours else []
    if ours and named:
        held = [one for facts in entry for one in facts.whole.places]
        new = [one for one in ours if not any(places.compatible(one, other) for other in held)]
        gone = [one for one in named if not any(places.compatible(one, other) for other in message.whole.places)]
        if new and gone and (near or len(new) == len(ours) and len(gone) == len(named)):
            yield Contradiction("places_differ", _said(new[0]), _said(gone[0]))
            return
    for one in mine.named:
        for other in theirs.named:
            words = message.whole.folded
            if one.title == other.title and not set(other.name) & words and not set(one.name) & theirs.folded:
                yield Contradiction("places_differ", str(one), str(other))
                return


def _said(mention: Mention) -> str:
    return "/".join(sorted(mention.members))


def _by_family(mentions: Sequence[Mention]) -> dict[int, list[Mention]]:
    families: dict[int, list[Mention]] = {}
    for one in mentions:
        families.setdefault(one.family, []).append(one)
    return families


def _alone(ours: list[Mention], *, other: list[Mention]) -> list[Mention]:
    """The mentions that the other text has no match for."""
    return [one for one in ours if not any(one.members & another.members for another in other)]


def _one_member(mentions: list[Mention]) -> frozenset[str]:
    """The member that all the mentions may be, or none when they are different members."""
    return frozenset.intersection(*(one.members for one in mentions)) if mentions else frozenset()


def _turned(ours: list[Mention], held: list[Mention]) -> bool:
    """Whether two texts name the same two members the other way round."""
    mine, theirs = [one.members for one in ours], [one.members for one in held]
    return len(mine) == 2 and mine == theirs[::-1] and not mine[0] & mine[1]


def _held(part: Part, *, code: str) -> tuple[Mention, ...]:
    return part.things if code == "things_differ" else part.opposites


def _lexical(
    code: str, *, mine: Part, theirs: Part, message: Facts, entry: Sequence[Facts], near: bool
) -> Iterator[Contradiction]:
    ours = _held(mine, code=code)
    held = _held(theirs, code=code) if ours else ()
    if not held:
        return
    families = _by_family(held)
    for family, named in _by_family(ours).items():
        others = families.get(family, [])
        if not others or not near and not _counts_apart(named[0], mine=mine, theirs=theirs):
            continue
        new, gone = _alone(named, other=others), _alone(others, other=named)
        one, other = _one_member(new), _one_member(gone)
        if near and _turned(named, others):
            yield Contradiction(code, _said(named[0]), _said(others[0]))
        elif (
            one
            and other
            and not (
                _is_said(new, words=[facts.whole for facts in entry], code=code)
                or _is_said(gone, words=[message.whole], code=code)
            )
        ):
            yield Contradiction(code, "/".join(sorted(one)), "/".join(sorted(other)))


def _counts_apart(mention: Mention, *, mine: Part, theirs: Part) -> bool:
    """Whether the members of a family contradict each other between texts that are not near."""
    return not mention.strict or mention.strict == "?" and not (mine.asks or theirs.asks)


def _is_said(mentions: list[Mention], *, words: Sequence[Part], code: str) -> bool:
    """Whether a text says one of the mentions anywhere."""
    held = [one for part in words for one in _held(part, code=code)]
    return any(mention.members & one.members for mention in mentions for one in held)


def _codes(part: Part) -> frozenset[str]:
    """The words that begin with a letter and hold a digit: "w32", "covid19"."""
    held = [word.replace("-", "") for word in part.sentence.plain if word[0].isalpha() and not word.isalpha()]
    return frozenset(word for word in held if any(map(str.isdigit, word)))


def _recoded(mine: Part, theirs: Part) -> Iterator[Contradiction]:
    """One code in the place of another, between texts that are else the same."""
    new, gone = _codes(mine) - _codes(theirs), _codes(theirs) - _codes(mine)
    if new and gone or (new or gone) and _codes(mine) and _codes(theirs):
        yield Contradiction("numbers_differ", "/".join(sorted(new)), "/".join(sorted(gone)))


def _times(one: Part, *, other: Part) -> int:
    return sum(_counts(negation, other=other) for negation in one.negations)


def _counts(negation: Negation, *, other: Part) -> bool:
    if negation.sure:
        return True
    if any(one.word == negation.word and one.sure for one in other.negations):
        return True
    return negation.hinted and negation.word not in other.folded


def _negates_alone(one: Part, *, other: Part, elsewhere: Part) -> bool:
    """Whether one text negates what the other says plainly."""
    if not one.negations:
        return False
    if elsewhere.soft or _times(elsewhere, other=one):
        return False
    shared = len(one.telling & other.telling)
    if shared < _ABOUT_THE_SAME * min(len(one.telling), len(other.telling)):
        return False
    return any(_counts(negation, other=other) and _bears_on(negation, other) for negation in one.negations)


def _bears_on(negation: Negation, other: Part) -> bool:
    """Whether what is negated stands in the other text: all of it in a long text, most of it in a short one."""
    held = len(negation.scope & other.telling)
    return held > 0 and held * 3 >= len(negation.scope) * (2 if len(other.words) <= _SHORT else 3)


def _negations(mine: Part, theirs: Part, *, message: Facts, wording: Facts, near: bool) -> Iterator[Contradiction]:
    if near:
        mine, theirs = message.whole, wording.whole
        differs = _times(mine, other=theirs) != _times(theirs, other=mine)
        if differs or _idioms(message) != _idioms(wording):
            yield Contradiction("negation_differs", _shown(mine), _shown(theirs))
    elif _negates_alone(mine, other=theirs, elsewhere=wording.whole) or (
        not _is_answered(mine, theirs) and _negates_alone(theirs, other=mine, elsewhere=message.whole)
    ):
        yield Contradiction("negation_differs", _shown(mine), _shown(theirs))


def _idioms(facts: Facts) -> int:
    return sum(idioms(part.sentence) for part in facts.parts)


def _is_answered(mine: Part, theirs: Part) -> bool:
    """Whether a plain "not X" of the answer answers what was asked: "X?", or a few words typed into a search box."""
    return not theirs.asks and (mine.asks or len(mine.words) <= _SEARCHED)


def _shown(part: Part) -> str:
    if part.negations:
        return part.negations[0].word
    return "not" if idioms(part.sentence) else ""


def _same_letters(one: Part, other: Part) -> bool:
    """Whether two texts are the same but for diacritics that one of them leaves out."""
    if len(one.words) != len(other.words) or any(
        mine.folded != theirs.folded for mine, theirs in zip(one.words, other.words, strict=True)
    ):
        return False
    return all(
        mine.typed == theirs.typed or mine.typed.isascii() or theirs.typed.isascii()
        for mine, theirs in zip(one.words, other.words, strict=True)
    )


def contradictions(
    message: Facts, wording: Facts, *, also: Sequence[Facts] = (), near: bool
) -> tuple[Contradiction, ...]:
    """What a message and a wording of an answer say differently, or nothing.

    `also` are the other wordings of the answer: what is found there counts for it. `near` says that the two are almost
    the same words, when any change counts. Else only the sentences nearest to the other text are compared, and a detail
    that one of them lacks contradicts nothing.
    """
    if _same_letters(message.whole, wording.whole):
        return ()
    mine, theirs = (message.whole, wording.whole) if near else (_nearest(message, wording), _nearest(wording, message))
    entry = (wording, *also)
    alike = near or close(mine.content, theirs.content, vietnamese=mine.vietnamese or theirs.vietnamese)
    found: list[Contradiction] = []
    if near:
        found += [*_changed(mine.numerics, theirs.numerics), *_recoded(mine, theirs)]
    if not found:
        found += _numbers(mine, theirs, message=message, entry=entry)
    found += _places(mine, theirs, message=message, entry=entry, near=alike)
    negated = list(_negations(mine, theirs, message=message, wording=wording, near=near))
    for code in ("opposites_differ", "things_differ"):
        found += _lexical(code, mine=mine, theirs=theirs, message=message, entry=entry, near=alike)
    if negated and not near and any(one.code == "opposites_differ" for one in found):
        found = [one for one in found if one.code != "opposites_differ"]
    else:
        found += negated
    if not found and alike and (pair := _swapped(mine, theirs)):
        found.append(Contradiction("things_differ", *pair))
    if not found:
        found += [Contradiction(*one) for one in narrowed(message, entry)]
    return tuple(found)


def _swapped(mine: Part, theirs: Part) -> tuple[str, str] | None:
    return swapped(
        mine.content,
        theirs.content,
        vietnamese=mine.vietnamese or theirs.vietnamese,
        ignored=lambda: _compared(mine, other=theirs) | _compared(theirs, other=mine),
    )


def _compared(part: Part, *, other: Part) -> frozenset[str]:
    """The stems that the other comparisons have looked at: names of dates, places, and things that both texts name."""
    held = [one.members for one in (*other.things, *other.opposites)]
    shared = [one for one in (*part.things, *part.opposites) if any(one.members & members for members in held)]
    return _DATED.union(*(mention.stems for mention in (*part.places, *shared)))


def agreements(message: Facts, wording: Facts) -> tuple[Agreement, ...]:
    """The numbers, dates and places that both texts give, for people to read."""
    found: list[Agreement] = []
    for one in message.whole.numerics:
        if any(same_numeric(one, other) for other in wording.whole.numerics):
            found.append(Agreement("same_dates" if isinstance(one, Date) else "same_numbers", str(one)))
    for place in message.whole.places:
        if any(place.members & other.members for other in wording.whole.places):
            found.append(Agreement("same_places", _said(place)))
    return tuple(dict.fromkeys(found))


def additions(message: Facts, wording: Facts, *, also: Sequence[Facts] = ()) -> tuple[Agreement, ...]:
    """Dates and places that narrow a message while no wording of the answer gives any ("date_added", "place_added").

    They contradict nothing, but an answer that does not speak of them may not settle the message.
    """
    mine, entry = _nearest(message, wording), (wording, *also)
    found: list[Agreement] = []
    if not any(isinstance(one, Date) for facts in entry for one in facts.whole.numerics):
        found += [Agreement("date_added", str(one)) for one in mine.numerics if isinstance(one, Date)]
    if not any(facts.whole.places for facts in entry):
        found += [Agreement("place_added", _said(one)) for one in _telling_places(mine, near=False)]
    return tuple(found)
