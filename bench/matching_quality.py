"""Prints how well the engine ranks and decides on CheckThat 2020: the share answered at once, offered, and how right.

Each tweet is asked twice: with its claim in the index and with it taken out, when every instant answer is wrong.
Run: python bench/matching_quality.py [train dev test]. Data: SANGTO_DATA, by default ../shared/data.
"""

import csv
import os
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from sangto.engine.decide import DEFAULT, CutOffs, Decision, decide, joins
from sangto.engine.match import Candidate, Entry, Index
from sangto.engine.redact import redact
from sangto.engine.text import words

DATA = Path(os.environ.get("SANGTO_DATA", Path(__file__).parents[2] / "shared" / "data")) / "claims" / "checkthat2020"
CANDIDATES = 10


def rows(path: Path) -> Iterator[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.reader(file, delimiter="\t")


def entries() -> list[Entry]:
    found = list(rows(DATA / "verified_claims.docs.tsv"))[1:]
    return [Entry(int(key), "en", "claim", claim, title, "") for key, claim, title in found]


def with_twins(held: list[Entry]) -> dict[int, set[int]]:
    """For each claim the ids of those in the same words: the set holds some claims twice and names just one."""
    same = defaultdict(set)
    for entry in held:
        same[tuple(words(entry.question))].add(entry.id)
    return {entry.id: same[tuple(words(entry.question))] for entry in held}


def questions(split: str, twins: dict[int, set[int]]) -> list[tuple[str, set[int]]]:
    """The redacted tweets of a split, each with the ids of its claims and their twins."""
    right = defaultdict(set)
    for row in rows(DATA / split / "tweet-vclaim-pairs.qrels"):
        right[row[0]] |= twins[int(row[2])]
    tweets = list(rows(DATA / split / "tweets.queries.tsv"))[1:]
    return [(redact(text).text, right[key]) for key, text in tweets if key in right]


def found_for(index: Index, asked: list[tuple[str, set[int]]]) -> list[tuple[str, set[int], list[Candidate]]]:
    return [(text, right, index.search(text, k=CANDIDATES + len(right))) for text, right in asked]


def first_right_share(ids: list[int], right: set[int]) -> float:
    return next((1 / rank for rank, entry in enumerate(ids[:5], 1) if entry in right), 0.0)


def answered(index: Index, text: str, candidates: list[Candidate], cut_offs: CutOffs) -> Decision:
    return decide(text, candidates[:CANDIDATES], kind="claim", rarity=index.rarity, cut_offs=cut_offs)


def measured(index: Index, found: list[tuple[str, set[int], list[Candidate]]], cut_offs: CutOffs) -> dict[str, float]:
    count: dict[str, float] = defaultdict(float)
    for text, right, candidates in found:
        inside = answered(index, text, candidates, cut_offs)
        outside = answered(index, text, [one for one in candidates if one.entry.id not in right], cut_offs)
        first_right = bool(inside.candidates) and inside.candidates[0].id in right
        count["MRR@5 index"] += first_right_share([one.entry.id for one in candidates], right)
        count["found in 10"] += any(one.entry.id in right for one in candidates[:CANDIDATES])
        count["first of offered right"] += first_right
        count["one of 3 right"] += any(one.id in right for one in inside.candidates)
        count["instant"] += inside.zone == "instant"
        count["instant right"] += inside.zone == "instant" and first_right
        count["offer"] += inside.zone == "offer"
        count["removed: instant"] += outside.zone == "instant"
        count["removed: offer"] += outside.zone == "offer"
    shares = {name: value / len(found) for name, value in count.items()}
    instants = shares["instant"] + shares["removed: instant"]
    return shares | {"instant precision, half removed": shares["instant right"] / instants if instants else 1.0}


def near_misses(held: list[Entry]) -> list[str]:
    """Published claims with one number made larger, or with a "not" put in: none may be answered at once."""
    raised = [re.sub(r"\d+", lambda number: str(int(number[0]) + 1), one.question, count=1) for one in held]
    negated = [re.sub(r"\b(is|are|was|were|has|had|will|can)\b", r"\1 not", one.question, count=1) for one in held]
    plain = {one.question for one in held} | {one.title for one in held}
    return [text for text in raised + negated if text not in plain and " not " not in text.replace(" not ", "", 1)]


def print_near_misses(index: Index, held: list[Entry]) -> None:
    """Prints how many near misses were answered at once or would join; both should be none."""
    texts = near_misses(held)[::4]
    found = [(text, index.search(text)) for text in texts]
    instant = [text for text, ones in found if answered(index, text, ones, DEFAULT).zone == "instant"]
    joined = [text for text, ones in found if joins(text, ones, kind="claim", rarity=index.rarity)]
    print(f"\n{len(texts)} near misses: {len(instant)} answered at once, {len(joined)} joined")
    print("\n".join(f"  {text}" for text in (instant + joined)[:10]))


def main() -> None:
    """Measures each named split and prints a table."""
    held = entries()
    twins = with_twins(held)
    index, start = Index(), time.process_time()
    index.replace(held)
    print(f"{len(index)} claims indexed in {time.process_time() - start:.2f} s")
    for split in sys.argv[1:] or ["train", "dev"]:
        asked, start = questions(split, twins), time.process_time()
        found = found_for(index, asked)
        searched = time.process_time()
        shares = measured(index, found, DEFAULT)
        decided = time.process_time() - searched
        print(f"\n{split}: {len(asked)} tweets, search {(searched - start) / len(asked) * 1000:.2f} ms each,", end=" ")
        print(f"decide {decided / len(asked) / 2 * 1000:.2f} ms each")
        for name, share in shares.items():
            print(f"  {name:34} {share:.3f}")
    print_near_misses(index, held)


if __name__ == "__main__":
    main()
