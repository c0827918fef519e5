"""Many texts read at once: what `words` and `raw_words` give for each of them, as numbers.

Nearly every stretch is one word with nothing special about it. All are looked up in one go and told apart in arrays;
only a text that may hold wrapping, a link, a letter to be spelt out or a number with its scale is read by itself.
"""

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from sangto.engine.chatter import is_chatter, openings
from sangto.engine.columns import ranges
from sangto.engine.links import without_links
from sangto.engine.text import asked_words
from sangto.engine.tokens import Stretch, begins_with_scale, stretch_alone

__all__ = ["Reading"]

Ints = NDArray[np.int64]
Spelling = tuple[str, str]
Numbered = Callable[[Sequence[Spelling]], Sequence[int]]
Longs: TypeAlias = "array[int]"
_ENDS, _NUMBER, _SCALE, _ALONE = 1, 2, 4, 8
_REMEMBERED, _LONGEST_REMEMBERED = 98_304, 32  # stretches, and characters of one


def _kind(one: Stretch) -> int:
    kind = _ENDS if one.ends else 0
    if one.number:
        kind |= _NUMBER
    if one.letter:
        kind |= _ALONE
    return kind | _SCALE if begins_with_scale(one) else kind


def _ends(lengths: NDArray[np.generic]) -> Ints:
    """Where runs of these lengths end when they are laid end to end; before the first stands 0."""
    found: Ints = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    return found


class _Words:
    """A number for each spelling (a word folded and as written) that was met, and what `Openings` tells of it."""

    def __init__(self) -> None:
        self.numbers: dict[Spelling, int] = {}
        self.spellings: list[Spelling] = []
        self.rows, self.columns, self.alone = array("h"), array("h"), array("h")
        self.ids = array("q")  # -1 until some text kept the word

    def number(self, spelling: Spelling) -> int:
        """The number of a spelling."""
        known = self.numbers.get(spelling)
        if known is None:
            known = self.numbers[spelling] = len(self.spellings)
            self.spellings.append(spelling)
            self.ids.append(-1)
            row, column, alone = openings().of(spelling[1])
            self.rows.append(row)
            self.columns.append(column)
            self.alone.append(alone)
        return known


class _Stretches(dict[str, int]):
    """A number for each stretch that was met, and by number its words and what is special about it."""

    def __init__(self) -> None:
        self.words = _Words()
        self.said, self.ends = array("q"), array("q", [0])  # the words of all end to end, and where those of each end
        self.kinds = array("b")

    def __missing__(self, stretch: str) -> int:
        number = self._read(stretch)
        if len(stretch) <= _LONGEST_REMEMBERED:
            self[stretch] = number
        return number

    def _read(self, stretch: str) -> int:
        if without_links(stretch) != stretch:
            return self.add((), kind=_ALONE)
        read = stretch_alone(stretch)
        return self.add(zip(read.words, read.written, strict=True), kind=_kind(read))

    def add(self, spellings: Iterable[Spelling], *, kind: int) -> int:
        """The number of a new stretch of these words."""
        self.said.extend([self.words.number(one) for one in spellings])
        self.ends.append(len(self.said))
        self.kinds.append(kind)
        return len(self.kinds) - 1

    def cut(self, count: int) -> None:
        """Leaves only the first so many stretches; what is cut must have no name."""
        del self.said[self.ends[count] :], self.ends[count + 1 :], self.kinds[count:]


@dataclass(frozen=True)
class _Read:
    """The numbers of the words of some texts, laid end to end.

    `ends` says where each text ends, with 0 before the first; `closed` after which words a sentence ends; `whole` which
    texts were read by themselves, without their wrapping.
    """

    numbers: Ints
    ends: Ints
    closed: NDArray[np.bool_]
    whole: NDArray[np.bool_]


class Reading:
    """Reads texts into ids of spellings, as long as it is kept; for one writer. `numbered` gives ids for new ones."""

    def __init__(self, numbered: Numbered, *, most: int) -> None:
        """At most so many words of a text count."""
        self._numbered, self._most = numbered, most
        self._known = _Stretches()

    def read(self, texts: Sequence[str]) -> tuple[Ints, Ints]:
        """The ids of the words of the texts, laid end to end, and how many words each text has.

        An id is asked for in the order in which the words stand, and only for a word that counts.
        """
        if len(self._known.kinds) > _REMEMBERED:
            self._known = _Stretches()
        read = self._read(texts)
        kept = self._without_chatter(read)
        ends, numbers = _ends(kept)[read.ends], read.numbers[kept]
        lengths = ends[1:] - ends[:-1]
        if lengths.max(initial=0) > self._most:
            starts = np.cumsum(lengths) - lengths
            lengths = np.minimum(lengths, self._most)
            numbers = numbers[ranges(starts, starts + lengths)]
        return self._ids(numbers), lengths

    def _read(self, texts: Sequence[str]) -> _Read:
        known, split = self._known, [text.split() for text in texts]
        codes = np.fromiter(map(known.__getitem__, chain.from_iterable(split)), np.int64)
        sizes = np.fromiter(map(len, split), np.int64, len(split))
        count, whole = len(known.kinds), _special(np.array(known.kinds)[codes], sizes=sizes)
        codes, sizes = self._with_whole(texts, whole=whole, codes=codes, sizes=sizes)
        closed, edges, starts = np.array(known.kinds)[codes] & _ENDS > 0, np.array(known.ends), _ends(sizes)
        for at in [at for at, text in enumerate(texts) if "\n" in text and not whole[at]]:
            closed[starts[at] + _line_ends(texts[at])] = True
        stops = _ends(edges[codes + 1] - edges[codes])
        numbers = np.array(known.said)[ranges(edges[codes], edges[codes + 1])]
        known.cut(count)
        after = np.zeros(len(numbers) + 1, np.bool_)
        after[stops[1:][closed]] = after[stops[starts]] = True
        return _Read(numbers, stops[starts], after[1:], whole)

    def _with_whole(
        self, texts: Sequence[str], *, whole: NDArray[np.bool_], codes: Ints, sizes: Ints
    ) -> tuple[Ints, Ints]:
        """Each text that has to be read by itself as one stretch of all its words."""
        if not whole.any():
            return codes, sizes
        firsts, kept = (np.cumsum(sizes) - sizes)[whole], np.repeat(~whole, sizes)
        codes, kept[firsts] = codes.copy(), True
        for at, first in zip(np.flatnonzero(whole).tolist(), firsts.tolist(), strict=True):
            found = asked_words(texts[at])
            codes[first] = self._known.add(zip(found.folded, found.written, strict=True), kind=0)
        return codes[kept], np.where(whole, 1, sizes)

    def _without_chatter(self, read: _Read) -> NDArray[np.bool_]:
        """Which words are no wrapping; all of a text that is nothing else."""
        kept = np.ones(len(read.numbers), np.bool_)
        spellings = self._known.words.spellings
        for text in self._suspected(read).tolist():
            place = slice(int(read.ends[text]), int(read.ends[text + 1]))
            written = [spellings[number][1] for number in read.numbers[place].tolist()]
            ends = frozenset((np.flatnonzero(read.closed[place]) + 1).tolist())
            chatter = is_chatter(written, ends=ends)
            if True in chatter and not all(chatter):
                kept[place] = np.logical_not(chatter)
        return kept

    def _suspected(self, read: _Read) -> Ints:
        """The texts in which a phrase of wrapping may begin."""
        words, numbers = self._known.words, read.numbers
        rows, columns, alone = (np.array(one)[numbers] for one in (words.rows, words.columns, words.alone))
        last = np.zeros(len(numbers) + 1, np.bool_)
        last[read.ends] = True
        begins = (alone == 1) | ((alone == 2) & read.closed)
        begins[:-1] |= openings().together[rows[:-1], columns[1:]] & ~last[1:-1]
        found = np.searchsorted(read.ends, np.flatnonzero(begins), side="right") - 1
        return np.setdiff1d(found, np.flatnonzero(read.whole))

    def _ids(self, numbers: Ints) -> Ints:
        words = self._known.words
        ids = np.array(words.ids)[numbers]
        if len(new := list(dict.fromkeys(numbers[ids < 0].tolist()))):
            for number, held in zip(new, self._numbered([words.spellings[one] for one in new]), strict=True):
                words.ids[number] = held
            ids = np.array(words.ids)[numbers]
        return ids


def _special(kinds: NDArray[np.int8], *, sizes: Ints) -> NDArray[np.bool_]:
    """Which texts, of so many stretches each, hold one that is not read alone or a number beside its scale."""
    owner = np.repeat(np.arange(len(sizes)), sizes)
    found = np.zeros(len(sizes), np.bool_)
    found[owner[kinds & _ALONE > 0]] = True
    scaled = (kinds[:-1] & _NUMBER > 0) & (kinds[1:] & _SCALE > 0) & (owner[:-1] == owner[1:])
    found[owner[:-1][scaled]] = True
    return found


def _line_ends(text: str) -> Ints:
    """The places of the stretches after which a line ends."""
    ends = np.cumsum([len(line.split()) for line in text.split("\n")])
    found: Ints = ends[ends > 0] - 1
    return found
