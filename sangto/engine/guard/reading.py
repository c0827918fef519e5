"""What a text says that another may contradict, read when first asked for and kept."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain
from typing import Generic, TypeVar

from sangto.engine.guard import focus, negation, numbers, places
from sangto.engine.guard.lexicon import Mention, families, mentions
from sangto.engine.guard.places import Named
from sangto.engine.guard.things import content
from sangto.engine.guard.words import ASKED, Sentence, Word, sentences

_O = TypeVar("_O")
_T = TypeVar("_T")


class Once(Generic[_O, _T]):
    """A property that is read once; as functools.cached_property, whose lock costs as much as most readings here."""

    def __init__(self, read: Callable[[_O], _T]) -> None:
        self.read, self.name = read, read.__name__

    def __get__(self, one: _O, owner: type[_O]) -> _T:
        found = one.__dict__[self.name] = self.read(one)
        return found


def _flat(held: Iterable[tuple[_T, ...]]) -> tuple[_T, ...]:
    return tuple(chain.from_iterable(held))


class Part:
    """The facts of one sentence, or of several taken together, in reading order."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        self.words: tuple[Word, ...] = sentence.words
        self.vietnamese: bool = sentence.vietnamese

    @Once
    def content(self) -> list[str]:
        """The stems without pauses, as far as word by word comparison looks."""
        return content(self.words)

    @Once
    def folded(self) -> frozenset[str]:
        """The folded words and stems, to see whether a word is there at all."""
        return frozenset(self.sentence.plain + self.sentence.stems)

    @Once
    def telling(self) -> frozenset[str]:
        """The stems that carry a topic: no word that every text has, no number, no single letter."""
        return frozenset([word.stem for word in self.words if word.tells])

    @Once
    def numerics(self) -> tuple[numbers.Numeric, ...]:
        """The amounts and dates."""
        return numbers.numerics(self.sentence)

    @Once
    def places(self) -> tuple[Mention, ...]:
        """The countries, provinces and cities."""
        return places.places(self.sentence)

    @Once
    def named(self) -> tuple[Named, ...]:
        """The communes, wards and districts."""
        return places.named(self.sentence)

    @Once
    def things(self) -> tuple[Mention, ...]:
        """The things of the list."""
        return mentions(self.sentence, table=families("things"))

    @Once
    def opposites(self) -> tuple[Mention, ...]:
        """The words of the list of opposites."""
        return mentions(self.sentence, table=families("opposites"))

    @Once
    def negations(self) -> tuple[negation.Negation, ...]:
        """What is negated."""
        return negation.negations(self.sentence)

    @Once
    def asks(self) -> bool:
        """Whether it asks."""
        return negation.is_question(self.sentence)

    @Once
    def asked(self) -> tuple[focus.Asked, ...]:
        """What it asks for."""
        return focus.asked(self.sentence)

    @Once
    def soft(self) -> bool:
        """Whether any word says much the same as a negation."""
        return negation.is_soft(self.sentence)


class _Joined(Part):
    """Several sentences: nothing is read across the end of one."""

    def __init__(self, parts: Sequence[Part]) -> None:
        held = [part.sentence for part in parts]
        super().__init__(
            Sentence(
                words=_flat([one.words for one in held]),
                marked=bool(held) and held[0].marked,
                vietnamese=not held or held[0].vietnamese,
                stems=_flat([one.stems for one in held]),
                plain=_flat([one.plain for one in held]),
            )
        )
        self.parts = parts

    @Once
    def numerics(self) -> tuple[numbers.Numeric, ...]:
        return _flat([part.numerics for part in self.parts])

    @Once
    def places(self) -> tuple[Mention, ...]:
        return _flat([part.places for part in self.parts])

    @Once
    def named(self) -> tuple[Named, ...]:
        return _flat([part.named for part in self.parts])

    @Once
    def things(self) -> tuple[Mention, ...]:
        return _flat([part.things for part in self.parts])

    @Once
    def opposites(self) -> tuple[Mention, ...]:
        return _flat([part.opposites for part in self.parts])

    @Once
    def negations(self) -> tuple[negation.Negation, ...]:
        return _flat([part.negations for part in self.parts])

    @Once
    def asks(self) -> bool:
        return any(part.asks for part in self.parts)

    @Once
    def asked(self) -> tuple[focus.Asked, ...]:
        return _flat([part.asked for part in self.parts])

    @Once
    def soft(self) -> bool:
        return any(part.soft for part in self.parts)


@dataclass(frozen=True)
class Facts:
    """The facts of a text: sentence by sentence, and of the whole."""

    parts: tuple[Part, ...]
    whole: Part

    @cached_property
    def asking(self) -> tuple[Part, ...]:
        """The sentences with a question mark; the last one where none has any."""
        return tuple(part for part in self.parts if part.words[-1].folded == ASKED) or self.parts[-1:]


def joined(parts: Sequence[Part]) -> Part:
    """The facts of several sentences as one."""
    return parts[0] if len(parts) == 1 else _Joined(parts)


@lru_cache(maxsize=8192)
def facts(text: str) -> Facts:
    """The facts of the first 4,000 characters of a text; an empty text has none."""
    parts = tuple(map(Part, sentences(text)))
    return Facts(parts=parts, whole=joined(parts))
