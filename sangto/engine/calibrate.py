"""From what was decided and what turned out right to probabilities that mean what they say."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sangto.engine.learned import Bound, Curve

__all__ = ["ISOTONIC_FROM", "bound", "fitted", "isotonic", "log_loss", "platt"]

ISOTONIC_FROM = 500  # labels; below, two numbers are all that can be learned
_ROUNDS = 100
_LEAST, _MOST = 0.002, 0.998
_PRIOR = 1.0  # labels that say "as before", so that a handful of new ones moves little
Floats = NDArray[np.float64]


def _sigmoid(values: Floats) -> Floats:
    found: Floats = 1 / (1 + np.exp(-np.clip(values, -35, 35)))
    return found


def log_loss(sure: Sequence[float], right: Sequence[bool]) -> float:
    """The mean negative log likelihood of labels under probabilities, in nats; 0 is perfect. Needs at least one."""
    values = np.clip(np.array(sure, float), _LEAST, _MOST)
    hits = np.array(right, float)
    return float(-(hits * np.log(values) + (1 - hits) * np.log(1 - values)).mean())


def platt(raw: Sequence[float], right: Sequence[bool]) -> tuple[float, float]:
    """Slope and shift of the logistic curve through raw values and labels (Platt 1999), by Newton's method.

    A weak prior holds the slope near 1 and the shift near 0. The slope is never negative.
    """
    x, y = np.array(raw, float), np.array(right, float)
    design = np.stack([x, np.ones_like(x)], axis=1)
    prior = np.array([1.0, 0.0])
    found = prior.copy()
    for _ in range(_ROUNDS):
        sure = _sigmoid(design @ found)
        slope = design.T @ (sure - y) + _PRIOR * (found - prior)
        curve = (design * (sure * (1 - sure))[:, None]).T @ design + _PRIOR * np.eye(2)
        step = np.linalg.solve(curve, slope)
        # A whole step can overshoot so far that the next one is larger still.
        while _cost(found - step, design, y, prior) > _cost(found, design, y, prior) and np.abs(step).max() >= 1e-9:
            step = step / 2
        found = found - step
        if np.abs(step).max() < 1e-9:
            break
    return max(float(found[0]), 0.0), float(found[1])


def _cost(found: Floats, design: Floats, right: Floats, prior: Floats) -> float:
    odds = design @ found
    return float((np.logaddexp(0, odds) - right * odds).sum() + _PRIOR / 2 * ((found - prior) ** 2).sum())


def isotonic(raw: Sequence[float], right: Sequence[bool]) -> Curve:
    """The rising curve nearest to the labels (pool adjacent violators; Ayer et al. 1955), between 0.002 and 0.998."""
    order = np.argsort(np.array(raw, float), kind="stable")
    x, y = np.array(raw, float)[order], np.array(right, float)[order]
    blocks: list[list[float]] = []  # sum of labels, count, sum of raw values
    for value, label in zip(x.tolist(), y.tolist(), strict=True):
        blocks.append([label, 1.0, value])
        while len(blocks) > 1 and blocks[-2][0] * blocks[-1][1] >= blocks[-1][0] * blocks[-2][1]:
            last = blocks.pop()
            blocks[-1] = [one + other for one, other in zip(blocks[-1], last, strict=True)]
    # A block's labels say little at its ends, and a few labels say nothing sure: half a label each way is added.
    sure = [min(max((hits + 0.5) / (count + 1), _LEAST), _MOST) for hits, count, _ in blocks]
    sure = np.maximum.accumulate(sure).tolist()
    return Curve(tuple(total / count for _, count, total in blocks), tuple(sure))


def fitted(curve: Curve, *, raw: Sequence[float], right: Sequence[bool]) -> Curve:
    """The curve that fits the labels: two numbers learned on top of the old curve below 500 labels, a new one above."""
    if len(raw) >= ISOTONIC_FROM:
        return isotonic(raw, right)
    odds = _log_odds(np.array(curve.sure))
    slope, shift = platt(_log_odds(curve(np.array(raw, np.float32)).astype(float)).tolist(), right)
    moved = np.clip(_sigmoid(slope * odds + shift), _LEAST, _MOST)
    return Curve(curve.raw, tuple(moved.tolist()))


def _log_odds(sure: Floats) -> Floats:
    held = np.clip(sure, _LEAST, _MOST)
    found: Floats = np.log(held / (1 - held))
    return found


def bound(raw: Sequence[float], right: Sequence[bool]) -> Bound:
    """The labels by falling raw value; of equals the wrong ones first, so that a cut-off never flatters."""
    held = sorted(zip(raw, right, strict=True), key=lambda pair: (-pair[0], pair[1]))
    return Bound(tuple(one for one, _ in held), tuple(hit for _, hit in held))
