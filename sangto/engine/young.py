"""Entries that wait for the next commit of the inverted index: found by dictionaries, scored as it scores its own.

A commit of the inverted index takes as long as ten messages. What has come since the last one waits here, so that it
is found at once all the same, and a few hundred share one commit.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log1p

__all__ = ["Field", "Term", "Young"]

# BM25 as tantivy has it (Robertson and Zaragoza 2009): how soon more of a word tells no more, and less in a long text.
_K1, _B = 1.2, 0.75

Field = str  # "words" or "pairs"
Term = tuple[Field, str, float]  # with its boost


@dataclass(frozen=True)
class _Laid:
    """One entry here: its id, its kind and how many terms of each field it has."""

    id: int
    kind: str
    lengths: dict[Field, int]


class Young:
    """For one writer, and any number of readers beside it: rows are only ever added, and hidden."""

    def __init__(self) -> None:
        self._held: dict[int, _Laid] = {}  # by row
        self._rows: dict[int, int] = {}  # by id, what searches find of it here
        self._holding: defaultdict[tuple[Field, str], list[tuple[int, int]]] = defaultdict(list)
        self._totals: defaultdict[Field, int] = defaultdict(int)
        self.hidden: set[int] = set()  # rows, of here or of the inverted index, that no search may find any more
        self.hidden_elsewhere = 0  # how many of them are of the inverted index

    def __len__(self) -> int:
        return len(self._rows)

    def put(self, entry_id: int, *, row: int, kind: str, terms: Mapping[Field, Sequence[str]]) -> None:
        """Adds an entry; of these fields the terms, each as often as it stands there."""
        for field, said in terms.items():
            for term in dict.fromkeys(said):
                self._holding[field, term].append((row, said.count(term)))
            self._totals[field] += len(said)
        self._held[row] = _Laid(entry_id, kind, {field: len(said) for field, said in terms.items()})
        self._rows[entry_id] = row

    def hide(self, row: int, entry_id: int) -> None:
        """No search finds this row of the entry from now on, be it here or in the inverted index."""
        if self._rows.pop(entry_id, None) is None:
            self.hidden_elsewhere += 1
        self.hidden.add(row)

    def row_of(self, entry_id: int) -> int | None:
        """The row that searches find for an id, if it is here."""
        return self._rows.get(entry_id)

    def often(self, field: Field, term: str) -> int:
        """How many of the entries here hold a term."""
        return len(self._holding.get((field, term), ()))

    def found(
        self, terms: Iterable[Term], *, kind: str | None, others: int, often: Callable[[Field, str], int]
    ) -> dict[int, float]:
        """The rows that hold any of the terms, with their scores; only of one kind if it is given.

        `others` is how many entries the inverted index holds, and `often` says how many of these hold a term.
        """
        scores: defaultdict[int, float] = defaultdict(float)
        for field, term, boost in terms:
            holding = self._holding.get((field, term), ())
            if holding:
                rare = boost * _rarity(often(field, term) + len(holding), others + len(self._held))
                for row, times in tuple(holding):
                    scores[row] += rare * self._weight(row, field, times)
        return {row: score for row, score in scores.items() if self._may_be_found(row, kind)}

    def _weight(self, row: int, field: Field, times: int) -> float:
        held = self._held.get(row)
        usual = self._totals[field] / max(len(self._held), 1)
        length = held.lengths[field] / usual if held and usual else 1.0
        return times * (_K1 + 1) / (times + _K1 * (1 - _B + _B * length))

    def _may_be_found(self, row: int, kind: str | None) -> bool:
        held = self._held.get(row)
        return held is not None and row not in self.hidden and kind in (None, held.kind)


def _rarity(holding: int, total: int) -> float:
    return log1p((total - holding + 0.5) / (holding + 0.5))
