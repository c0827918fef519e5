"""The measurements themselves: what they count, and that every engine that is measured finds what it was given."""

import os
import re
import subprocess
import sys
from collections.abc import Collection

import numpy as np
import pytest

from bench import inbox, matching
from bench.corpus import Corpus
from bench.labelled import ROOT, Question
from bench.peers.deciding import decided_by
from bench.peers.embedded import Fts5, Tantivy, TantivyFolded
from bench.peers.interface import Rule
from bench.peers.ours import Ours
from bench.peers.ranking import average_precision, difference, without_author
from bench.peers.rules import AlegreConfirm, AlegreSuggest, AlegreTipline, CofactsGroup, CofactsPick, dice
from bench.peers.speed import runs
from sangto.engine.match import Entry

WORDS = {
    "en": [f"word{number}" for number in range(500)],
    "vi": ["giấy", "khai", "sinh", "cho", "trẻ", "nộp", "ở", "đâu"] * 9,
}
BRIDGE = Entry(7, "en", "claim", "Is the old bridge over the river closed for heavy lorries this week?", "", "")
SCHOOL = Entry(8, "vi", "claim", "Trường tiểu học có thu tiền đồng phục đầu năm không?", "", "")


class Always(Rule):
    """Answers with the first entry that is not left out."""

    name = "always"

    def answer(self, text: str, without: Collection[int] = ()) -> int | None:
        return next(number for number in (1, 2) if number not in without)

    def shown(self, text: str, without: Collection[int] = ()) -> list[int]:
        return [2]


def question(number: int, *right: int, must_not: Collection[int] = ()) -> Question:
    return Question(f"q{number}", f"text {number}", "post", frozenset(right), frozenset(must_not))


def test_a_corpus_is_the_same_each_time_and_its_messages_ask_for_its_entries():
    corpus = Corpus(WORDS, seed=3)
    held = {one.id: one for one in corpus.entries(300)}
    items = corpus.known_items(300, 20)

    assert list(Corpus(WORDS, seed=3).entries(300)) == list(held.values())
    assert len({one.question for one in held.values()}) > 250
    english = [one for one in items if held[one.id].lang == "en"]
    shared = [
        len(set(one.text.split()) & set(" ".join((*held[one.id].said, held[one.id].text)).split())) for one in english
    ]
    assert len(shared) > 3
    assert min(shared) >= 4


@pytest.mark.parametrize(
    ("ranking", "right", "value"),
    [([1, 2], {1}, 1.0), ([3, 1], {1}, 0.5), ([1, 3, 2], {1, 2}, 5 / 6), ([3, 4, 5, 6, 7, 1], {1}, 0)],
)
def test_average_precision(ranking, right, value):
    assert average_precision(ranking, right) == pytest.approx(value)


def test_a_difference_is_sure_only_where_it_is_steady():
    asked = [question(number, number) for number in range(60)]
    ones, coin = np.ones(60), np.arange(60) % 2

    steady, luck = difference(ones, coin, asked), difference(coin, coin[::-1], asked)

    assert (steady.mean, steady.low > 0, steady.p < 0.001) == (0.5, True, True)
    assert (luck.mean, luck.low < 0 < luck.high, luck.p > 0.5) == (0, True, True)


def test_questions_with_one_answer_are_drawn_together():
    apart, together = [question(n, n) for n in range(60)], [question(n, n // 20) for n in range(60)]
    gain, none = np.repeat([1.0, 0.0, -0.5], 20), np.zeros(60)

    assert difference(gain, none, together).p > 0.1 > difference(gain, none, apart).p


def test_answers_are_counted_with_the_answer_there_and_taken_out():
    asked, near = [question(1, 1), question(2, 2), question(3)], [question(4, must_not=[1])]

    held = decided_by(Always(), asked, near)

    assert (held.answerable, held.unanswerable, held.right, held.answers) == (2, 3, 1, 5)
    assert (held.wrong_removed, held.wrong_near, held.shown_right, held.precision) == (3, 1, 1, 0.2)


@pytest.mark.parametrize("kind", [Tantivy, TantivyFolded, Fts5, Ours])
def test_an_engine_finds_what_it_was_given(kind):
    engine = kind()
    engine.build([BRIDGE, SCHOOL])

    assert engine.search("old bridge closed?", 5)[0] == 7
    assert engine.search("tiền đồng phục", 5)[0] == 8
    engine.close()


def test_only_the_folded_engine_finds_text_without_diacritics():
    plain, folded = Tantivy(), TantivyFolded()
    for engine in (plain, folded):
        engine.build([BRIDGE, SCHOOL])

    assert (plain.search("dong phuc dau nam", 5), folded.search("dong phuc dau nam", 5)) == ([], [8])


def test_dice_counts_pairs_of_characters():
    assert dice("night", "nacht") == 0.25
    assert dice("a b", "ab") == 1
    assert dice("a", "b") == 0


def built(kind, entries):
    rule = kind()
    rule.build(entries)
    return rule


def test_cofacts_answers_a_lone_hit_in_nearly_the_same_words():
    alone = built(CofactsPick, [BRIDGE, SCHOOL])
    twice = built(CofactsPick, [BRIDGE, Entry(9, "en", "claim", BRIDGE.question + " Really?", "", "")])

    assert alone.answer(BRIDGE.question) == 7
    assert alone.answer(BRIDGE.question, without=[7]) is None
    assert alone.answer("is the old bridge over the river closed") is None
    assert (twice.answer(BRIDGE.question), twice.shown(BRIDGE.question)) == (None, [7, 9])


def test_cofacts_in_a_group_is_content_with_less():
    rule = built(CofactsGroup, [BRIDGE, SCHOOL])

    assert rule.answer("the old bridge over the river closed for heavy lorries") == 7
    assert rule.answer("old bridge over the river") is None


def test_alegre_asks_for_its_share_of_the_words():
    crowd = [
        Entry(100 + number, "en", "claim", " ".join(f"other{number}x{at}" for at in range(12)), "", "")
        for number in range(200)
    ]
    message = "Is the old bridge over the river closed for heavy lorries then, please tell me"  # 11 of 15 words

    answers = [built(kind, [BRIDGE, *crowd]).answer(message) for kind in (AlegreSuggest, AlegreTipline)]

    assert answers == [7, None]
    assert built(AlegreConfirm, [BRIDGE, *crowd]).answer("the old bridge closed lorries") is None
    assert built(AlegreTipline, [BRIDGE, *crowd]).answer("the old bridge closed lorries") == 7


def test_the_line_with_the_author_is_left_out():
    post = question(1, 1)
    said = "The bridge is closed - again."
    line = "   — Ann Example (@ann_example) February 25, 2016"

    assert without_author(Question("q", said + line, "post", post.right)).text == said
    assert without_author(Question("q", said, "post", post.right)).text == said


def test_engines_are_timed_in_processes_of_their_own_and_missing_ones_say_so():
    class Missing(Tantivy):
        name = "nowhere"

        @classmethod
        def missing(cls) -> str:
            return "a jar"

    (tantivy, missing), fresh = runs([TantivyFolded, Missing], size=200, messages=6, patience=20)

    assert (len(tantivy.wall), tantivy.in_ten, tantivy.trouble) == (6, 6, "")
    assert (missing.trouble, fresh) == ("not installed: a jar", [])
    assert "| nowhere | not installed: a jar |" in matching.table(["engine"], [matching._speed_row(missing)])


def test_sizes_are_read_as_people_write_them():
    assert [matching.size_of(text) for text in ("10k", "1M", "250")] == [10_000, 1_000_000, 250]


def test_a_desk_of_any_size_is_measured_from_import_to_reception():
    # In a process of its own: it sets up a desk in another folder than the tests'.
    run = subprocess.run(
        [sys.executable, "-m", "bench.ask", "--answers", "40", "--messages", "5"],
        capture_output=True, text=True, check=True, cwd=ROOT, env=os.environ,
    )  # fmt: skip

    lines = run.stdout.splitlines()
    assert any(line.startswith("40 answers indexed") for line in lines)
    for name in ("decide", "find", "receive"):
        assert any(re.fullmatch(rf"{name} +[\d.]+ / [\d.]+ / [\d.]+", line) for line in lines), lines


def test_the_inbox_is_measured_page_by_page():
    run = subprocess.run(
        [sys.executable, "-m", "bench.inbox", "--cases", "60", "--messages", "150", "--times", "1"],
        capture_output=True, text=True, check=False, cwd=ROOT, env=os.environ,
    )  # fmt: skip

    assert "60 Case, 150 Message" in run.stdout, run.stderr
    pages = [line for line in run.stdout.splitlines() if re.search(r"( +[\d.]+){3}( !)?$", line)]
    assert len(pages) == len(inbox.PAGES) + 2
