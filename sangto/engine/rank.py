"""Find what may be meant, compare it closely, and put the likeliest first."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sangto.engine.features import NAMES, Compared, compared
from sangto.engine.learned import EVIDENCE, Learned
from sangto.engine.match import Entry, Found, Index

__all__ = ["DEPTH", "Candidate", "Ranking", "candidates", "evidence", "ranked"]

DEPTH, CLOSELY = 64, 24  # entries found by their words, and of them compared closely
# From here on it does not matter how many there are. Clearly fewer than are compared closely: in training an answer is
# taken out of what was found, and the decider must not learn to count.
_MANY = 20
SURE_OF = 5  # of them, how many are given a sureness


@dataclass(frozen=True)
class Ranking:
    """Entries by row number, likeliest first, with their scores and features (`NAMES`) and their nearest wording."""

    rows: NDArray[np.int64]
    scores: NDArray[np.float32]
    values: NDArray[np.float32]
    nearest: NDArray[np.int64]


@dataclass(frozen=True)
class Candidate:
    """An entry that may be meant, with its nearest wording and how alike the two are (`values`).

    `raw` is the decider's value in log-odds, `sureness` the probability 0..1 that the curve makes of it.
    """

    id: int
    row: int
    entry: Entry
    wording: str
    raw: float
    sureness: float
    values: NDArray[np.float32]

    def share(self, name: str) -> float:
        """One of the features (`NAMES`)."""
        return float(self.values[NAMES.index(name)])


def ranked(
    text: str, index: Index, *, learned: Learned, kind: str | None = None, without: Collection[int] = ()
) -> Ranking:
    """What the index holds for a text, likeliest first; only of one kind if it is given, and none of some ids."""
    found = index.find(text, depth=DEPTH + len(without), kind=kind)
    if without:
        found = found.only(np.array([index.id_at(row) not in without for row in found.rows.tolist()], bool))
    found = found.nearest(CLOSELY)
    near = compared(found, index=index)
    return ordered(found, near=near, scores=learned.scores(near.values))


def ordered(found: Found, *, near: Compared, scores: NDArray[np.float32]) -> Ranking:
    """What was found, by falling score; equals in the order of the search."""
    order = np.argsort(-scores, kind="stable")
    return Ranking(found.rows[order], scores[order], near.values[order], near.nearest[order])


def evidence(ranking: Ranking, count: int = SURE_OF) -> NDArray[np.float32]:
    """What the decider reads (`EVIDENCE`) of the first few."""
    scores, total = ranking.scores[:count], len(ranking.scores)
    if not total:
        return np.zeros((0, len(EVIDENCE)), np.float32)
    padded = np.concatenate([ranking.scores[: count + 2], np.full(3, ranking.scores[-1] - 1, np.float32)])
    places = np.arange(len(scores))
    best_other = np.where(places == 0, padded[1], padded[0])
    standing = [
        scores,
        scores - best_other,
        scores - padded[2],
        padded[0] - scores,
        places,
        np.full(len(scores), min(total, _MANY)),
    ]
    return np.concatenate([ranking.values[:count], np.stack(standing, axis=1)], axis=1).astype(np.float32)


def candidates(ranking: Ranking, index: Index, *, learned: Learned, count: int = SURE_OF) -> list[Candidate]:
    """The first few with their sureness and texts, surest first."""
    raw = learned.raw(evidence(ranking, count))
    sure = learned.curve(raw)
    found = []
    for at in np.argsort(-raw, kind="stable").tolist():
        row = int(ranking.rows[at])
        entry = index.entry(row)
        wording = (*entry.said, "")[int(ranking.nearest[at])]
        found.append(Candidate(entry.id, row, entry, wording, float(raw[at]), float(sure[at]), ranking.values[at]))
    return found
