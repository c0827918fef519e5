"""Names of places where they stand in a sentence: of the gazetteer, of a given list, and what a title introduces."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sangto.engine.guard.lexicon import listed
from sangto.engine.guard.places import may_be_one, placed_places
from sangto.engine.guard.words import Sentence
from sangto.engine.unit_names import bare_key, stem

_LONGEST_NAME = 4
_UNNAMED, _NO_NAME = listed("places.unnamed"), listed("places.no_name")
# The words before a name, and what kind of place they say; the same kind in another word or language is no difference.
_TITLES = {
    ("tinh",): "province", ("thanh", "pho"): "city", ("tp",): "city", ("huyen",): "district", ("quan",): "district",
    ("q",): "district", ("thi", "xa"): "town", ("tx",): "town", ("thi", "tran"): "town", ("tt",): "town",
    ("phuong",): "ward", ("p",): "ward", ("xa",): "commune", ("dac", "khu"): "zone",
}  # fmt: skip
_ENGLISH = {
    "province": "province", "city": "city", "district": "district", "town": "town", "ward": "ward",
    "commune": "commune", "county": "county",
}  # fmt: skip


class Spot(NamedTuple):
    """A place from its first word to the word after its last: its kind ("" where none is said) and name, folded.

    `members` are the ids that the gazetteer has for the name.
    """

    start: int
    end: int
    kind: str
    name: str
    members: frozenset[str] = frozenset()


Known = dict[str, list[tuple[str, ...]]]


def known_names(names: Iterable[str]) -> Known:
    """The names as words under their first, without the words for their kinds; single words and numbers left out."""
    known: Known = {}
    for name in names:
        words = tuple(stem(name).split())
        if len(words) > 1:
            known.setdefault(words[0], []).append(words)
    return known


def spots(sentence: Sentence, *, known: Known) -> list[Spot]:
    """The places of a sentence in reading order, the longest at each word."""
    # Of two equally long the first is kept, and the gazetteer knows which names are of one place.
    found = [*_gazetted(sentence), *_titled(sentence), *_listed(sentence, known=known)]
    kept: list[Spot] = []
    for one in sorted(found, key=lambda one: (one.start - one.end, one.start)):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return sorted(kept)


def is_same_place(one: Spot, other: Spot) -> bool:
    """Whether two names may be of one place, as far as both say; what the gazetteer has within a place may be it."""
    if one.members and other.members:
        return may_be_one(one.members, other.members)
    return one.name == other.name and (not (one.kind and other.kind) or one.kind == other.kind)


def candidates(text: str) -> list[str]:
    """Runs of two to four capitalised words of a text, folded: what may name a place, for somebody who knows names."""
    words = [word.strip(".,;:!?()\"“”'") for word in text[:4000].split()]
    found = []
    for start in range(len(words)):
        for end in range(start + 1, min(start + _LONGEST_NAME, len(words))):
            if not words[end][:1].isupper() or not words[start][:1].isupper():
                break
            found.append(bare_key(" ".join(words[start : end + 1])))
    return list(dict.fromkeys(found))


def _gazetted(sentence: Sentence) -> Iterator[Spot]:
    for at, mention in placed_places(sentence):
        kind = ""
        start = at
        if (titled := _title_before(sentence, at)) is not None:
            start, kind = titled
        yield Spot(start, at + len(mention.stems), kind, " ".join(mention.stems), mention.members)


def _title_before(sentence: Sentence, at: int) -> tuple[int, str] | None:
    for length in (2, 1):
        kind = _TITLES.get(sentence.plain[max(at - length, 0) : at], "")
        if kind and at >= length:
            return at - length, kind
    return None


def _titled(sentence: Sentence) -> Iterator[Spot]:
    for at in range(len(sentence.words)):
        for length in (2, 1):
            kind = _TITLES.get(sentence.plain[at : at + length], "")
            end = _name_after(sentence, at + length) if kind else 0
            if end > at + length:
                yield Spot(at, end, kind, " ".join(sentence.plain[at + length : end]))
                break
        if not sentence.vietnamese and (kind := _ENGLISH.get(sentence.plain[at], "")):
            yield from _english(sentence, at, kind=kind)


def _name_after(sentence: Sentence, at: int) -> int:
    """The word after the name that stands behind a title; the same place where none does."""
    words = sentence.words
    if at >= len(words):
        return at
    if words[at].folded.isdecimal() and len(words[at].folded) <= 2:
        return at + 1
    end = at
    while end < len(words) and end - at < _LONGEST_NAME and words[end].case and words[end].folded.isalpha():
        if end == at and words[end].folded in _UNNAMED:
            break
        end += 1
    return end


def _english(sentence: Sentence, at: int, *, kind: str) -> Iterator[Spot]:
    """A name before the title ("Ba Dinh district"), or a number after it ("District 5")."""
    words = sentence.words
    if at + 1 < len(words) and words[at + 1].folded.isdecimal() and len(words[at + 1].folded) <= 2:
        yield Spot(at, at + 2, kind, words[at + 1].folded)
        return
    start = at
    while start and at - start < _LONGEST_NAME and words[start - 1].case and words[start - 1].folded.isalpha():
        start -= 1
    while start < at and (words[start].folded in _NO_NAME or words[start].folded in _ENGLISH):
        start += 1
    if start < at:
        yield Spot(start, at + 1, kind, " ".join(sentence.plain[start:at]))


def _listed(sentence: Sentence, *, known: Known) -> Iterator[Spot]:
    for at, first in enumerate(sentence.plain):
        for name in known.get(first, ()):
            end = at + len(name)
            if sentence.plain[at:end] == name and all(word.case for word in sentence.words[at:end]):
                start, kind = _title_before(sentence, at) or (at, "")
                yield Spot(start, end, kind, " ".join(name))
