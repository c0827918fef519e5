"""The fixed set of near misses and paraphrases: the guard may not get worse on it."""

import json
from pathlib import Path

import pytest

from sangto.engine.guard import contradictions, facts
from sangto.engine.text import words

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "near_misses.jsonl").read_text(encoding="utf-8").splitlines()
]
NEAR = 0.70


def triples(text: str) -> set[str]:
    joined = f" {' '.join(words(text))} "
    return {joined[at : at + 3] for at in range(len(joined) - 2)}


def contradicts(row: dict[str, str]) -> bool:
    mine, theirs = triples(row["message"]), triples(row["claim"])
    near = 2 * len(mine & theirs) / (len(mine) + len(theirs)) >= NEAR
    return contradictions(facts(row["message"]), facts(row["claim"]), near=near) != ()


def test_the_set_is_whole() -> None:
    misses = [row for row in ROWS if "differs" in row]

    assert len(misses) == 320
    assert len(ROWS) - len(misses) == 160
    assert len({(row["claim"], row["message"]) for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", [row for row in ROWS if row.get("one_word")], ids=lambda row: row["message"])
def test_a_near_miss_of_one_word_is_always_caught(row: dict[str, str]) -> None:
    assert contradicts(row)


@pytest.mark.parametrize(("lang", "floor"), [("vi", 76), ("en", 76)])
def test_reworded_near_misses_are_caught(lang: str, floor: int) -> None:
    reworded = [row for row in ROWS if "differs" in row and not row.get("one_word") and row["lang"] == lang]

    assert sum(map(contradicts, reworded)) >= floor


@pytest.mark.parametrize(("lang", "ceiling"), [("vi", 2), ("en", 1)])
def test_true_paraphrases_are_hardly_ever_vetoed(lang: str, ceiling: int) -> None:
    vetoed = [row["message"] for row in ROWS if row.get("same") and row["lang"] == lang and contradicts(row)]

    assert len(vetoed) <= ceiling, vetoed
