"""How well redaction does on the labelled set, all of it, also what was held out (bench/redaction/README.md)."""

from collections import Counter

import pytest

from bench import redact_lines
from bench.redact_quality import HIGHLIGHTED, MASKED, Score, scores
from sangto.engine.redact import highlights, redact

SAFE = ("phone", "id", "e-mail")


@pytest.fixture(scope="module")
def rows():
    return redact_lines.rows()


@pytest.fixture(scope="module")
def measured(rows) -> tuple[Score, Score]:
    return scores(rows)


def test_set_is_what_its_build_makes(rows):
    assert redact_lines.LINES.read_text(encoding="utf-8") == redact_lines.built()
    assert len({row["id"] for row in rows}) == len(rows) >= 1000
    assert sum(row["hard"] for row in rows) * 2 >= len(rows)
    assert sum(row["id"].startswith("w") for row in rows) >= 300
    assert {row["lang"] for row in rows} == {"vi", "en"}


def test_data_card_gives_the_counts(rows):
    card = (redact_lines.FOLDER / "README.md").read_text(encoding="utf-8")
    parts = Counter(row["part"] for row in rows)

    for part, count in parts.items():
        assert f"| `{part}` | {count} |" in card
    assert f"{len(rows):,} lines" in card


def test_marked_parts_are_words_of_their_line(rows):
    for row in rows:
        assert {one["kind"] for one in row["spans"]} <= {*MASKED, *HIGHLIGHTED}
        assert all(0 <= one["start"] < one["end"] <= len(row["text"]) for one in row["spans"])


@pytest.mark.parametrize("kind", MASKED)
def test_recall_of_what_is_masked(measured, kind):
    assert measured[0].recall((kind,)) >= (0.99 if kind in SAFE else 0.97)


def test_precision_of_what_is_masked(measured):
    assert measured[0].precision(MASKED) >= 0.95


def test_names_are_highlighted(measured):
    assert measured[1].recall(("name",)) >= 0.85
    assert measured[1].precision(HIGHLIGHTED) >= 0.90


def test_measure_sees_a_miss_and_a_false_alarm():
    mark = {"start": 4, "end": 14, "kind": "phone"}
    row = {"id": "x", "text": "Gọi 0912345678", "spans": [mark]}

    missed = Score()
    for each in (row, {**row, "spans": []}):
        one = scores([each])[0]
        missed.marked += one.marked
        missed.covered += one.covered
        missed.found += one.found
        missed.right += one.right

    assert (missed.recall(MASKED), missed.precision(MASKED)) == (1.0, 0.5)
    assert redact(row["text"]).found == ("phone",)
    assert highlights(row["text"]) == ()
