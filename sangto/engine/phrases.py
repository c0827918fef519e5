"""Sets of phrases written as patterns over whole words, and the longest phrase that begins at each word of a text.

A pattern is words, `<class>` for any word or phrase of a named class, `(one|the other)`, `?` and `*` after any of them,
`#` for any number, `_` for any one word; `^` before it binds it to the beginning of a sentence, `$` after it to the
end, `!` before it names a compound that is kept whole, because a part of it looks like a phrase of the set.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_SYMBOL = re.compile(r"<\w+>|[()|?*]|[^\s()|?*<>]+")
LONGEST_PHRASE = 32
PLAIN, FIRST, LAST, BOTH, KEPT = 1, 2, 4, 8, 16
_BINDING = {"": PLAIN, "^": FIRST, "$": LAST, "^$": BOTH, "!": KEPT}


class _Net:
    """A non-deterministic automaton over words; state 0 is the start of every pattern."""

    def __init__(self, *, classes: Mapping[str, str], spellings: Callable[[str], Iterable[str]]) -> None:
        self.steps: list[dict[str, list[int]]] = [{}]
        self.free: list[list[int]] = [[]]
        self.accepts: dict[int, int] = {}
        self.classes, self.spellings = classes, spellings

    def state(self) -> int:
        self.steps.append({})
        self.free.append([])
        return len(self.steps) - 1

    def add(self, pattern: str) -> None:
        """Add one pattern to what is accepted."""
        body = pattern.strip()
        kept, first, last = body.startswith("!"), body.startswith("^"), body.endswith("$")
        binding = _BINDING["!" if kept else "^" * first + "$" * last]
        end = self._choice(_SYMBOL.findall(body.lstrip("!^").rstrip("$"))[::-1], start=self._after(0))
        self.accepts[end] = self.accepts.get(end, 0) | binding

    def _after(self, state: int) -> int:
        new = self.state()
        self.free[state].append(new)
        return new

    def _choice(self, left: list[str], *, start: int) -> int:
        end = self.state()
        while True:
            self.free[self._sequence(left, start=start)].append(end)
            if not left or left.pop() == ")":
                return end

    def _sequence(self, left: list[str], *, start: int) -> int:
        at = start
        while left and left[-1] not in "|)":
            begin = self._after(at)
            at = self._one(left, start=begin)
            if left and left[-1] in "?*":
                repeated = left.pop() == "*"
                end = self._after(at)
                self.free[begin].append(end)
                if repeated:
                    self.free[at].append(begin)
                at = end
        return at

    def _one(self, left: list[str], *, start: int) -> int:
        symbol = left.pop()
        if symbol == "(":
            return self._choice(left, start=start)
        if symbol.startswith("<"):
            return self._choice(_SYMBOL.findall(self.classes[symbol[1:-1]])[::-1], start=start)
        end = self.state()
        for spelling in self.spellings(symbol):
            self.steps[start].setdefault(spelling, []).append(end)
        return end

    def closure(self, states: Iterable[int]) -> frozenset[int]:
        """The states reached without reading a word."""
        found, left = set(states), list(states)
        while left:
            new = [state for state in self.free[left.pop()] if state not in found]
            found.update(new)
            left += new
        return frozenset(found)


class _Step:
    """A state of the deterministic automaton, made when a text first leads to it."""

    __slots__ = ("accepts", "following", "reached", "wild")

    def __init__(self, states: frozenset[int], *, net: _Net) -> None:
        self.accepts = 0
        self.following: dict[str, _Step] = {}
        self.reached: dict[str, set[int]] = {}
        for state in states:
            self.accepts |= net.accepts.get(state, 0)
            for word, targets in net.steps[state].items():
                self.reached.setdefault(word, set()).update(targets)
        self.wild = not self.reached.keys().isdisjoint(("#", "_"))


@dataclass(frozen=True)
class Openings:
    """Which words can begin a phrase, as numbers: to pass over many texts at once.

    `together[row of a word, column of the next]` says whether a phrase may begin with the two.
    """

    rows: Mapping[str, int]
    columns: Mapping[str, int]
    alone: Mapping[str, int]
    together: NDArray[np.bool_]

    def of(self, word: str) -> tuple[int, int, int]:
        """Row and column of a word, and whether it is a phrase alone: 0 no, 1 yes, 2 only where something ends."""
        return self.rows.get(word, 0), self.columns.get(word, 0), self.alone.get(word, 0)


class Phrases:
    """A set of patterns, ready to be looked for."""

    def __init__(
        self,
        patterns: Iterable[str],
        *,
        classes: Mapping[str, str],
        spellings: Callable[[str], Iterable[str]] = lambda word: (word,),
    ) -> None:
        """`spellings` gives the words of a text that a word of a pattern stands for."""
        self._net = _Net(classes=classes, spellings=spellings)
        for pattern in patterns:
            self._net.add(pattern)
        self._known: dict[frozenset[int], _Step] = {}
        self._start = self._step({0})

    def _step(self, states: set[int]) -> _Step:
        closed = self._net.closure(states)
        if closed not in self._known:
            self._known[closed] = _Step(closed, net=self._net)
        return self._known[closed]

    def _next(self, step: _Step, *, word: str) -> _Step | None:
        """Where a word leads. A word that is named also counts as any word, so that the longest phrase is not lost."""
        if (known := step.following.get(word)) is not None:
            return known
        reached = step.reached
        name = word if word in reached else "#" if "#" in reached and word[0].isdecimal() else "_"
        if name not in reached:
            return None
        if name not in step.following:
            step.following[name] = self._step(reached[name] | reached.get("_", set()))
        return step.following[name]

    def openings(self) -> Openings:
        """Which words can begin a phrase. A text without any such word or two of them holds no phrase."""
        steps = {word: step for word in self._start.reached if (step := self._next(self._start, word=word))}
        rows = {word: row for row, word in enumerate(steps, 1)}
        seconds = dict.fromkeys(word for step in steps.values() for word in step.reached)
        columns = {word: column for column, word in enumerate(seconds, 1)}
        together = np.zeros((len(rows) + 1, len(columns) + 1), np.bool_)
        for word, step in steps.items():
            together[rows[word], [columns[second] for second in step.reached]] = True
            together[rows[word]] |= step.wild
        alone = {word: 1 if step.accepts & ~(LAST | BOTH) else 2 for word, step in steps.items() if step.accepts}
        return Openings(rows, columns, alone, together)

    def _may_begin(self, words: Sequence[str], *, at: int, ends: Callable[[int], bool]) -> bool:
        """Whether a word and the next begin a phrase, or the word alone is one; most that begin one go on otherwise."""
        step = self._start.following.get(words[at]) or self._next(self._start, word=words[at])
        if step is None:
            return False
        if at + 1 < len(words) and (step.wild or words[at + 1] in step.reached):
            return True
        accepts = step.accepts
        return accepts & ~(LAST | BOTH) != 0 or (accepts != 0 and ends(at + 1))

    def _read(self, words: Sequence[str], *, at: int, ends: Callable[[int], bool]) -> tuple[int, int, int]:
        """How many words of the longest phrase here: one that stands anywhere, one that begins a sentence, one kept."""
        anywhere = first = kept = 0
        step, position = self._next(self._start, word=words[at]), at + 1
        size = min(len(words), at + LONGEST_PHRASE)
        while step is not None:
            if accepts := step.accepts:
                ended = accepts & (LAST | BOTH) and ends(position)
                if accepts & PLAIN or (accepts & LAST and ended):
                    anywhere = position - at
                if accepts & FIRST or (accepts & BOTH and ended):
                    first = position - at
                if accepts & KEPT:
                    kept = position - at
            if position == size:
                break
            word = words[position]
            if word not in step.reached and not step.wild:
                break
            step, position = step.following.get(word) or self._next(step, word=word), position + 1
        return anywhere, max(first, anywhere), kept

    def chosen(self, words: Sequence[str], *, ends: frozenset[int]) -> list[bool]:
        """Whether each word belongs to a phrase, the longest first word by word.

        `ends` are the positions, counted in words from 1, after which a sentence ends.
        """
        size, begins = len(words), self._start.reached
        found: dict[int, tuple[int, int, int]] = {}

        def is_end(position: int) -> bool:
            return position == size or position in ends or (position in found and found[position][0] > 0)

        for at in [at for at, word in enumerate(words) if word in begins][::-1]:
            if self._may_begin(words, at=at, ends=is_end):
                read = self._read(words, at=at, ends=is_end)
                if read != _NOTHING:
                    found[at] = read
        return _marked(found, size=size, ends=ends) if found else [False] * size


_NOTHING = (0, 0, 0)


def _marked(found: dict[int, tuple[int, int, int]], *, size: int, ends: frozenset[int]) -> list[bool]:
    marked, at, after = [False] * size, 0, True
    while at < size:
        if at not in found:
            at, after = at + 1, False
            continue
        anywhere, first, kept = found[at]
        length = first if after or at in ends else anywhere
        if length > kept:
            marked[at : at + length] = [True] * length
        after = length > kept
        at += max(length, kept, 1)
    return marked
