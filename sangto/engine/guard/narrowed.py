"""What a message asks beyond an answer: another aspect, a foreign country, a time gone by that the answer knows not."""

from collections.abc import Iterator, Sequence

from sangto.engine.guard import focus, places
from sangto.engine.guard.dates import Date
from sangto.engine.guard.lexicon import Mention, listed
from sangto.engine.guard.reading import Facts, Part
from sangto.engine.guard.words import Sentence

_THERE, _ABROAD = listed("narrowed.there"), (("nuoc", "ngoai"), ("quoc", "te"), ("the", "gioi"))
_BACK_THEN, _SINCE = listed("narrowed.back_then"), listed("narrowed.since")
_BEFORE, _AGED = 4, 2020


def narrowed(message: Facts, entry: Sequence[Facts]) -> Iterator[tuple[str, str, str]]:
    """What the questions of a message ask beyond an answer: a code, the words of the message, those of the answer."""
    if another := _aspect(message, entry):
        yield ("things_differ", *another)
    for part in message.asking:
        if not part.asked:
            continue
        if place := _abroad(part, entry):
            yield "places_differ", "/".join(sorted(place.members)), ""
        if date := _gone_by(part, entry):
            yield "dates_differ", str(date), ""


def _aspect(message: Facts, entry: Sequence[Facts]) -> tuple[str, str] | None:
    mine = [one for part in message.asking for one in part.asked]
    if not focus.is_certain(mine):
        return None
    theirs = [asked for one in entry for asked in one.whole.asked]
    if not theirs:
        return None
    told = {kind for one in entry for kind in focus.told(one.whole.numerics)}
    if any("phi" in one.whole.sentence.plain for one in entry):
        told.add(focus.MONEY)
    return focus.another(mine, theirs, told=told)


def _stands_after(words: frozenset[str], *, sentence: Sentence, stems: tuple[str, ...]) -> bool:
    """Whether some stems stand in a sentence right after one of the words."""
    return any(
        sentence.stems[at : at + len(stems)] == stems and sentence.plain[at - 1] in words
        for at in range(1, len(sentence.stems))
    )


def _abroad(part: Part, entry: Sequence[Facts]) -> Mention | None:
    """The foreign country in which a question is asked of an answer that speaks of none: that one is about home."""
    foreign = [one for one in part.places if places.is_abroad(one)]
    said = [one for held in entry for one in held.whole.places]
    # Beside an answer that names home a foreign scene is often only where something of home took place.
    there = [one for one in foreign if _is_where(one, sentence=part.sentence, named=bool(said))]
    if not there or any(map(places.is_abroad, said)):
        return None
    return None if any(_speaks_of_abroad(one.whole.sentence.plain) for one in entry) else there[0]


def _is_where(mention: Mention, *, sentence: Sentence, named: bool) -> bool:
    """Whether a question is asked of the place: it starts with the name, or has it after "ở" and the like."""
    first = sentence.stems[: len(mention.stems)] == mention.stems
    return first or not named and _stands_after(_THERE, sentence=sentence, stems=mention.stems)


def _speaks_of_abroad(plain: tuple[str, ...]) -> bool:
    return any(pair in _ABROAD for pair in zip(plain, plain[1:], strict=False))


def _gone_by(part: Part, entry: Sequence[Facts]) -> Date | None:
    """The past time that a question asks about, of an answer that gives no date and so is about today."""
    dates = [one for one in part.numerics if isinstance(one, Date) and one.year]
    if not dates or any(isinstance(one, Date) for held in entry for one in held.whole.numerics):
        return None
    return next((one for one in dates if _is_past(one, sentence=part.sentence)), None)


def _is_past(date: Date, *, sentence: Sentence) -> bool:
    at = next((at for at, word in enumerate(sentence.plain) if str(date.year) in word), 0)
    before = set(sentence.plain[max(0, at - _BEFORE) : at])
    if before & _SINCE:
        return False
    return bool(before & _BACK_THEN or date.month) or date.year < _AGED
