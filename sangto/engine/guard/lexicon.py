"""The word lists of the guard: phrases in both languages, and what each stands for."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache, partial
from importlib.resources import files
from typing import NamedTuple

from sangto.engine.frequent import VIETNAMESE
from sangto.engine.guard.words import UPPER, Sentence, Word, same_tone, stem
from sangto.engine.text import fold


# A short name of a country or a word of many meanings counts only after one of these ("ở Nga", "nước Pháp").
def lines(name: str) -> list[str]:
    """The lines of a list of the package, without comments."""
    text = (files("sangto.engine.guard") / "lexicon" / f"{name}.txt").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def _lists() -> dict[str, frozenset[str]]:
    return {name: frozenset(held.split()) for name, _, held in (line.partition(": ") for line in lines("words"))}


def listed(name: str) -> frozenset[str]:
    """The words of one of the package's lists of folded words ("negation.soft"). KeyError for an unknown name."""
    return _lists()[name]


_COMMON = VIETNAMESE | listed("lexicon.common")
_CUES = listed("lexicon.cues")


class Phrase(NamedTuple):
    """One way to say a member of a family, and the conditions under which it counts."""

    stems: tuple[str, ...]
    typed: tuple[str, ...]
    english: bool
    needs_marks: bool
    needs_cue: bool
    needs_capitals: bool
    family: int
    member: str
    strict: str = ""


class Mention(NamedTuple):
    """What a phrase in a text may stand for: members of a family (more than one without diacritics), and its stems.

    `strict` is "!" for a family that counts only between near texts, "?" for one whose members ask the same of a
    question ("is it free?" / "must one pay?").
    """

    family: int
    members: frozenset[str]
    stems: tuple[str, ...]
    strict: str = ""


Phrases = dict[str, list[Phrase]]


def _phrase(alias: str, *, english: bool, family: int, member: str) -> Phrase:
    bare = alias.strip().rstrip("~^")
    parts = bare.split() if any(char.isdigit() for char in bare) else bare.replace("-", " ").split()
    return Phrase(
        stems=tuple(stem(fold(f"{part}/")[:-1].removesuffix("'s")) for part in parts),
        typed=tuple(same_tone(part) for part in parts),
        english=english,
        needs_marks="~" in alias or len(parts) == 1 and fold(f"{bare}/")[:-1] in _COMMON,
        needs_cue="^" in alias,
        needs_capitals=bare.isupper() and len(parts) == 1,
        family=family,
        member=member,
    )


def phrases_of(names: str, *, family: int, member: str) -> Iterator[Phrase]:
    """The phrases of "Vietnamese, Vietnamese / English, English"."""
    vietnamese, _, english = names.partition(" / ") if " / " in names else names.partition("/ ")
    for aliases, is_english in ((vietnamese, False), (english, True)):
        for alias in aliases.split(","):
            if alias.strip():
                yield _phrase(alias, english=is_english, family=family, member=member)


def by_first_stem(found: Iterator[Phrase]) -> Phrases:
    """The phrases under their first stem, the longest first."""
    table: Phrases = defaultdict(list)
    for phrase in found:
        table[phrase.stems[0]].append(phrase)
    return {first: sorted(held, key=lambda one: -len(one.stems)) for first, held in table.items()}


def _families(name: str) -> Iterator[Phrase]:
    for family, line in enumerate(lines(name)):
        strict = line[0] if line[0] in "!?" else ""
        for member in line.lstrip("!? ").split(" ; "):
            label = member.replace("/", ",").split(",")[0].strip().rstrip("~^")
            for phrase in phrases_of(member, family=family, member=label):
                yield phrase._replace(strict=strict)


# Under the first stem of a phrase: each length that phrases with it have, longest first, and those of that length.
Table = dict[str, tuple[tuple[int, dict[tuple[str, ...], list[Phrase]]], ...]]


def by_length(found: Iterator[Phrase]) -> Table:
    """The phrases under their first stem, then under their length, longest first, then under all their stems."""
    table: Table = {}
    for first, held in by_first_stem(found).items():
        lengths: dict[int, dict[tuple[str, ...], list[Phrase]]] = {}
        for phrase in held:
            lengths.setdefault(len(phrase.stems), {}).setdefault(phrase.stems, []).append(phrase)
        table[first] = tuple(lengths.items())
    return table


@cache
def families(name: str) -> Table:
    """The phrases of a list of families, one family a line."""
    return by_length(_families(name))


def _fits(phrase: Phrase, *, sentence: Sentence, at: int) -> bool:
    """Whether the words at a place, whose stems are those of the phrase, also meet its conditions."""
    found = sentence.words[at : at + len(phrase.stems)]
    cued = at > 0 and sentence.words[at - 1].folded in _CUES
    if phrase.needs_cue and not cued or phrase.needs_capitals and not (found[0].case == UPPER or cued):
        return False
    if phrase.english:
        return not (sentence.vietnamese and len(phrase.stems) == 1 and len(phrase.stems[0]) < 5)
    return all(map(partial(_typed_as, phrase=phrase, sentence=sentence), found, phrase.typed))


def _typed_as(word: Word, typed: str, *, phrase: Phrase, sentence: Sentence) -> bool:
    """Whether a word is the one of a Vietnamese phrase, by its diacritics where there are any."""
    if word.typed == typed:
        return sentence.vietnamese or not typed.isascii()
    if not word.typed:
        return True
    return word.typed.isascii() and sentence.vietnamese and not sentence.marked and not phrase.needs_marks


def _merged(longest: list[Phrase]) -> list[Mention]:
    """One mention for each family of the phrases that fit at a place."""
    if len(longest) == 1:
        return [Mention(longest[0].family, frozenset((longest[0].member,)), longest[0].stems, longest[0].strict)]
    families: dict[int, list[Phrase]] = {}
    for one in longest:
        families.setdefault(one.family, []).append(one)
    return [
        Mention(family, frozenset(one.member for one in same), same[0].stems, same[0].strict)
        for family, same in families.items()
    ]


def mentions(sentence: Sentence, *, table: Table) -> tuple[Mention, ...]:
    """The phrases found in a sentence, the longest at each place; in reading order."""
    return tuple([one for _, one in placed_mentions(sentence, table=table)])


def placed_mentions(sentence: Sentence, *, table: Table) -> list[tuple[int, Mention]]:
    """What `mentions` gives, each with the place of its first word; it has as many words as stems."""
    stems = sentence.stems
    if table.keys().isdisjoint(stems):
        return []
    found: list[tuple[int, Mention]] = []
    free = 0
    for at, first in enumerate(stems):
        if first in table and at >= free:
            for length, held in table[first]:
                same = held.get(stems[at : at + length], ())
                if fitting := [one for one in same if _fits(one, sentence=sentence, at=at)]:
                    found += [(at, one) for one in _merged(fitting)]
                    free = at + length
                    break
    return found
