"""How good the engine is on labelled messages: what `sangto engine evaluate` prints. Trains nothing, reads no clock."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sangto.engine.decide import DEFAULT, Decision, Rules, decide
from sangto.engine.learned import Learned
from sangto.engine.match import Index
from sangto.engine.rerank import Reader

__all__ = ["FIGURES", "Judged", "Labelled", "figures", "judged", "table"]

_BINS = 10
FIGURES = (
    "n", "recall_at_1", "recall_at_3", "recall_at_5", "map_at_5", "mrr", "instant_share", "offered_share",
    "handed_share", "instant_precision", "wrong_on_null", "wrong_on_must_not", "ece", "p50_ms", "p95_ms", "p99_ms",
)  # fmt: skip


@dataclass(frozen=True)
class Labelled:
    """A message, the entries that answer it (none: nothing does), and those that must not be given at once."""

    id: str
    text: str
    variant: str
    expect: frozenset[int]
    must_not: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Judged:
    """A labelled message with what was decided, and how long that took in seconds."""

    labelled: Labelled
    decision: Decision
    seconds: float

    @property
    def instant(self) -> int | None:
        """The entry given at once, if one was."""
        return self.decision.candidates[0].id if self.decision.zone == "instant" else None

    @property
    def is_first_right(self) -> bool:
        """Whether the likeliest entry answers the message."""
        return bool(self.decision.ranking) and self.decision.ranking[0] in self.labelled.expect


def judged(
    index: Index,
    labelled: Iterable[Labelled],
    *,
    clock: Callable[[], float],
    rules: Rules = DEFAULT,
    learned: Learned | None = None,
    reader: Reader | None = None,
    without: Callable[[Labelled], Collection[int]] = lambda one: (),
) -> Iterator[Judged]:
    """Decides each message as a claim; `clock` gives seconds, `without` the entries to hide from one message."""
    for one in labelled:
        start = clock()
        hidden = without(one)
        decision = decide(one.text, index, kind="claim", without=hidden, rules=rules, learned=learned, reader=reader)
        yield Judged(one, decision, clock() - start)


def _precision_sum(ranking: Sequence[int], expect: Collection[int]) -> float:
    right, total = 0, 0.0
    for place, entry in enumerate(ranking[:5], 1):
        if entry in expect:
            right += 1
            total += right / place
    return total / min(len(expect), 5)


def _first_right(ranking: Sequence[int], expect: Collection[int]) -> float:
    return next((1 / place for place, entry in enumerate(ranking, 1) if entry in expect), 0.0)


def _mean(values: Iterable[float]) -> float | None:
    held = list(values)
    return sum(held) / len(held) if held else None


def calibration_error(sure: Sequence[float], right: Sequence[bool]) -> float | None:
    """The expected calibration error over ten equal bins of sureness (Guo et al. 2017), 0..1; None for no values."""
    if not sure:
        return None
    values, hits = np.array(sure), np.array(right, float)
    bins = np.minimum((values * _BINS).astype(int), _BINS - 1)
    return float(sum(abs(values[bins == one].sum() - hits[bins == one].sum()) for one in np.unique(bins)) / len(values))


def _found(held: Sequence[Judged]) -> dict[str, float | None]:
    asked = [(one.decision.ranking, one.labelled.expect) for one in held if one.labelled.expect]
    recall = {f"recall_at_{k}": _mean(bool(set(got[:k]) & right) for got, right in asked) for k in (1, 3, 5)}
    return recall | {
        "map_at_5": _mean(_precision_sum(got, right) for got, right in asked),
        "mrr": _mean(_first_right(got, right) for got, right in asked),
    }


def _decided(held: Sequence[Judged]) -> dict[str, float | None]:
    zones = {
        name: _mean(one.decision.zone == zone for one in held)
        for name, zone in (("instant_share", "instant"), ("offered_share", "offer"), ("handed_share", "person"))
    }
    return zones | {
        "instant_precision": _mean(one.instant in one.labelled.expect for one in held if one.instant is not None),
        "wrong_on_null": _mean(one.instant is not None for one in held if not one.labelled.expect),
        "wrong_on_must_not": sum(one.instant in one.labelled.must_not for one in held),
        "ece": calibration_error([one.decision.sure for one in held], [one.is_first_right for one in held]),
    }


def figures(held: Sequence[Judged]) -> dict[str, float | None]:
    """The figures of `FIGURES`: shares and precisions 0..1, times in ms; None where nothing could be counted."""
    times = [one.seconds * 1000 for one in held]
    spread = np.percentile(times, (50, 95, 99)).tolist() if times else [None] * 3
    return {
        "n": len(held),
        **_found(held),
        **_decided(held),
        **dict(zip(("p50_ms", "p95_ms", "p99_ms"), spread, strict=True)),
    }


def table(held: Sequence[Judged]) -> Mapping[str, dict[str, dict[str, float | None]] | dict[str, float | None]]:
    """{"overall": figures, "variants": {name: figures}}."""
    names = sorted({one.labelled.variant for one in held})
    by_variant = {name: figures([one for one in held if one.labelled.variant == name]) for name in names}
    return {"overall": figures(held), "variants": by_variant}
