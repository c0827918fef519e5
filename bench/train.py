"""Trains the ranker and the decider, and writes `sangto/engine/model/matching.json`.

    python -m bench.train                 # from the train splits of CheckThat 2020 and 2021 and of our Vietnamese set

Posts that are also in a dev or test split are left out. Each question is used with its answer and once with it taken
out, so that the decider sees as many that nothing answers. Everything is cross-fitted in five folds: what a fold's
questions are scored with was never trained on them. `make bench-matching` measures the result.
"""

import json
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import lightgbm as lgb
import numpy as np

from bench.labelled import ROOT, Pool, Question, checkthat2020, checkthat2021, redacted, vietnamese
from sangto.engine.calibrate import bound, isotonic
from sangto.engine.decide import Rules, contradicting, decide
from sangto.engine.features import NAMES, Compared, compared
from sangto.engine.learned import EVIDENCE, VERSION, Bound, Curve, Learned
from sangto.engine.match import Entry, Found, Index
from sangto.engine.query import unsigned
from sangto.engine.rank import CLOSELY, DEPTH, Ranking, candidates, evidence, ordered
from sangto.engine.trees import Trees

FILE = ROOT / "sangto" / "engine" / "model" / "matching.json"
FOLDS = 5
RANKER = {
    "objective": "lambdarank", "num_leaves": 12, "learning_rate": 0.06, "min_data_in_leaf": 40, "feature_fraction": 0.5,
    "bagging_fraction": 0.7, "bagging_freq": 1, "lambda_l2": 5, "lambdarank_truncation_level": 10, "seed": 1,
    "verbose": -1, "num_threads": 1, "deterministic": True,
}  # fmt: skip
RANKER_TREES = 80
DECIDER = {
    "objective": "binary", "num_leaves": 8, "learning_rate": 0.06, "min_data_in_leaf": 40, "feature_fraction": 0.4,
    "bagging_fraction": 0.7, "bagging_freq": 1, "lambda_l2": 10, "seed": 1, "verbose": -1, "num_threads": 1,
    "deterministic": True,
}  # fmt: skip
DECIDER_TREES = 100
# More of these never makes a candidate less likely.
RISING = (
    "best_covered",
    "best_covering",
    "best_dice",
    "mean_dice",
    "score",
    "ahead_of_next",
    "ahead_of_third",
    "best_meaning",
)
# The decider has to know what must not be answered better than what may be: such questions count more for it.
UNANSWERED, NEAR_MISS = 2, 1.5
YOUNG, YOUNG_SIZES = "young", (1, 2, 3, 5, 8, 12, 20, 30) * 6
PLAIN, READ = Learned("plain"), 3
ALWAYS = Bound((-1000.0,) * 10_000, (True,) * 10_000)


@dataclass(frozen=True)
class Seen:
    """A question with what its index found, and its fold."""

    question: Question
    pool: Pool
    index: Index
    found: Found
    near: Compared
    fold: int

    @property
    def labels(self) -> np.ndarray:
        """1 for each entry found that answers."""
        return np.array([self.index.id_at(row) in self.question.right for row in self.found.rows.tolist()], int)


def seen(pool: Pool, index: Index, questions: Sequence[Question]) -> Iterator[Seen]:
    """The questions with what was found. All about one entry are in one fold, in either CheckThat set."""
    for question in questions:
        found = index.find(question.text, depth=DEPTH).nearest(CLOSELY)
        about = min(question.right | question.must_not, default=None)
        key = pool.about.get(about, question.key)
        yield Seen(question, pool, index, found, compared(found, index=index), zlib.crc32(key.lower().encode()) % FOLDS)


def flat(tree: dict[str, Any]) -> dict[str, list[float]]:
    """One tree as the model file holds it: leaves from left to right, for each node the leaves left when it fails."""
    held: dict[str, list[float]] = {"columns": [], "thresholds": [], "kept": [], "leaves": []}

    def walk(node: dict[str, Any]) -> int:
        if "leaf_value" in node:
            held["leaves"].append(round(node["leaf_value"], 6))
            return 1 << (len(held["leaves"]) - 1)
        at = len(held["columns"])
        held["columns"].append(node["split_feature"])
        held["thresholds"].append(float(f"{node['threshold']:.7g}"))
        held["kept"].append(0)
        left = walk(node["left_child"])
        held["kept"][at] = 0xFFFF & ~left
        return left | walk(node["right_child"])

    walk(tree["tree_structure"])
    return held


def flattened(booster: lgb.Booster) -> list[dict[str, list[float]]]:
    return [flat(tree) for tree in booster.dump_model()["tree_info"]]


def trained_ranker(held: Sequence[Seen]) -> list[dict[str, list[float]]]:
    """A ranker from the questions whose answer was found."""
    useful = [one for one in held if one.labels.any()]
    data = lgb.Dataset(
        np.concatenate([one.near.values for one in useful]),
        np.concatenate([one.labels for one in useful]),
        group=[len(one.labels) for one in useful],
        weight=np.concatenate([np.full(len(one.labels), weight_of(one)) for one in useful]),
    )
    return flattened(lgb.train(RANKER, data, RANKER_TREES))


def weight_of(one: Seen) -> float:
    """A message that a machine made or redaction repeated counts less than one that a person wrote."""
    if one.pool.name == YOUNG:
        return 0.3
    return 0.5 if one.question.variant in ("folded", "slips", "heavy") or one.question.id.endswith("-redacted") else 1.0


def without(one: Seen, ids: frozenset[int]) -> tuple[Found, Compared]:
    """What would have been found had some entries not been there."""
    kept = np.array([one.index.id_at(row) not in ids for row in one.found.rows.tolist()], bool)
    found = one.found.only(kept)
    return found, compared(found, index=one.index)


@dataclass(frozen=True)
class Shown:
    """Evidence of one question's first candidates, whether each is right, and whether its text contradicts."""

    values: np.ndarray
    right: np.ndarray
    against: np.ndarray
    weight: float
    fold: int


def shown(one: Seen, ranker: Trees) -> Iterator[Shown]:
    """The first few, with the answer and once more without it."""
    for taken_out in (frozenset(), one.question.right) if one.question.right else (frozenset(),):
        found, near = (one.found, one.near) if not taken_out else without(one, taken_out)
        if not len(found.rows):
            continue
        ranking = ordered(found, near=near, scores=ranker(near.values))
        values = evidence(ranking)
        rows = ranking.rows[: len(values)].tolist()
        right = np.array([one.index.id_at(row) in one.question.right for row in rows], bool)
        near_by = candidates(
            Ranking(*(part[:READ] for part in vars(ranking).values())), one.index, learned=PLAIN, count=READ
        )
        against = {each.row for each in near_by if contradicting(unsigned(one.question.text), each)}
        unanswered = UNANSWERED if taken_out or not one.question.right else 1
        weight = weight_of(one) * unanswered * (NEAR_MISS if one.question.must_not else 1)
        yield Shown(values, right, np.array([row in against for row in rows]), weight, one.fold)


def trained_decider(held: Sequence[Shown]) -> list[dict[str, list[float]]]:
    """A decider from the candidates that nothing contradicts: what the guard catches it need not learn."""
    data = lgb.Dataset(
        np.concatenate([one.values[~one.against] for one in held]),
        np.concatenate([one.right[~one.against] for one in held]),
        weight=np.concatenate([np.full((~one.against).sum(), one.weight) for one in held]),
    )
    rising = [1 if name in RISING else 0 for name in EVIDENCE]
    return flattened(lgb.train(DECIDER | {"monotone_constraints": rising}, data, DECIDER_TREES))


@dataclass(frozen=True)
class CrossFitted:
    """One model a fold, trained on the others; the curve over all; the decider of all; what the guard leaves."""

    models: list[Learned]
    curve: Curve
    decider: list[dict[str, list[float]]]
    contradicted: float


def cross_fitted(held: Sequence[Seen]) -> CrossFitted:
    rankers = [trained_ranker([one for one in held if one.fold != fold]) for fold in range(FOLDS)]
    rows = [each for one in held for each in shown(one, Trees.read(rankers[one.fold]))]
    deciders = [trained_decider([one for one in rows if one.fold != fold]) for fold in range(FOLDS)]
    raw = [Trees.read(deciders[one.fold])(one.values) for one in rows]
    free, right = np.concatenate([~one.against for one in rows]), np.concatenate([one.right for one in rows])
    values = np.concatenate(raw)
    curve = thinned(isotonic(values[free].tolist(), right[free].tolist()))
    left = float(right[~free].mean() / curve(values[~free]).mean())
    models = [
        Learned(
            f"fold {fold}",
            Trees.read(rankers[fold]),
            Trees.read(deciders[fold]),
            curve,
            {"vi": ALWAYS, "en": ALWAYS},
            left,
        )
        for fold in range(FOLDS)
    ]
    return CrossFitted(models, curve, trained_decider(rows), left)


def thinned(curve: Curve) -> Curve:
    """The curve with points that are closer than a hundredth to the one before left out."""
    kept = [0]
    for at in range(1, len(curve.raw)):
        if curve.sure[at] - curve.sure[kept[-1]] > 0.01 or at == len(curve.raw) - 1:
            kept.append(at)
    return Curve(tuple(round(curve.raw[at], 4) for at in kept), tuple(round(curve.sure[at], 4) for at in kept))


def held_back(held: Sequence[Seen], models: Sequence[Learned], lang: str) -> Bound:
    """What would be answered at once if any sureness were enough, each by a model that never saw it, and if rightly."""
    found: list[tuple[float, bool]] = []
    for one in held:
        if (
            one.pool.lang != lang
            or one.pool.name == YOUNG
            or one.question.variant in ("folded", "slips")
            or one.question.id.endswith("-redacted")
        ):
            continue
        for hidden in (frozenset(), one.question.right) if one.question.right else (frozenset(),):
            decision = decide(
                one.question.text,
                one.index,
                kind="claim",
                without=hidden,
                rules=Rules(promise=0.0),
                learned=models[one.fold],
            )
            if decision.zone == "instant":
                found.append((round(decision.raw, 4), decision.ranking[0] in one.question.right - hidden))
    return bound([raw for raw, _ in found], [right for _, right in found])


def young_desks(pools: Sequence[Pool]) -> Iterator[Pool]:
    """Desks with 1 to 30 answers, with the questions about those and as many that nothing there answers.

    Of every three desks one knows only the questions of its answers, as open Cases do, and one only what people asked.
    """
    dice = np.random.default_rng(1)
    for pool in pools:
        asked = [one for one in pool.splits["train"] if one.variant not in ("folded", "slips")]
        about = sorted({min(one.right) for one in asked if one.right})
        for turn, size in enumerate(YOUNG_SIZES):
            held = set(dice.choice(about, size, replace=False).tolist())
            own = [one for one in asked if one.right & held or one.must_not & held]
            others = [one for one in asked if one.right and not one.right & held]
            rest = [replace(one, right=frozenset()) for one in dice.choice(np.array(others, object), len(own)).tolist()]
            entries = [one for one in pool.entries if one.id in held]
            if turn % 3 == 1:
                entries = [replace(one, title="", text="") for one in entries]
            if turn % 3 == 2:
                entries, own = as_asked(entries, own, dice=dice)
            yield Pool(YOUNG, pool.lang, entries, {"train": own + rest}, pool.about)


def as_asked(
    entries: Sequence[Entry], asked: Sequence[Question], *, dice: np.random.Generator
) -> tuple[list[Entry], list[Question]]:
    """The entries in the words of one to three of their questions, and the questions that are left."""
    left = list(asked)
    found = []
    for entry in entries:
        own = [one for one in left if entry.id in one.right]
        taken = (
            dice.choice(np.array(own, object), min(len(own), int(dice.integers(1, 4))), replace=False).tolist()
            if own
            else []
        )
        left = [one for one in left if one not in taken]
        first, *more = [one.text[:400] for one in taken] or [entry.question]
        found.append(replace(entry, question=first, title="", text="", wordings=tuple(more)))
    return found, left


def main(write: Callable[[str], int] = sys.stdout.write) -> None:
    """Trains, writes the file, and says what was used."""
    pools = [checkthat2020(), checkthat2021(), vietnamese()]
    kept_apart = {one.key for pool in pools for split in ("dev", "test") for one in pool.splits.get(split, [])}
    held: list[Seen] = []
    for pool in [*pools, *young_desks(pools)]:
        index, train = pool.index(), [one for one in pool.splits["train"] if one.key not in kept_apart]
        questions = train + (redacted(train) if pool.lang == "en" and pool.name != YOUNG else [])
        held += seen(pool, index, questions)
        if pool.name != YOUNG:
            write(f"{pool.name}: {len(pool.entries)} entries, {len(train)} of {len(pool.splits['train'])} questions\n")
    fitted = cross_fitted(held)
    bounds = {lang: held_back(held, fitted.models, lang) for lang in ("en", "vi")}
    write(f"of the sureness of a contradicted candidate {fitted.contradicted:.3f} is left\n")
    for lang, one in bounds.items():
        write(f"{lang}: {len(one.raw)} held back, cut-off .98: {one.cut_off(0.98):.3f}, .95: {one.cut_off(0.95):.3f}\n")
    model = {
        "version": VERSION, "name": "shipped", "features": NAMES, "evidence": EVIDENCE, "ranker": trained_ranker(held),
        "decider": fitted.decider, "curve": {"raw": fitted.curve.raw, "sure": fitted.curve.sure},
        "contradicted": round(fitted.contradicted, 4),
        "bounds": {lang: {"raw": one.raw, "right": list(map(int, one.right))} for lang, one in bounds.items()},
    }  # fmt: skip
    Path(FILE).write_text(json.dumps(model, separators=(",", ":")) + "\n", encoding="utf-8")
    write(f"{FILE.stat().st_size // 1024} KB written\n")


if __name__ == "__main__":
    main()
