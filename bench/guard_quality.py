"""Prints how often the contradiction guard vetoes true pairs (it should not) and catches near misses (it should).

True pairs: CheckThat 2020 and 2021 training tweets beside their claim and title, the Vietnamese benchmark's messages
beside question and title. Near misses: the benchmark's, and tests/engine/data/near_misses.jsonl. Of the benchmark the
train and dev splits are "tuned": the rules were made on them.
Run: python -m bench.guard_quality [-v]. Data: SANGTO_DATA, by default ../shared/data.
"""

import csv
import json
import os
import sys
import time
import timeit
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from sangto.engine.guard import Contradiction, agreements, contradictions, facts
from sangto.engine.redact import redact
from sangto.engine.text import words

ROOT = Path(__file__).parents[1]
CLAIMS = Path(os.environ.get("SANGTO_DATA", ROOT.parent / "shared" / "data")) / "claims"
VIETNAMESE = ROOT / "bench" / "vi-answers"
FIXED = ROOT / "tests" / "engine" / "data" / "near_misses.jsonl"
NEAR = 0.70
SHOWN = 100
HELD_BACK = "vi-answers test"  # counted, but never shown: the rules are not made on it


class Pair(NamedTuple):
    """A message beside the wordings of one answer; `same` says whether the answer settles it."""

    group: str
    kind: str
    message: str
    wordings: tuple[str, ...]
    same: bool


def triples(text: str) -> frozenset[str]:
    joined = f" {' '.join(words(text))[:1000]} "
    return frozenset(joined[at : at + 3] for at in range(len(joined) - 2))


def dice(one: str, other: str) -> float:
    """The share 0..1 of letter triples that two texts have in common."""
    mine, theirs = triples(one), triples(other)
    return 2 * len(mine & theirs) / (len(mine) + len(theirs)) if mine or theirs else 1.0


def checkthat_2020() -> Iterator[Pair]:
    folder = CLAIMS / "checkthat2020"
    with (folder / "verified_claims.docs.tsv").open(newline="", encoding="utf-8") as file:
        claims = {row[0]: (row[1], row[2]) for row in csv.reader(file, delimiter="\t")}
    with (folder / "train" / "tweets.queries.tsv").open(newline="", encoding="utf-8") as file:
        tweets = dict(row[:2] for row in csv.reader(file, delimiter="\t"))
    for line in (folder / "train" / "tweet-vclaim-pairs.qrels").read_text().splitlines():
        tweet, _, claim, _ = line.split()
        yield Pair("CheckThat 2020", "tweet", redact(tweets[tweet]).text, claims[claim], same=True)


def checkthat_2021() -> Iterator[Pair]:
    folder = CLAIMS / "checkthat2021"
    held = map(json.loads, (folder / "vclaims.jsonl").read_text(encoding="utf-8").splitlines())
    claims = {one["vclaim_id"]: (one["vclaim"], one["title"]) for one in held}
    lines = (folder / "CT2022-Task2A-EN-Train-Dev_Queries.tsv").read_text(encoding="utf-8").splitlines()
    tweets = dict(line.split("\t", 1) for line in lines)
    for line in (folder / "CT2022-Task2A-EN-Train_QRELs.tsv").read_text().splitlines():
        tweet, _, claim, _ = line.split()
        yield Pair("CheckThat 2021", "tweet", redact(tweets[tweet]).text, claims[claim], same=True)


def vietnamese() -> Iterator[Pair]:
    lines = (VIETNAMESE / "answers.jsonl").read_text(encoding="utf-8").splitlines()
    splits = {one["id"]: "test" if one["split"] == "test" else "tuned" for one in map(json.loads, lines)}
    for path in sorted((VIETNAMESE / "written").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            answer = json.loads(line)
            wordings = (answer.get("question", ""), answer.get("title", ""))
            group = f"vi-answers {splits.get(answer['id'], '')}"
            for message in answer.get("messages", ()):
                yield Pair(group, message["variant"], redact(message["text"]).text, wordings, same=True)
            for miss in answer.get("near", ()):
                yield Pair(group, miss["differs"], redact(miss["text"]).text, wordings, same=False)


def fixed() -> Iterator[Pair]:
    if FIXED.exists():
        for line in FIXED.read_text(encoding="utf-8").splitlines():
            one = json.loads(line)
            group = "fixed " + one.get("lang", "")
            kind = one.get("differs", "paraphrase") + (" 1 word" if one.get("one_word") else "")
            yield Pair(group, kind, one["message"], (one["claim"],), same=bool(one.get("same")))


def found(pair: Pair) -> tuple[str, tuple[Contradiction, ...]]:
    """The wording nearest to the message, and what contradicts it."""
    likeness = {wording: dice(pair.message, wording) for wording in pair.wordings}
    wording = max(likeness, key=lambda one: likeness[one])
    also = [facts(one) for one in pair.wordings if one != wording]
    near = likeness[wording] >= NEAR
    return wording, contradictions(facts(pair.message), facts(wording), also=also, near=near)


def read_and_compared(message: str, wordings: Sequence[str]) -> None:
    """Reads and compares a message and wordings of which nothing is remembered but their single words."""
    facts.cache_clear()
    mine = facts(message)
    for wording in wordings:
        contradictions(mine, facts(wording), near=False)
        agreements(mine, facts(wording))


def print_times(pairs: list[Pair]) -> None:
    """Prints the processor time, least of five runs, for a message of 8 to 45 words and three candidates."""
    for group in ("CheckThat 2020", "vi-answers tuned"):
        held = [pair for pair in pairs if pair.group == group and 8 <= len(pair.message.split()) <= 45][:300]
        wordings = [pair.wordings[0] for pair in held]
        beside = list(zip(held, wordings, wordings[7:] + wordings[:7], wordings[31:] + wordings[:31], strict=True))
        run = partial(lambda beside: [read_and_compared(one.message, others) for one, *others in beside], beside)
        taken = min(timeit.repeat(run, number=1, repeat=5, timer=time.process_time)) / len(beside) * 1e6
        print(f"{group}: a message and three candidates, read and compared, {taken:.0f} µs")


def main() -> None:
    """Prints the table, and with -v the wrong ones."""
    pairs = [*checkthat_2020(), *checkthat_2021(), *vietnamese(), *fixed()]
    count: dict[tuple[str, bool, str], list[int]] = defaultdict(lambda: [0, 0])
    wrong: dict[tuple[str, bool, str], list[str]] = defaultdict(list)
    for pair in pairs:
        wording, against = found(pair)
        for kind in ("all", pair.kind):
            count[pair.group, pair.same, kind][0] += 1
            count[pair.group, pair.same, kind][1] += bool(against)
        if bool(against) == pair.same and pair.group != HELD_BACK:
            shown = ", ".join(f"{one.code}: {one.mine} / {one.theirs}" for one in against)
            wrong[pair.group, pair.same, pair.kind].append(f"  {shown}\n    {pair.message}\n    {wording}")
    for (group, same, kind), (total, vetoed) in sorted(count.items()):
        print(f"{group:16} {'true' if same else 'near miss':10} {kind:20} {total:6} vetoed {vetoed / total:.3f}")
    print_times(pairs)
    for key, texts in sorted(wrong.items()) if "-v" in sys.argv else ():
        print("\n", key, len(texts), "wrong", *texts[:SHOWN], sep="\n")


if __name__ == "__main__":
    main()
