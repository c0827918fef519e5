"""The engine of this repository behind the interface of the others: every search is a whole decision."""

from collections.abc import Collection, Iterable

from bench.peers.interface import Rule
from sangto.engine.decide import Decision, decide, with_promise
from sangto.engine.learned import shipped
from sangto.engine.match import Entry, Index
from sangto.engine.rank import ranked

__all__ = ["Ours"]


class Ours(Rule):
    """Fold, search, rank and decide, with the model that the package ships."""

    name = "sangto, whole decision"

    def __init__(self, promise: float = 0.98) -> None:
        self.index, self._rules = Index(), with_promise(promise)

    def promising(self, promise: float) -> "Ours":
        """The same index under another promise."""
        other = Ours(promise)
        other.index = self.index
        return other

    def build(self, entries: Iterable[Entry]) -> None:
        """Indexes the entries in one go."""
        self.index.replace(entries)

    def decided(self, text: str, without: Collection[int] = ()) -> Decision:
        """The decision on a claim."""
        return decide(text, self.index, kind="claim", without=without, rules=self._rules)

    def search(self, text: str, k: int) -> list[int]:
        """The ranking of a decision: at most five, whatever k."""
        return list(self.decided(text).ranking[:k])

    def deeper(self, text: str, k: int) -> list[int]:
        """The ranking of the decision, and below it that of the ranker."""
        rows = ranked(text, self.index, learned=shipped()).rows[: k + 5].tolist()
        return list(dict.fromkeys([*self.search(text, k), *(self.index.id_at(row) for row in rows)]))[:k]

    def answer(self, text: str, without: Collection[int] = ()) -> int | None:
        """What is answered at once."""
        decision = self.decided(text, without)
        return decision.candidates[0].id if decision.zone == "instant" else None

    def shown(self, text: str, without: Collection[int] = ()) -> list[int]:
        """The three that are offered, or fewer."""
        return [one.id for one in self.decided(text, without).candidates]
