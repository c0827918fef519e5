"""Which words of one text stand in another, in the same order: the longest such row, by the bits of integers."""

from collections.abc import Hashable, Sequence


def aligned(one: Sequence[Hashable], other: Sequence[Hashable], *, most: int) -> list[tuple[int, int]]:
    """Pairs of places at which both hold the same, rising in both, as many as there can be.

    What both begin and end with is paired at once; of what is left between, at most `most` of each are looked at. Time
    grows with the square of `most` divided by the bits of a machine word, memory with the square of it in bits.
    """
    start, shorter = 0, min(len(one), len(other))
    while start < shorter and one[start] == other[start]:
        start += 1
    end = 0
    while end < shorter - start and one[-1 - end] == other[-1 - end]:
        end += 1
    mine, theirs = one[start : len(one) - end][:most], other[start : len(other) - end][:most]
    middle = [(start + at, start + to) for at, to in _common(mine, theirs)]
    tail = [(len(one) - back, len(other) - back) for back in range(end, 0, -1)]
    return [(at, at) for at in range(start)] + middle + tail


def _common(one: Sequence[Hashable], other: Sequence[Hashable]) -> list[tuple[int, int]]:
    """A longest common subsequence after Hyyrö (2004).

    In row i the bit j is 0 where the first i words have one more in common with j + 1 of the others than with j.
    """
    if not one or not other:
        return []
    holding: dict[Hashable, int] = {}
    for at, word in enumerate(other):
        holding[word] = holding.get(word, 0) | 1 << at
    every = (1 << len(other)) - 1
    row, rows = every, []
    for word in one:
        shared = row & holding.get(word, 0)
        row = (row + shared | row - shared) & every
        rows.append(row)
    return _walked_back(rows, len(other))


def _walked_back(rows: Sequence[int], width: int) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    at, to = len(rows), width
    while at and to:
        if rows[at - 1] >> to - 1 & 1:
            to -= 1
            continue
        at -= 1
        if at and not rows[at - 1] >> to - 1 & 1:
            continue
        to -= 1
        pairs.append((at, to))
    return pairs[::-1]
