"""What is compared, of every entry, in flat arrays: its parts (question, title, wordings, text) as spelling ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["Columns", "Gathered", "Laid", "distinct", "ranges"]

Ints = NDArray[np.int64]
Kind = TypeVar("Kind", bound=np.generic)


@dataclass(frozen=True)
class Gathered:
    """The parts of some entries, laid end to end.

    `owner` says for each part the position of its entry in what was asked for, `said` whether it is a wording of the
    thing itself (not the text of an answer), `place` which of the entry's parts it is; `part` gives for each token the
    position of its part.
    """

    owner: Ints
    said: NDArray[np.bool_]
    place: Ints
    part: Ints
    tokens: NDArray[np.uint32]


@dataclass(frozen=True)
class Laid:
    """New entries laid end to end: the ids of their spellings, how many each part has, and how many parts an entry has.

    `said` tells wordings from the text of an answer.
    """

    tokens: Ints
    lengths: Ints
    said: NDArray[np.bool_]
    counts: Ints

    def __len__(self) -> int:
        return len(self.counts)

    @cached_property
    def part(self) -> Ints:
        """The part of each token."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)

    @cached_property
    def owner(self) -> Ints:
        """The entry of each token."""
        found: Ints = np.repeat(np.arange(len(self.counts)), self.counts)[self.part]
        return found


def ranges(starts: Ints, ends: Ints) -> Ints:
    """The whole numbers from each start up to before its end, laid end to end."""
    lengths = ends - starts
    before = np.cumsum(lengths) - lengths
    return np.repeat(starts - before, lengths) + np.arange(int(lengths.sum()))


def distinct(values: Ints) -> Ints:
    """The values in order, each once; several times faster than `np.unique` where most stand once."""
    values = np.sort(values, kind="stable")
    first = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=first[1:])
    return values[first]


class _Growing(Generic[Kind]):
    """An array that doubles when it is full; a reader's view of the older one stays whole."""

    def __init__(self, kind: type[Kind]) -> None:
        self.values: NDArray[Kind] = np.zeros(1024, kind)
        self.used = 0

    def add(self, values: Sequence[int] | NDArray[np.generic]) -> None:
        needed = self.used + len(values)
        if needed > len(self.values):
            larger = np.zeros(max(needed, 2 * len(self.values)), self.values.dtype)
            larger[: self.used] = self.values[: self.used]
            self.values = larger
        self.values[self.used : needed] = values
        self.used = needed


class Columns:
    """Entries by row number, only ever added; what replaces an entry gets a row of its own."""

    def __init__(self) -> None:
        self._tokens, self._said = _Growing(np.uint32), _Growing(np.bool_)
        self._part_ends, self._entry_ends = _Growing(np.int64), _Growing(np.int64)
        self._part_ends.add([0])
        self._entry_ends.add([0])

    def __len__(self) -> int:
        return self._entry_ends.used - 1

    @property
    def tokens(self) -> int:
        """How many tokens all rows hold."""
        return self._tokens.used

    def add(self, new: Laid) -> int:
        """A new row for each entry; the number of the first. A text without words is no part of its entry."""
        first, held = len(self), new.said | (new.lengths > 0)
        parts = np.concatenate([np.zeros(1, np.int64), np.cumsum(held)])[np.cumsum(new.counts)]
        first_token, first_part = self._tokens.used, self._said.used
        self._tokens.add(new.tokens)
        self._part_ends.add(first_token + np.cumsum(new.lengths[held]))
        self._said.add(new.said[held])
        self._entry_ends.add(first_part + parts)
        return first

    def spans(self, rows: Ints) -> tuple[Ints, Ints]:
        """Where the tokens of each row begin, and where they end."""
        ends = self._part_ends.values
        return ends[self._entry_ends.values[rows]], ends[self._entry_ends.values[rows + 1]]

    def tokens_of(self, starts: Ints, ends: Ints) -> NDArray[np.uint32]:
        """The ids of spellings in some spans, laid end to end."""
        return self._tokens.values[ranges(starts, ends)]

    def row(self, number: int) -> NDArray[np.uint32]:
        """All ids of spellings of one row."""
        return self.tokens_of(*self.spans(np.array([number])))

    def gathered(self, rows: Ints) -> Gathered:
        """The parts of the rows, laid end to end in the order asked for."""
        entry_ends, part_ends = self._entry_ends.values, self._part_ends.values
        firsts, lasts = entry_ends[rows], entry_ends[rows + 1]
        parts = ranges(firsts, lasts)
        owner = np.repeat(np.arange(len(rows)), lasts - firsts)
        starts, ends = part_ends[parts], part_ends[parts + 1]
        return Gathered(
            owner=owner,
            said=self._said.values[parts],
            place=parts - firsts[owner],
            part=np.repeat(np.arange(len(parts)), ends - starts),
            tokens=self._tokens.values[ranges(starts, ends)],
        )
