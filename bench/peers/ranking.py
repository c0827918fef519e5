"""How well engines rank on labelled questions, and whether a difference between two of them is more than luck."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bench.labelled import Pool, Question
from bench.peers.interface import Peer

__all__ = ["Difference", "Ranked", "average_precision", "difference", "ranked_by", "without_author", "without_links"]

DEPTH = 5
RESAMPLES = 10_000
_SHARE = 0.025
# "— Name (@handle) February 25, 2016", with which the CheckThat posts end.
_AUTHOR = re.compile(r"\s*[—–-]+ [^—–]{1,60}\((?:@\w+|\[\w+\])\) \w+ \d+, \d{4}\s*$")
_LINK = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/)\S*")


@dataclass(frozen=True)
class Ranked:
    """What one engine found: for each question the ids of its best five."""

    name: str
    found: tuple[tuple[int, ...], ...]

    def only(self, kept: Sequence[int]) -> "Ranked":
        """The same for some of the questions, by their positions."""
        return replace(self, found=tuple(self.found[at] for at in kept))

    def precision(self, questions: Sequence[Question]) -> np.ndarray:
        """The average precision at 5 of each question, 0..1."""
        return np.array([average_precision(ids, one.right) for ids, one in zip(self.found, questions, strict=True)])

    def first(self, questions: Sequence[Question]) -> np.ndarray:
        """1.0 for each question whose first entry is right, else 0.0."""
        return np.array([float(bool(set(ids[:1]) & one.right)) for ids, one in zip(self.found, questions, strict=True)])


@dataclass(frozen=True)
class Difference:
    """The mean difference of two engines, its 95 % interval, and the two-sided p value of "no difference"."""

    mean: float
    low: float
    high: float
    p: float


def without_links(pool: Pool) -> Pool:
    """The pool with links left out of its questions, for every engine alike: no set holds what they point to."""
    splits = {
        name: [replace(one, text=_LINK.sub(" ", one.text)) for one in questions]
        for name, questions in pool.splits.items()
    }
    return replace(pool, splits=splits)


def without_author(one: Question) -> Question:
    """The question as somebody would forward it, without the line that says whose post it is and of when."""
    return replace(one, text=_AUTHOR.sub("", one.text))


def average_precision(ranking: Sequence[int], right: Collection[int]) -> float:
    """Average precision at 5, 0..1, as the CheckThat lab counts it."""
    hits, total = 0, 0.0
    for place, number in enumerate(ranking[:DEPTH], 1):
        if number in right:
            hits += 1
            total += hits / place
    return total / min(len(right), DEPTH)


def ranked_by(peer: Peer, questions: Iterable[Question]) -> Ranked:
    """Asks a built engine each question."""
    return Ranked(peer.name, tuple(tuple(peer.search(one.text, DEPTH)) for one in questions))


def difference(ours: np.ndarray, theirs: np.ndarray, questions: Sequence[Question], *, seed: int = 1) -> Difference:
    """A paired bootstrap of 10,000 resamples of answers: questions with the same answer are drawn together."""
    gains, numbers = ours - theirs, {one: at for at, one in enumerate(sorted({_group(one) for one in questions}))}
    groups = np.array([numbers[_group(one)] for one in questions])
    sums, counts = np.bincount(groups, gains), np.bincount(groups)
    drawn = np.random.default_rng(seed).multinomial(len(sums), np.full(len(sums), 1 / len(sums)), RESAMPLES)
    means = np.sort(drawn @ sums / (drawn @ counts))
    beyond = min(int((means <= 0).sum()), int((means >= 0).sum()))
    low, high = means[int(RESAMPLES * _SHARE)], means[int(RESAMPLES * (1 - _SHARE)) - 1]
    return Difference(float(gains.mean()), float(low), float(high), min(1.0, 2 * (beyond + 1) / (RESAMPLES + 1)))


def _group(one: Question) -> str:
    return ",".join(map(str, sorted(one.right)))
