"""How rightly engines answer at once: with the answer there, with it taken out, and on near misses."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from bench.labelled import Pool, Question
from bench.peers.interface import Rule
from bench.peers.ours import Ours
from sangto.engine.evaluate import calibration_error
from sangto.engine.text import words

__all__ = ["Decided", "decided_by", "near_misses", "sureness_error", "with_twins"]

_NEAR_MISSES = 300
_NUMBER = re.compile(r"\d+")
_VERB = re.compile(r"\b(is|are|was|were|has|had|will|can)\b")


@dataclass
class Decided:
    """Counts for one rule. `answers` are all those given at once, but for near misses."""

    name: str
    shows: int
    answerable: int = 0
    unanswerable: int = 0
    near: int = 0
    right: int = 0
    answers: int = 0
    wrong_removed: int = 0
    wrong_near: int = 0
    shown_right: int = 0
    told: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float | None:
        """Right ones among the answers, 0..1; None when there was no answer."""
        return self.right / self.answers if self.answers else None


def with_twins(pool: Pool) -> Pool:
    """The pool with entries in the same words as a right one counted as right: either answers the question."""
    same: dict[tuple[str, ...], set[int]] = defaultdict(set)
    key = {one.id: tuple(words(one.question)) for one in pool.entries}
    for number, said in key.items():
        same[said].add(number)
    splits = {
        name: [replace(one, right=one.right.union(*(same[key[number]] for number in one.right))) for one in questions]
        for name, questions in pool.splits.items()
    }
    return replace(pool, splits=splits)


def near_misses(pool: Pool, questions: Sequence[Question]) -> list[Question]:
    """Messages that an entry only seems to answer: the set's own, or entries with a number or a verb changed."""
    own = [one for one in questions if one.must_not]
    return own or _made(pool)


def _made(pool: Pool) -> list[Question]:
    plain = {part for one in pool.entries for part in one.said}
    made: list[Question] = []
    for one in pool.entries:
        raised = _NUMBER.sub(lambda number: str(int(number[0]) + 1), one.question, count=1)
        denied = _VERB.sub(r"\1 not", one.question, count=1)
        for text in (raised, denied):
            if text not in plain and " not " not in one.question:
                made.append(Question(f"near-{len(made)}", text, "near_miss", frozenset(), frozenset([one.id])))
    chosen = np.random.default_rng(1).permutation(len(made))[:_NEAR_MISSES]
    return [made[at] for at in chosen.tolist()]


def decided_by(rule: Rule, questions: Sequence[Question], near: Sequence[Question]) -> Decided:
    """Asks a built rule each question with and without its answer, and the near misses."""
    held = Decided(rule.name, rule.shows)
    for one in questions:
        if one.right:
            _ask_answerable(rule, one, held)
        if not one.must_not:
            held.unanswerable += 1
            given = rule.answer(one.text, one.right)
            held.answers += given is not None
            held.wrong_removed += given is not None
    held.near = len(near)
    for one in near:
        if rule.answer(one.text) is not None:
            held.wrong_near += 1
            held.told.append(one.text)
    return held


def _ask_answerable(rule: Rule, one: Question, held: Decided) -> None:
    given = rule.answer(one.text)
    held.answerable += 1
    held.answers += given is not None
    held.right += given in one.right
    held.shown_right += bool(one.right & set(rule.shown(one.text)))


def sureness_error(ours: Ours, questions: Sequence[Question]) -> float | None:
    """The expected calibration error of the first candidate's sureness, each question with and without its answer."""
    sure, right = [], []
    for one in questions:
        for without in (frozenset(), one.right) if one.right else (frozenset(),):
            decision = ours.decided(one.text, without)
            sure.append(decision.sure)
            right.append(bool(decision.ranking[:1]) and decision.ranking[0] in one.right - without)
    return calibration_error(sure, right)
