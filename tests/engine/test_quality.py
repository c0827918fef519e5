"""Quality gates: what the engine reaches on small fixed sets, so that no change makes it worse unseen.

The floors lie a little below what `sangto engine evaluate` prints for the same files, for the noise of a rewording.
"""

import itertools
import json
import time
from pathlib import Path

import pytest

from sangto.engine.decide import decide, joins
from sangto.engine.evaluate import Judged, figures, judged, table
from sangto.engine.match import Entry, Index
from sangto.interchange.labelled import read_jsonl_set

BENCHMARK = Path(__file__).parents[2] / "bench" / "vi-answers"
NEAR_MISSES = Path(__file__).parent / "data" / "near_misses.jsonl"
RECALL_AT_1 = {
    "paraphrase": 0.68, "folded": 0.64, "heavy": 0.42, "short": 0.93, "teencode": 0.93, "no_diacritics": 0.85,
    "typos": 0.93, "forwarded": 0.85, "chatter": 0.70, "regional": 0.80, "mixed": 0.60,
}  # fmt: skip


@pytest.fixture(scope="module")
def held() -> list[Judged]:
    labelled = read_jsonl_set(BENCHMARK / "answers.jsonl", BENCHMARK / "messages.dev.jsonl")
    index = Index()
    index.replace(labelled.entries)
    return list(judged(index, labelled.messages, clock=time.perf_counter))


@pytest.mark.parametrize("variant", RECALL_AT_1)
def test_right_answer_is_first(held: list[Judged], variant: str) -> None:
    measured = table(held)["variants"][variant]

    assert measured["recall_at_1"] >= RECALL_AT_1[variant]


def test_right_answer_is_among_three(held: list[Judged]) -> None:
    assert figures(held)["recall_at_3"] >= 0.82


def test_instant_answers_are_right(held: list[Judged]) -> None:
    measured = figures(held)

    assert measured["instant_share"] >= 0.06
    assert measured["instant_precision"] >= 0.98
    assert measured["wrong_on_null"] <= 0.005
    assert measured["wrong_on_must_not"] == 0


def test_no_near_miss_is_answered_at_once_or_joined() -> None:
    lines = [json.loads(line) for line in NEAR_MISSES.read_text(encoding="utf-8").splitlines()]
    missed = [one for one in lines if not one.get("same")]
    found = []
    for lang, group in itertools.groupby(sorted(missed, key=lambda one: one["lang"]), key=lambda one: one["lang"]):
        pairs = list(group)
        index = Index()
        index.replace(Entry(at, lang, "claim", one["claim"], "", "") for at, one in enumerate(pairs, 1))
        for one in pairs:
            decision = decide(one["message"], index, kind="claim")
            if decision.zone == "instant" or joins(one["message"], index, kind="claim"):
                found.append(one["message"])

    assert len(missed) >= 300
    assert found == []
