"""The contradiction guard: whether two texts that look alike say different things."""

from sangto.engine.guard.compare import Agreement, Contradiction, additions, agreements, contradictions
from sangto.engine.guard.reading import Facts, facts

__all__ = [
    "Agreement",
    "Contradiction",
    "Facts",
    "additions",
    "agreements",
    "contradictions",
    "facts",
]
