"""The public Vietnamese benchmark keeps what its data card (bench/vi-answers/README.md) promises."""

import json
import unicodedata
from collections import Counter
from typing import Any

import pytest

from bench import vi_answers
from sangto.engine.redact import redact

TYPED = {
    "paraphrase",
    "short",
    "teencode",
    "no_diacritics",
    "typos",
    "forwarded",
    "chatter",
    "regional",
    "mixed",
}
NULL = {"near_miss", "unanswerable"}
MADE = {"folded", "slips", "heavy"}
DIFFERENCES = {"number", "date", "place", "unit", "product", "negation", "person_role", "other"}
SPLITS = list(vi_answers.SPLITS)


def rows(name: str) -> list[dict[str, Any]]:
    text = (vi_answers.FOLDER / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.split("\n") if line]


@pytest.fixture(scope="module")
def answers() -> list[dict[str, Any]]:
    return rows("answers.jsonl")


@pytest.fixture(scope="module")
def messages() -> dict[str, list[dict[str, Any]]]:
    return {split: rows(f"messages.{split}.jsonl") for split in SPLITS}


@pytest.fixture(scope="module")
def everything(messages: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return [row for held in messages.values() for row in held]


def test_the_files_are_those_that_the_build_makes_now() -> None:
    built = vi_answers.built()
    stale = [n for n, text in built.items() if (vi_answers.FOLDER / n).read_text(encoding="utf-8") != text]
    assert stale == [], "run: python -m bench.vi_answers"
    assert {path.name for path in vi_answers.FOLDER.glob("*.jsonl")} == set(built)


def test_the_data_card_gives_its_counts(answers: list[dict[str, Any]], everything: list[dict[str, Any]]) -> None:
    card = (vi_answers.FOLDER / "README.md").read_text(encoding="utf-8")
    assert "\n".join(vi_answers.counts(vi_answers.built())) in card
    assert f"{len(answers)} answers" in card
    assert f"{len(everything):,} messages" in card


def test_it_is_as_large_as_promised(answers: list[dict[str, Any]], everything: list[dict[str, Any]]) -> None:
    written = [row for row in everything if row["variant"] in TYPED]
    assert len(answers) >= 300
    assert len(written) >= 2_000
    assert sum(row["variant"] == "near_miss" for row in everything) >= 300


@pytest.mark.parametrize("split", SPLITS)
def test_every_variant_is_in_every_split(messages: dict[str, list[dict[str, Any]]], split: str) -> None:
    counts = Counter(row["variant"] for row in messages[split])
    assert set(counts) == TYPED | NULL | MADE
    assert min(counts.values()) >= 20


def test_unanswerable_messages_are_dealt_evenly(messages: dict[str, list[dict[str, Any]]]) -> None:
    counts = [sum(row["variant"] == "unanswerable" for row in held) for held in messages.values()]
    assert max(counts) - min(counts) <= 4


def test_ids_are_unique(answers: list[dict[str, Any]], everything: list[dict[str, Any]]) -> None:
    for held in (answers, everything):
        assert [key for key, times in Counter(row["id"] for row in held).items() if times > 1] == []


def test_each_split_speaks_of_its_own_answers(
    answers: list[dict[str, Any]], messages: dict[str, list[dict[str, Any]]]
) -> None:
    split_of = {one["id"]: one["split"] for one in answers}
    for split, held in messages.items():
        named = {key for row in held for key in [row["expect"], *row["also"], *row["must_not"]] if key}
        assert {split_of[key] for key in named} == {split}
        assert named == {key for key, where in split_of.items() if where == split}


def test_a_message_has_the_label_of_its_variant(everything: list[dict[str, Any]]) -> None:
    for row in everything:
        assert (row["expect"] is None) == (row["variant"] in NULL), row["id"]
        assert bool(row["must_not"]) == (row["variant"] == "near_miss"), row["id"]
        assert row["variant"] != "near_miss" or row["differs"] in DIFFERENCES, row["id"]
        assert row["expect"] not in row["also"], row["id"]


def test_no_text_has_two_labels(everything: list[dict[str, Any]]) -> None:
    labels: dict[str, set[tuple[str | None, tuple[str, ...]]]] = {}
    for row in everything:
        text = " ".join(vi_answers.plain(row["text"]).split())
        labels.setdefault(text, set()).add((row["expect"], tuple(row["must_not"])))
    assert [text for text, held in labels.items() if len(held) > 1] == []


def test_it_holds_no_personal_data(answers: list[dict[str, Any]], everything: list[dict[str, Any]]) -> None:
    texts = [one[part] for one in answers for part in ("question", "title", "answer")]
    texts += [row["text"] for row in everything]
    assert [text for text in texts if redact(text).found] == []


def test_texts_are_in_normal_form_and_on_one_line(everything: list[dict[str, Any]]) -> None:
    for row in everything:
        assert row["text"] == unicodedata.normalize("NFC", row["text"]).strip(), row["id"]
        assert "\n" not in row["text"], row["id"]


def test_no_diacritics_means_none(everything: list[dict[str, Any]]) -> None:
    bare = [row for row in everything if row["variant"] in {"no_diacritics", "folded", "heavy"}]
    marked = [row["id"] for row in bare if vi_answers.plain(row["text"]) != row["text"].lower()]
    assert marked == []


def test_written_answers_carry_the_promised_messages() -> None:
    for one in vi_answers.written():
        if "question" in one:
            variants = Counter(message["variant"] for message in one["messages"])
            assert variants["paraphrase"] == 2, one["id"]
            assert variants["short"] == variants["teencode"] == 1, one["id"]
            assert 6 <= variants.total() <= 7, one["id"]
