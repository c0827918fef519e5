"""Fit the engine's sureness to questions that people on a desk have settled, and tell whether that is any better.

Pure: samples in, old and new curve side by side out. What a fold's samples are judged by never saw any of that fold.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sangto.engine.calibrate import ISOTONIC_FROM, bound, fitted, isotonic, log_loss
from sangto.engine.evaluate import calibration_error
from sangto.engine.learned import VERSION, Bound, Curve, Learned
from sangto.engine.trees import Trees

__all__ = ["FOLDS", "LEAST_LABELS", "Bin", "CannotRefit", "Refit", "Sample", "folds_of", "model_name", "refit"]

LEAST_LABELS = 30
FOLDS = 5
_BINS = 10


@dataclass(frozen=True)
class Sample:
    """A settled question: the decider's raw value of its first candidate, and whether that was right.

    `group` is the entry it is about: samples of one group depend on each other and stay in one fold. `alone` says that
    the candidate would have been answered at once had any sureness been enough, which is what a bound is about.
    """

    raw: float
    right: bool
    lang: str
    group: int
    alone: bool


@dataclass(frozen=True)
class Bin:
    """Samples whose old sureness is in [low, high): how many, what share was right, and what the curves say (means)."""

    low: float
    high: float
    labels: int
    right: float
    old: float
    new: float


@dataclass(frozen=True)
class Refit:
    """A new curve and bounds; log loss (nats) and calibration error (0..1) of the old and the new, cross-validated."""

    labels: int
    curve: Curve
    bounds: Mapping[str, Bound]
    bins: tuple[Bin, ...]
    loss_before: float
    loss_after: float
    error_before: float
    error_after: float

    @property
    def is_better(self) -> bool:
        """Whether questions that the new curve did not see are told better by it than by the old one."""
        return self.loss_after < self.loss_before


class CannotRefit(Exception):
    """There is too little to learn from; the message is an English sentence for the operator."""


def refit(samples: Sequence[Sample], *, shipped: Learned, in_use: Learned) -> Refit:
    """What the samples teach, on top of the shipped curve and bounds, against the curve in use.

    Below 500 samples two numbers are learned, from 500 on a new rising curve. Raises CannotRefit.
    """
    _check(samples)
    right = [one.right for one in samples]
    old = in_use.curve(_raw(samples)).tolist()
    new = _held_out(samples, curve=shipped.curve)
    return Refit(
        labels=len(samples),
        curve=_fit(samples, curve=shipped.curve, freely=len(samples) >= ISOTONIC_FROM),
        bounds=_bounds(samples, shipped=shipped),
        bins=tuple(_bins(right, old=old, new=new)),
        loss_before=log_loss(old, right),
        loss_after=log_loss(new, right),
        error_before=calibration_error(old, right) or 0.0,
        error_after=calibration_error(new, right) or 0.0,
    )


def folds_of(samples: Sequence[Sample]) -> list[int]:
    """The fold of each sample, 0..4: a group is in one fold alone, and the largest groups are dealt out first."""
    sizes = Counter(one.group for one in samples)
    filled, fold_of = [0] * FOLDS, {}
    for group, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        fold_of[group] = filled.index(min(filled))
        filled[fold_of[group]] += size
    return [fold_of[one.group] for one in samples]


def model_name(learned: Learned) -> str:
    """The model's name, the version of its form, and eight digits that no other trees have: "shipped 1 (0a1b2c3d)"."""
    trees = [part for part in (learned.ranker, learned.decider) if part]
    return f"{learned.name} {VERSION} ({_digest(trees)})" if trees else f"{learned.name} {VERSION}"


def _digest(trees: Sequence[Trees]) -> str:
    found = hashlib.sha256()
    for one in trees:
        for part in (one.columns, one.thresholds, one.kept, one.leaves):
            found.update(np.ascontiguousarray(part).tobytes())
    return found.hexdigest()[:8]


def _check(samples: Sequence[Sample]) -> None:
    right = sum(one.right for one in samples)
    if len(samples) < LEAST_LABELS:
        raise CannotRefit(f"{len(samples)} labels can be used, and at least {LEAST_LABELS} are needed.")
    if right in (0, len(samples)):
        raise CannotRefit(f"All {len(samples)} labels say {'right' if right else 'wrong'}: both kinds are needed.")
    if (groups := len({one.group for one in samples})) < FOLDS:
        raise CannotRefit(f"The labels are about {groups} answers only, and at least {FOLDS} are needed.")


def _raw(samples: Sequence[Sample]) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.array([one.raw for one in samples], np.float32)


def _fit(samples: Sequence[Sample], *, curve: Curve, freely: bool) -> Curve:
    raw, right = [one.raw for one in samples], [one.right for one in samples]
    return isotonic(raw, right) if freely else fitted(curve, raw=raw, right=right)


def _held_out(samples: Sequence[Sample], *, curve: Curve) -> list[float]:
    """How sure a curve is of each sample that was fitted to the other folds, in the way of the whole."""
    folds, freely = np.array(folds_of(samples)), len(samples) >= ISOTONIC_FROM
    sure = np.zeros(len(samples))
    for fold in range(FOLDS):
        others = [one for one, its in zip(samples, folds, strict=True) if its != fold]
        sure[folds == fold] = _fit(others, curve=curve, freely=freely)(_raw(samples)[folds == fold])
    return [float(one) for one in sure]


def _bounds(samples: Sequence[Sample], *, shipped: Learned) -> dict[str, Bound]:
    bounds, added = dict(shipped.bounds), defaultdict(list)
    for one in samples:
        if one.alone:
            added[one.lang].append(one)
    for lang, new in added.items():
        held = bounds.get(lang, Bound((), ()))
        raw, right = [*held.raw, *(one.raw for one in new)], [*held.right, *(one.right for one in new)]
        bounds[lang] = bound(raw, right)
    return bounds


def _bins(right: Sequence[bool], *, old: Sequence[float], new: Sequence[float]) -> list[Bin]:
    bins, columns = [], np.array([right, old, new], float)
    places = np.minimum((columns[1] * _BINS).astype(int), _BINS - 1)
    for place in sorted(set(places.tolist())):
        means = columns[:, places == place].mean(axis=1).tolist()
        bins.append(Bin(place / _BINS, (place + 1) / _BINS, int((places == place).sum()), *means))
    return bins
