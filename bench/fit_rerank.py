"""Fits the weights of `sangto.engine.rerank.FUSION`, and measures what a sentence model adds to what is offered.

    python -m bench.fit_rerank MODEL             # prints one line of JSON: the weights
    python -m bench.fit_rerank MODEL --measure   # the test sets, without and with the model

MODEL is a directory as `sangto.engine.own_model.Directory` reads it, or one that sentence-transformers wrote for BERT.
Fitted from the train splits of our Vietnamese set and of CheckThat 2020, each question once with its answer and once
with it taken out. Ranker and decider are trained anew in folds: of questions that they had learned from, they would be
surer than they ever are of others, and the model would be heard too little. Only what the model is asked about counts:
what is not answered at once, but for Vietnamese without diacritics, and candidates that nothing contradicts. Every
entry is read first, ten minutes for 10,000. Nothing is written.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TypeVar

import numpy as np

from bench.bert import Bert
from bench.labelled import Pool, Question, checkthat2020, checkthat2021, vietnamese
from bench.peers.ranking import average_precision, difference
from bench.train import Seen, cross_fitted, seen
from sangto.engine.decide import Decision, contradicting, decide
from sangto.engine.learned import Learned, shipped
from sangto.engine.match import Index
from sangto.engine.own_model import Directory
from sangto.engine.query import unsigned
from sangto.engine.rank import Candidate
from sangto.engine.rerank import Embedded, Encoder, Reader, ahead, considered, is_readable, said

MOST = {"vietnamese": 600, "checkthat2020": 300}
LEARNED_FROM = 1_400
POOLS: dict[str, Callable[[], Pool]] = {
    "vietnamese": vietnamese,
    "checkthat2020": checkthat2020,
    "checkthat2021": checkthat2021,
}
RIDGE, STEPS = 1e-3, 30
Hidden = frozenset[int]
One = TypeVar("One")


def some(questions: Sequence[One], most: int) -> list[One]:
    """At most so many of the questions, evenly from all."""
    return [questions[at] for at in np.linspace(0, len(questions) - 1, min(most, len(questions))).astype(int)]


def in_both_ways(questions: Sequence[Question]) -> Iterator[tuple[Question, Hidden]]:
    """Each question with nothing hidden, and each that has an answer once more with that hidden."""
    for one in questions:
        yield one, frozenset()
        if one.right:
            yield one, one.right


def in_folds(pools: Sequence[Pool]) -> tuple[list[Seen], list[Learned]]:
    """Training questions with what was found, and for each fold a model that saw none of its questions."""
    apart = {one.key for pool in pools for split in ("dev", "test") for one in pool.splits.get(split, [])}
    held: list[Seen] = []
    for pool in pools:
        train = [one for one in pool.splits["train"] if one.key not in apart]
        held += seen(pool, pool.index(), some(train, LEARNED_FROM))
    bounds = shipped().bounds
    return held, [replace(one, bounds=bounds) for one in cross_fitted(held).models]


def rows(held: Sequence[Seen], models: Sequence[Learned], reader: Reader) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """What the fusion knows of the candidates of each question that the model reads, and which of them are right."""
    for one in held:
        text, learned = unsigned(one.question.text), models[one.fold]
        for question, hidden in in_both_ways([one.question]) if is_readable(text) else ():
            if decide(text, one.index, kind="claim", without=hidden, learned=learned).zone == "instant":
                continue
            if found := considered(text, one.index, reader=reader, learned=learned, without=hidden):
                yield known(replace(question, text=text), found, reader)


def known(one: Question, found: Sequence[Candidate], reader: Reader) -> tuple[np.ndarray, np.ndarray]:
    """A row of numbers for each candidate that nothing contradicts, and which of them are right."""
    alike = reader.alike(one.text, [said(each) for each in found])
    lead = ahead(alike, usual=float(alike.max()))
    values = np.stack([np.ones(len(found)), [each.raw for each in found], lead, alike], axis=1)
    free = np.array([not contradicting(one.text, each) for each in found])
    return values[free], np.array([each.id in one.right for each in found])[free]


def logistic(values: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The weights of the likeliest logistic model with a little shrinkage, by Newton's method."""
    weights = np.zeros(values.shape[1])
    for _ in range(STEPS):
        sure = 1 / (1 + np.exp(-np.clip(values @ weights, -30, 30)))
        slope = values.T @ (right - sure) - RIDGE * weights
        curve = (values * (sure * (1 - sure))[:, None]).T @ values + RIDGE * np.eye(len(weights))
        weights += np.linalg.solve(curve, slope)
    return weights


def fit(reader: Reader) -> str:
    """The weights as one line of JSON."""
    seen_, models = in_folds([make() for make in POOLS.values()])
    asked = [[one for one in seen_ if one.pool.name == name and is_readable(one.question.text)] for name in MOST]
    chosen = [one for part, most in zip(asked, MOST.values(), strict=True) for one in some(part, most)]
    held = list(rows(chosen, models, reader))
    values = np.concatenate([each for each, _ in held])
    weights = logistic(values, np.concatenate([right for _, right in held]))
    fitted = dict(zip(("constant", "raw", "ahead", "alike"), weights.tolist(), strict=True))
    fitted["usual"] = float(np.mean([np.sort(each[:, -1])[-2] for each, _ in held if len(each) > 1]))
    return json.dumps({"messages": len(held)} | {name: round(value, 3) for name, value in fitted.items()})


class Measured:
    """Decisions on the same questions: what was offered, in which order, and how long it took."""

    def __init__(self, index: Index, asked: Sequence[tuple[Question, Hidden]], reader: Reader | None) -> None:
        self.asked, self.decisions, self.seconds = asked, [], []
        for one, hidden in asked:
            start = time.perf_counter()
            self.decisions.append(decide(one.text, index, kind="claim", without=hidden, reader=reader))
            self.seconds.append(time.perf_counter() - start)

    def share(self, of: Callable[[Question, Decision], float], answerable: bool = True) -> np.ndarray:
        """Of each question with an answer (or of each without) whether something holds of it."""
        both = zip(self.asked, self.decisions, strict=True)
        return np.array([of(one, got) for (one, hidden), got in both if bool(one.right - hidden) is answerable], float)


def is_first(one: Question, got: Decision) -> bool:
    return bool(got.ranking) and got.ranking[0] in one.right


def is_shown(one: Question, got: Decision) -> bool:
    return any(each.id in one.right for each in got.candidates)


def is_offered(_: Question, got: Decision) -> bool:
    return bool(got.candidates)


FIGURES = (
    ("right one first in the order", is_first, True),
    ("right one among the three", is_shown, True),
    ("something offered though nothing answers", is_offered, False),
)


def interval(difference: np.ndarray) -> tuple[float, float]:
    """The ends of the 95 % interval of a mean, questions drawn again 5,000 times."""
    drawn = np.random.default_rng(7).integers(0, len(difference), (5_000, len(difference)))
    low, high = np.percentile(difference[drawn].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def compared(pool: Pool, split: str, reader: Reader) -> Iterator[str]:
    """What the model changes on a split, a line a figure."""
    index, asked = pool.index(), list(in_both_ways(pool.splits[split]))
    without, with_model = Measured(index, asked, None), Measured(index, asked, reader)
    yield f"{pool.name} {split}: {len(asked)} decisions, those with an answer once more with it taken out"
    for name, of, answerable in FIGURES:
        old, new = without.share(of, answerable), with_model.share(of, answerable)
        low, high = interval(new - old)
        yield f"  {name:<42} {old.mean():.3f} -> {new.mean():.3f}  ({low:+.3f} to {high:+.3f}, n {len(old)})"
    yield ranking(without, with_model)
    instant = [[each.zone == "instant" for each in one.decisions] for one in (without, with_model)]
    yield f"  answered at once: {sum(instant[0])} -> {sum(instant[1])}, the same ones: {instant[0] == instant[1]}"
    for name, one in (("without", without), ("with", with_model)):
        times = np.percentile(np.array(one.seconds)[~np.array(instant[0])] * 1000, [50, 95])
        yield f"  ms {name}, of what is not answered at once: p50 {times[0]:.1f}, p95 {times[1]:.1f}"


def ranking(without: Measured, with_model: Measured) -> str:
    """MAP at 5 without and with the model, and the paired bootstrap that the benchmark of engines prints."""
    old, new = (one.share(lambda ask, got: average_precision(got.ranking, ask.right)) for one in (without, with_model))
    asked = [one for one, hidden in without.asked if one.right - hidden]
    by = difference(new, old, asked)
    return (
        f"  MAP at 5 {old.mean():.3f} -> {new.mean():.3f}  {by.mean:+.3f} [{by.low:+.3f}, {by.high:+.3f}], p {by.p:.4f}"
    )


@cache
def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--split", choices=("dev", "test"), default="test")
    parser.add_argument("--sets", nargs="+", choices=sorted(POOLS), default=sorted(MOST), help="for --measure")
    return parser.parse_args()


def model(path: Path) -> Encoder:
    """The model in a directory."""
    return Bert(path) if (path / "config.json").is_file() else Directory.load(path)


def main(write: Callable[[str], int] = sys.stdout.write) -> None:
    """Prints the weights, or what the model changes."""
    reader = Embedded(model(arguments().model))
    if not arguments().measure:
        write(fit(reader) + "\n")
        return
    for name in arguments().sets:
        for line in compared(POOLS[name](), arguments().split, reader):
            write(line + "\n")


if __name__ == "__main__":
    main()
