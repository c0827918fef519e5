"""What was learned from labelled questions: how to rank, how sure to be, and which sureness keeps a promise.

The model is a JSON file in the package, made by `bench/train.py`. When it is missing, damaged or of another version,
a formula that needs no training takes its place, which answers nothing at once.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files
from math import exp, inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sangto.engine.features import NAMES
from sangto.engine.trees import Trees

__all__ = ["EVIDENCE", "VERSION", "Bound", "Curve", "Learned", "shipped"]

VERSION = 1
# What the decider knows of a candidate beside its features: its score and how it stands among the others.
EVIDENCE = (*NAMES, "score", "ahead_of_next", "ahead_of_third", "behind_best", "place", "candidates")
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Curve:
    """From the decider's raw value to a probability 0..1: straight lines between points, both rising."""

    raw: tuple[float, ...]
    sure: tuple[float, ...]

    def __call__(self, values: Floats) -> Floats:
        """The probability of each raw value."""
        return np.interp(values, self.raw, self.sure).astype(np.float32)


_STEPS = tuple(step / 2 for step in range(-12, 13))
LOGISTIC = Curve(_STEPS, tuple(1 / (1 + exp(-step)) for step in _STEPS))


@dataclass(frozen=True)
class Bound:
    """First candidates held back from training: the decider's raw values, falling, and whether they were right."""

    raw: tuple[float, ...]
    right: tuple[bool, ...]

    def cut_off(self, promise: float) -> float:
        """The least raw value from which on at most 1 - promise of the answers were wrong, had the next one been wrong.

        Split conformal risk control (Angelopoulos et al. 2022, theorem 1): (wrong + 1) / (n + 1) <= 1 - promise, on the
        longest list of the surest that holds it; infinite when none does.
        """
        wrong = np.cumsum(~np.array(self.right, bool))
        n = np.arange(1, len(wrong) + 1)
        kept = np.flatnonzero((wrong + 1) / (n + 1) <= 1 - promise + 1e-12)
        return float(self.raw[kept[-1]]) if len(kept) else inf


@dataclass(frozen=True)
class Learned:
    """A ranker, a decider, a curve and bounds by language; without trees the untrained formula."""

    name: str
    ranker: Trees | None = None
    decider: Trees | None = None
    curve: Curve = LOGISTIC
    bounds: Mapping[str, Bound] = field(default_factory=dict)
    contradicted: float = 0.3  # what is left of the sureness of a candidate that something contradicts
    trouble: str = ""

    def scores(self, values: Floats) -> Floats:
        """The ranker's score of each row of features (`NAMES`)."""
        return self.ranker(values) if self.ranker else _untrained_scores(values)

    def raw(self, evidence: Floats) -> Floats:
        """The decider's raw value of each candidate, from rows of `EVIDENCE`; log-odds, before the curve."""
        return self.decider(evidence) if self.decider else _untrained_raw(evidence)

    def cut_off(self, promise: float, *, lang: str) -> float:
        """The raw value from which an instant answer keeps the promised precision (0..1) in a language.

        For a language without a bound the highest of all; infinite where none keeps it.
        """
        if lang in self.bounds:
            return self.bounds[lang].cut_off(promise)
        return max((bound.cut_off(promise) for bound in self.bounds.values()), default=inf)


def _column(values: Floats, name: str) -> Floats:
    found: Floats = values[:, NAMES.index(name)]
    return found


def _untrained_scores(values: Floats) -> Floats:
    return (
        _column(values, "bm25_of_best") + _column(values, "mean_dice_of_best") + _column(values, "best_pairs_covering")
    )


def _untrained_raw(evidence: Floats) -> Floats:
    lead = np.clip(evidence[:, EVIDENCE.index("ahead_of_next")], -1, 1)
    return _column(evidence, "best_dice") * 4 + _column(evidence, "covering_all") * 3 + 2 * lead - 4.5


def read(held: Mapping[str, Any]) -> Learned:
    """The model in a decoded file.

    Raises ValueError when it is of another version or made for other features, KeyError or TypeError if damaged.
    """
    if held["version"] != VERSION:
        raise ValueError(f"it has version {held['version']}, and this program reads {VERSION}")
    if tuple(held["evidence"]) != EVIDENCE:
        raise ValueError(f"it was made for other features: {_differing(held['evidence'])}")
    return Learned(
        name=held["name"],
        ranker=Trees.read(held["ranker"]),
        decider=Trees.read(held["decider"]),
        curve=Curve(tuple(held["curve"]["raw"]), tuple(held["curve"]["sure"])),
        contradicted=float(held["contradicted"]),
        bounds={lang: bound_of(one) for lang, one in held["bounds"].items()},
    )


def _differing(evidence: Sequence[str]) -> str:
    missing, unknown = set(EVIDENCE) - set(evidence), set(evidence) - set(EVIDENCE)
    told = [f"without {', '.join(sorted(missing))}"] if missing else []
    told += [f"with {', '.join(sorted(unknown))}"] if unknown else []
    return "; ".join(told) or "the same ones in another order"


def bound_of(held: Mapping[str, Sequence[float]]) -> Bound:
    """A bound from its two lists."""
    return Bound(tuple(map(float, held["raw"])), tuple(map(bool, held["right"])))


@lru_cache(maxsize=1)
def shipped() -> Learned:
    """The model of this package; the untrained formula, with the trouble in words, when it cannot be read."""
    try:
        return read(json.loads(files("sangto.engine").joinpath("model/matching.json").read_bytes()))
    except FileNotFoundError:
        return Learned("untrained", trouble="the model file is missing")
    except (ValueError, KeyError, TypeError, IndexError, OverflowError, AttributeError) as error:
        return Learned("untrained", trouble=f"the model file cannot be used: {error}")


def refitted(learned: Learned, *, curve: Curve, bounds: Mapping[str, Bound]) -> Learned:
    """The same ranker and decider with another curve and other bounds."""
    return replace(learned, curve=curve, bounds=dict(bounds))
