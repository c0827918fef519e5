"""Labelled questions for training and measuring: CheckThat 2020 and 2021 (English) and our own Vietnamese set.

CheckThat is read from SANGTO_DATA, by default ../shared/data; nothing of it is in this repository.
"""

import csv
import json
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from sangto.engine.match import Entry, Index
from sangto.engine.redact import redact
from sangto.engine.text import words

ROOT = Path(__file__).parents[1]
CLAIMS = Path(os.environ.get("SANGTO_DATA", ROOT.parent / "shared" / "data")) / "claims"
VIETNAMESE = ROOT / "bench" / "vi-answers"
_LINK = re.compile(r"https?\S+|pic\.\S+|\W+")


@dataclass(frozen=True)
class Question:
    """A message, the entries that answer it (none: nothing does) and those that must not be given at once."""

    id: str
    text: str
    variant: str
    right: frozenset[int]
    must_not: frozenset[int] = frozenset()

    @property
    def key(self) -> str:
        """The same for a post that two sets hold."""
        return _LINK.sub("", self.text.lower())[:60]


@dataclass(frozen=True)
class Pool:
    """A set: its entries, its questions by split, and what each entry is about, the same in every pool that has it."""

    name: str
    lang: str
    entries: list[Entry]
    splits: dict[str, list[Question]]
    about: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.about.update({one.id: one.title for one in self.entries if one.title and one.id not in self.about})

    def index(self) -> Index:
        """A new index of the entries."""
        index = Index()
        index.replace(self.entries)
        return index


def _rows(path: Path) -> Iterator[list[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.reader(file, delimiter="\t")


def _questions(name: str, texts: dict[str, str], right: dict[str, set[int]]) -> list[Question]:
    return [
        Question(f"{name}-{key}", texts[key], "post", frozenset(held)) for key, held in right.items() if key in texts
    ]


def _twins(held: list[list[str]]) -> dict[int, set[int]]:
    """For each claim of 2020 the ids of those in the same words: the set holds some claims twice and names just one."""
    same: dict[str, set[int]] = defaultdict(set)
    for key, claim, _ in held:
        same[" ".join(words(claim))].add(int(key))
    return {int(key): same[" ".join(words(claim))] for key, claim, _ in held}


def checkthat2020() -> Pool:
    """10,375 claims with titles; train, dev and test posts. Of a claim that the set holds twice either is right."""
    folder = CLAIMS / "checkthat2020"
    held = list(_rows(folder / "verified_claims.docs.tsv"))[1:]
    twins, splits = _twins(held), {}
    for split in ("train", "dev", "test"):
        right: dict[str, set[int]] = defaultdict(set)
        for row in _rows(folder / split / "tweet-vclaim-pairs.qrels"):
            right[row[0]] |= twins[int(row[2])]
        splits[split] = _questions(f"2020{split}", dict(list(_rows(folder / split / "tweets.queries.tsv"))[1:]), right)
    entries = [Entry(int(key), "en", "claim", claim, title, "") for key, claim, title in held]
    return Pool("checkthat2020", "en", entries, splits)


def checkthat2021() -> Pool:
    """14,231 claims with title and subtitle; train and dev posts."""
    folder = CLAIMS / "checkthat2021"
    held = [json.loads(line) for line in (folder / "vclaims.jsonl").read_text(encoding="utf-8").splitlines()]
    number = {one["vclaim_id"]: at for at, one in enumerate(held)}
    lines = (folder / "CT2022-Task2A-EN-Train-Dev_Queries.tsv").read_text(encoding="utf-8").splitlines()
    texts = dict(line.split("\t", 1) for line in lines if "\t" in line)
    splits = {}
    for split in ("train", "dev"):
        right: dict[str, set[int]] = defaultdict(set)
        for row in _rows(folder / f"CT2022-Task2A-EN-{split.title()}_QRELs.tsv"):
            right[row[0]].add(number[row[2]])
        splits[split] = _questions("2021", texts, right)
    entries = [
        Entry(at, "en", "claim", one["vclaim"], one["title"], one["subtitle"] or "") for at, one in enumerate(held)
    ]
    return Pool("checkthat2021", "en", entries, splits)


def vietnamese() -> Pool:
    """Our own set, as built by `python -m bench.vi_answers`."""
    lines = (VIETNAMESE / "answers.jsonl").read_text(encoding="utf-8").splitlines()
    held = [json.loads(line) for line in lines]
    number = {one["id"]: at for at, one in enumerate(held, 1)}
    entries = [Entry(number[one["id"]], "vi", "claim", one["question"], one["title"], one["answer"]) for one in held]
    splits = {}
    for split in ("train", "dev", "test"):
        rows = (VIETNAMESE / f"messages.{split}.jsonl").read_text(encoding="utf-8").splitlines()
        splits[split] = [
            Question(
                one["id"],
                one["text"],
                one["variant"],
                frozenset([number[one["expect"]]] if one["expect"] else []),
                frozenset(number[key] for key in one["must_not"]),
            )
            for one in map(json.loads, rows)
        ]
    return Pool("vietnamese", "vi", entries, splits)


def redacted(questions: Iterable[Question]) -> list[Question]:
    """The questions as the desk keeps them: without handles, phone numbers and the like."""
    return [replace(one, id=f"{one.id}-redacted", text=redact(one.text).text) for one in questions]
