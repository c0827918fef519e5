"""Published answers beside what is asked, with what differs marked: for whoever decides whether it is the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from sangto.desk.matcher import Found
from sangto.desk.queries.answers import PublicAnswer
from sangto.engine.decide import Reason
from sangto.engine.differ import Comparison, candidates, compare
from sangto.people.queries import names_among


@dataclass(frozen=True)
class Beside:
    """A published answer, how sure the engine is that it is asked for (percent) and why, and how the two differ."""

    answer: PublicAnswer
    percent: int
    reasons: tuple[Reason, ...]
    how: Comparison


def side_by_side(question: str, found: Sequence[Found]) -> list[Beside]:
    """The answers found for a question, each compared with it; one query for the names of places, however many."""
    said = [question, *(text for each in found for text in (each.answer.question, each.answer.summary))]
    places = names_among(name for text in said for name in candidates(text)) if found else []
    return [
        Beside(
            each.answer,
            int(each.sureness * 100),
            each.reasons,
            compare(question, each.answer.question, beside=each.answer.summary, places=places),
        )
        for each in found
    ]
