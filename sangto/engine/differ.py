"""Two texts side by side: which words both have, and where their numbers, dates, places and negations differ.

For people who read two questions that look alike: it marks and decides nothing. What decides is `guard`.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, NamedTuple

from sangto.engine.align import aligned
from sangto.engine.folding import cleaned
from sangto.engine.guard.spots import Known, candidates, known_names
from sangto.engine.guard.told import KINDS, Kind, Told, Turn, is_same, may_differ, speaks_of_ban, tells, told
from sangto.engine.guard.words import ASKED, PAUSE, Placed, placed_sentences

__all__ = ["Comparison", "Difference", "Span", "candidates", "compare"]

READ_CHARACTERS = 4000  # of each text; behind them nothing is looked for
_WORDS = 1000  # as many between what both begin and end with are aligned, and as many things of a kind compared:
_TOLD = 100
_SAME = "same"


class Span(NamedTuple):
    """A stretch of a text: whether the other text has it too, and what kind of difference it is ("" for none)."""

    text: str
    mark: Literal["same", "only"]
    kind: Kind | Literal[""] = ""


class Difference(NamedTuple):
    """What the texts say differently, as typed there; empty on the side that says nothing of the kind."""

    kind: Kind
    here: str
    there: str


@dataclass(frozen=True)
class Comparison:
    """Both texts in spans that join to them, what stands beside the other one likewise, and the differences."""

    here: tuple[Span, ...]
    there: tuple[Span, ...]
    beside: tuple[Span, ...]
    differences: tuple[Difference, ...]


class _Read:
    """A text with its words and what it tells, at places of the text as it was given."""

    def __init__(self, text: str, *, known: Known) -> None:
        self.text = text
        plain, self._origin = _plain(text[:READ_CHARACTERS])
        self.placed: list[Placed] = placed_sentences(plain)
        self.told = [self._back(one) for one in told(self.placed, known=known)]
        self.ends_alike = False
        self.marked = any(sentence.marked for sentence, _ in self.placed)

    def _back(self, one: Told) -> Told:
        return one._replace(start=self._origin[one.start], end=self._origin[one.end]) if self._origin else one

    def words(self, *, typed: bool) -> list[tuple[str, int, int]]:
        """The words, with diacritics or without, each with its first place and the place after it."""
        found = []
        for sentence, at in self.placed:
            for word, (start, end) in zip(sentence.words, at, strict=True):
                if word.folded not in (PAUSE, ASKED):
                    shown = typed and word.typed or word.folded
                    found.append((shown, *((self._origin[start], self._origin[end]) if self._origin else (start, end))))
        return found

    def of(self, kind: Kind) -> list[Told]:
        return [one for one in self.told if one.kind == kind][:_TOLD]

    def says(self, one: Told) -> str:
        return self.text[one.start : one.end]


def compare(one: str, other: str, *, beside: str = "", places: Iterable[str] = ()) -> Comparison:
    """Where two texts differ; `beside` is a further text of the other side: the summary of an answer, say.

    What the first text tells and only `beside` tells too is no difference; what `beside` alone tells is none either.
    `places` are names to be known as places. The first 4,000 characters of each are looked at; any text may come.
    """
    known = known_names(places)
    if one > other and not beside:
        found = _compared(_Read(other, known=known), _Read(one, known=known), _Read("", known=known))
        turned = tuple(Difference(each.kind, each.there, each.here) for each in found.differences)
        return Comparison(found.there, found.here, (), turned)
    return _compared(_Read(one, known=known), _Read(other, known=known), _Read(beside, known=known))


def _compared(here: _Read, there: _Read, beside: _Read) -> Comparison:
    here.ends_alike = there.ends_alike = here.text[READ_CHARACTERS:] == there.text[READ_CHARACTERS:]
    mine, theirs, more = list[Told](), list[Told](), list[Told]()
    differences: list[Difference] = []
    for kind in KINDS:
        pairs = _negated(here, there) if kind == "negation" else _told_apart(here, there, beside, kind=kind)
        for first, second, further in pairs:
            mine += [first] if first else []
            theirs += [second] if second else []
            more += [further] if further else []
            said = there.says(second) if second else beside.says(further) if further else ""
            differences.append(Difference(kind, here.says(first) if first else "", said))
    typed = here.marked and there.marked
    words, others = here.words(typed=typed), there.words(typed=typed)
    shared = aligned([word for word, *_ in words], [word for word, *_ in others], most=_WORDS)
    return Comparison(
        _spans(here, words, lacks=set(range(len(words))) - {at for at, _ in shared}, differing=mine),
        _spans(there, others, lacks=set(range(len(others))) - {at for _, at in shared}, differing=theirs),
        _spans(beside, [], lacks=set(), differing=more),
        tuple(dict.fromkeys(differences)),
    )


_Apart = tuple[Told | None, Told | None, Told | None]


def _told_apart(here: _Read, there: _Read, beside: _Read, *, kind: Kind) -> Iterator[_Apart]:
    """What differs of a kind: pairs that stand for each other first, then what one side alone tells."""
    mine, theirs, more = here.of(kind), there.of(kind), beside.of(kind)
    new = [one for one in mine if tells(one) and not any(is_same(one, other) for other in (*theirs, *more))]
    gone = [one for one in theirs if tells(one) and not any(is_same(one, other) for other in mine)]
    extra = [one for one in more if tells(one) and not any(is_same(one, other) for other in mine)]
    for one in new:
        if (other := next((each for each in gone if may_differ(one, each)), None)) is not None:
            gone.remove(other)
            yield one, other, None
        elif (other := next((each for each in extra if may_differ(one, each)), None)) is not None:
            extra.remove(other)
            yield one, None, other
        else:
            yield one, None, None
    yield from ((None, other, None) for other in gone)


def _negated(here: _Read, there: _Read) -> Iterator[_Apart]:
    """Negations that one text has more than the other; a word such as "banned" may stand for those it has more."""
    mine, theirs = here.of("negation"), there.of("negation")
    for one in list(mine):
        match = next((other for other in theirs if _bear_alike(one, other)), None)
        if match is not None:
            mine.remove(one)
            theirs.remove(match)
    both = min(len(mine), len(theirs))
    mine, theirs = mine[both:], theirs[both:]
    if not _stands_for(there, here, found=mine):
        yield from ((one, None, None) for one in mine)
    if not _stands_for(here, there, found=theirs):
        yield from ((None, one, None) for one in theirs)


def _bear_alike(one: Told, other: Told) -> bool:
    mine, theirs = one.value, other.value
    if not (isinstance(mine, Turn) and isinstance(theirs, Turn)) or mine.own != theirs.own:
        return False
    return mine.word == theirs.word if mine.own else bool(mine.scope & theirs.scope)


def _stands_for(one: _Read, other: _Read, *, found: Sequence[Told]) -> bool:
    """Whether one text has a word for a ban or an end in place of the other's negations."""
    if any(isinstance(each.value, Turn) and each.value.own for each in found):
        return False
    return speaks_of_ban(one.placed) and not speaks_of_ban(other.placed)


def _spans(
    read: _Read, words: Sequence[tuple[str, int, int]], *, lacks: set[int], differing: Sequence[Told]
) -> tuple[Span, ...]:
    """The text in spans: what differs, words that the other text lacks, and all the rest, white space with it."""
    labels: list[str] = [_SAME] * min(len(read.text), READ_CHARACTERS)
    for at in lacks:
        _, start, end = words[at]
        labels[start:end] = [""] * (end - start)
    for one in read.told:
        labels[one.start : one.end] = [one.kind if one in differing else _SAME] * (one.end - one.start)
    found = _grouped(read.text, labels)
    if rest := read.text[READ_CHARACTERS:]:
        found.append(Span(rest, "same" if not lacks and not differing and read.ends_alike else "only"))
    return tuple(found)


def _grouped(text: str, labels: Sequence[str]) -> list[Span]:
    found, start = list[Span](), 0
    for label, group in groupby(labels):
        end = start + len(list(group))
        kinds = [kind for kind in KINDS if kind == label]
        found.append(Span(text[start:end], "same" if label == _SAME else "only", kinds[0] if kinds else ""))
        start = end
    return found


def _plain(text: str) -> tuple[str, list[int]]:
    """The text composed and without invisible characters, and where each of its characters stood, the end included.

    The places are empty where the text is clean already.
    """
    if cleaned(text) == text:
        return text, []
    found, origin, start = list[str](), list[int](), 0
    for end in range(1, len(text) + 1):
        if end < len(text) and (unicodedata.combining(text[end]) or not cleaned(text[end])):
            continue  # belongs to the letter before it
        composed = cleaned(text[start:end])
        found.append(composed)
        origin += [start] * len(composed)
        start = end
    return "".join(found), [*origin, len(text)]
