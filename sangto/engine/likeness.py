"""How alike a message and one wording are, in plain shares between 0 and 1."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from sys import intern

from sangto.engine.frequent import UNTELLING
from sangto.engine.text import words

Rarity = Callable[[str], float]

_COMPARED_WORDS = 400
_COMPARED_CHARACTERS = 1000
_TELLING_WORDS = 3
_TELLING_WEIGHT = 30.0
_EQUALLY_LONG = 1.7
_SLIP_LETTERS, _SLIP_RATIO = 4, 0.75
_SUFFIXES = ("ingly", "edly", "ing", "ies", "ied", "ed", "es", "s")


def plain_rarity(word: str) -> float:
    """What a word weighs where no index tells: 1.5 for a word of every text, 8 for any other."""
    return 1.5 if word in UNTELLING else 8.0


@dataclass(frozen=True)
class Wording:
    """A text taken apart for comparing: each stem with a word it came from, and its letter triples."""

    stems: dict[str, str]
    triples: frozenset[str]


@dataclass(frozen=True)
class Likeness:
    """Shares 0..1: of the wording's weight found in the message, the reverse, of letter triples (Dice).

    `telling` is the weight of the three rarest shared words; 1 is three words that one entry in ten thousand has.
    """

    covered: float
    covering: float
    dice: float
    telling: float

    @property
    def nearness(self) -> float:
        """For choosing the nearest of several wordings, 0..3."""
        return self.covered + self.covering + self.dice

    @property
    def identical(self) -> bool:
        """Whether the two are the same words."""
        return min(self.covered, self.covering, self.dice) > 0.999


def _stem(word: str) -> str:
    for suffix in _SUFFIXES:
        if len(word) > len(suffix) + 3 and word.endswith(suffix):
            return word[: -len(suffix)]
    return word


@lru_cache(maxsize=1024)
def taken_apart(text: str) -> Wording:
    """The parts of a text that are compared: its first 400 words, and 1,000 characters of them."""
    found = words(text)[:_COMPARED_WORDS]
    joined = f" {' '.join(found)[:_COMPARED_CHARACTERS]} "
    triples = frozenset(map(intern, map("".join, zip(joined, joined[1:], joined[2:], strict=False))))
    return Wording(stems={_stem(word): word for word in found}, triples=triples)


def weights(wordings: Iterable[Wording], *, rarity: Rarity) -> dict[str, float]:
    """The weight of each stem in the wordings, asked of `rarity` once each, never below 0.01."""
    stems: dict[str, str] = {}
    for wording in wordings:
        stems |= wording.stems
    return {stem: max(rarity(word), 0.01) for stem, word in stems.items()}


def swapped(message: Wording, wording: Wording) -> tuple[str, str] | None:
    """A telling word that only the message has and one that only the wording has, or None.

    Of texts about equally long, such a pair says that one thing was put in place of another ("lemon" / "coconut").
    A longer text has words of its own that change nothing, and a slip of the keyboard is no other word.
    """
    shorter, longer = sorted((len(message.stems), len(wording.stems)))
    if longer > _EQUALLY_LONG * shorter:
        return None
    mine, theirs = _own_words(message, other=wording), _own_words(wording, other=message)
    new = [word for word in mine if not any(_is_slip(word, other) for other in theirs)]
    gone = [word for word in theirs if not any(_is_slip(word, other) for other in mine)]
    return (new[0], gone[0]) if new and gone else None


def _own_words(one: Wording, *, other: Wording) -> list[str]:
    return [word for stem, word in one.stems.items() if stem not in other.stems and word not in UNTELLING]


def _is_slip(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= _SLIP_LETTERS and SequenceMatcher(None, one, other).ratio() >= _SLIP_RATIO


def _share(part: float, *, whole: float) -> float:
    return part / whole if whole else 0.0


def likeness(message: Wording, wording: Wording, *, weight: dict[str, float]) -> Likeness:
    """How alike the two are; `weight` holds every stem of both."""
    shared = sorted((weight[stem] for stem in message.stems.keys() & wording.stems.keys()), reverse=True)
    common = len(message.triples & wording.triples)
    return Likeness(
        covered=_share(sum(shared), whole=sum(sorted((weight[stem] for stem in wording.stems), reverse=True))),
        covering=_share(sum(shared), whole=sum(sorted((weight[stem] for stem in message.stems), reverse=True))),
        dice=_share(2 * common, whole=len(message.triples) + len(wording.triples)),
        telling=sum(shared[:_TELLING_WORDS]) / _TELLING_WEIGHT,
    )
