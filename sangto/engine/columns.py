"""What is compared, of every entry, in flat arrays: its parts (question, title, wordings, text) as spelling ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["Columns", "Gathered", "ranges"]

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


def ranges(starts: Ints, ends: Ints) -> Ints:
    """The whole numbers from each start up to before its end, laid end to end."""
    lengths = ends - starts
    before = np.cumsum(lengths) - lengths
    return np.repeat(starts - before, lengths) + np.arange(int(lengths.sum()))


class _Growing(Generic[Kind]):
    """An array that doubles when it is full; a reader's view of the older one stays whole."""

    def __init__(self, kind: type[Kind]) -> None:
        self.values: NDArray[Kind] = np.zeros(1024, kind)
        self.used = 0

    def add(self, values: Sequence[int]) -> None:
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

    def add(self, said: Sequence[Sequence[int]], text: Sequence[int]) -> int:
        """A new row of an entry's wordings and the text of its answer, as ids of spellings; its number."""
        parts = [*said, text] if text else list(said)
        for part in parts:
            self._tokens.add(part)
            self._part_ends.add([self._tokens.used])
        self._said.add([True] * len(said) + [False] * (len(parts) - len(said)))
        self._entry_ends.add([self._said.used])
        return len(self) - 1

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
