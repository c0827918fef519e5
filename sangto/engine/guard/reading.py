"""What a text says that another may contradict, taken once and kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from sangto.engine.guard import lexicon, negation, numbers, places
from sangto.engine.guard.lexicon import Mention
from sangto.engine.guard.places import Named
from sangto.engine.guard.words import Sentence, Word, sentences, telling


@dataclass(frozen=True)
class Part:
    """The facts of one sentence, or of several taken together."""

    words: tuple[Word, ...]
    telling: frozenset[str]
    numerics: tuple[numbers.Numeric, ...]
    places: tuple[Mention, ...]
    named: tuple[Named, ...]
    things: tuple[Mention, ...]
    opposites: tuple[Mention, ...]
    negations: tuple[negation.Negation, ...]
    asks: bool
    soft: bool
    vietnamese: bool

    @cached_property
    def folded(self) -> frozenset[str]:
        """The folded words and stems, to see whether a word is there at all."""
        return frozenset(word.folded for word in self.words) | frozenset(word.stem for word in self.words)


@dataclass(frozen=True)
class Facts:
    """The facts of a text: sentence by sentence, and of the whole."""

    parts: tuple[Part, ...]
    whole: Part


_NONE = Part((), frozenset(), (), (), (), (), (), (), asks=False, soft=False, vietnamese=True)


def _part(sentence: Sentence) -> Part:
    stems = tuple(word.stem for word in sentence.words)
    return Part(
        words=sentence.words,
        telling=telling(sentence.words),
        numerics=numbers.numerics(sentence),
        places=places.places(sentence, stems=stems),
        named=places.named(sentence),
        things=tuple(lexicon.mentions(sentence, stems=stems, phrases=lexicon.families("things"))),
        opposites=tuple(lexicon.mentions(sentence, stems=stems, phrases=lexicon.families("opposites"))),
        negations=negation.negations(sentence),
        asks=negation.is_question(sentence),
        soft=any(map(negation.is_soft, sentence.words)),
        vietnamese=sentence.vietnamese,
    )


def joined(parts: Sequence[Part]) -> Part:
    """The facts of several sentences as one."""
    if len(parts) <= 1:
        return parts[0] if parts else _NONE
    return Part(
        words=tuple(word for part in parts for word in part.words),
        telling=frozenset().union(*(part.telling for part in parts)),
        numerics=tuple(one for part in parts for one in part.numerics),
        places=tuple(one for part in parts for one in part.places),
        named=tuple(one for part in parts for one in part.named),
        things=tuple(one for part in parts for one in part.things),
        opposites=tuple(one for part in parts for one in part.opposites),
        negations=tuple(one for part in parts for one in part.negations),
        asks=any(part.asks for part in parts),
        soft=any(part.soft for part in parts),
        vietnamese=parts[0].vietnamese,
    )


@lru_cache(maxsize=8192)
def facts(text: str) -> Facts:
    """The facts of the first 4,000 characters of a text; an empty text has none."""
    parts = tuple(_part(sentence) for sentence in sentences(text))
    return Facts(parts=parts, whole=joined(parts))
