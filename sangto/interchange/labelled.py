"""Labelled questions for `sangto engine evaluate`: answers, messages, and which answers which.

Either our JSON lines (docs/api/formats.md), or the files of the CLEF CheckThat! lab: a table or JSON lines of claims, a
table of posts, and the qrels (TREC form: post, 0, claim, 1).
"""

import csv
import json
import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Sequence, Sized
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from sangto.engine.evaluate import Labelled
from sangto.engine.match import Entry
from sangto.interchange.checkthat import read_checkthat
from sangto.interchange.rows import (
    MOST_LINE_BYTES,
    FoundRow,
    Unreadable,
    as_text,
    line_of,
    numbered_lines,
    opened,
    text_of,
)

T = TypeVar("T")
WHY = {"empty": "is missing", "unknown": "is the id of no answer", "no_list": "is no list of ids"}

__all__ = ["FORMATS", "LabelledSet", "UnreadableSet", "read_checkthat_set", "read_jsonl_set", "read_messages"]


@dataclass(frozen=True)
class LabelledSet:
    """Entries, numbered from 1 in the order of the file, their ids there, and the labelled messages."""

    entries: list[Entry]
    ids: dict[int, str]
    messages: list[Labelled]


class UnreadableSet(Exception):
    """A file is not what it should be: its name, the line counted from 1 (0: the whole file), and why, in English."""

    def __init__(self, file: Path, line: int, why: str) -> None:
        super().__init__(f"{file.name}, line {line}: {why}" if line else f"{file.name}: {why}")


def _objects(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with opened(file) as stream:
        for line, raw in numbered_lines(stream):
            if not raw.strip():
                continue
            try:
                value = json.loads(raw.decode("utf-8"))
            except (ValueError, RecursionError) as error:
                raise UnreadableSet(file, line, "it is not valid JSON") from error
            if not isinstance(value, dict):
                raise UnreadableSet(file, line, "it is not a JSON object")
            yield line, value


def _id_of(value: object, *, column: str) -> str:
    found = line_of(value, column=column)
    if not found:
        raise Unreadable("empty", column)
    return found


def _checked(file: Path, line: int, made: Callable[[], T]) -> T:
    try:
        return made()
    except Unreadable as error:
        raise UnreadableSet(file, line, f"{error.column or 'a value'} {WHY.get(error.code, 'is no text')}") from error


def _answer(number: int, held: dict[str, Any]) -> Entry:
    return Entry(
        id=number,
        lang=line_of(held.get("lang"), column="lang"),
        kind="claim",
        question=line_of(held.get("question"), column="question"),
        title=line_of(held.get("title"), column="title"),
        text=text_of(held.get("answer"), column="answer"),
    )


def _message(held: dict[str, Any], *, number_of: dict[str, int]) -> Labelled:
    expect = held.get("expect")
    wanted = _numbers(held.get("also"), number_of=number_of, column="also")
    return Labelled(
        id=_id_of(held.get("id"), column="id"),
        text=text_of(held.get("text"), column="text"),
        variant=line_of(held.get("variant"), column="variant") or "message",
        expect=wanted if expect is None else wanted | {_number(expect, number_of=number_of, column="expect")},
        must_not=_numbers(held.get("must_not"), number_of=number_of, column="must_not"),
    )


def _numbers(value: object, *, number_of: dict[str, int], column: str) -> frozenset[int]:
    if value is None:
        return frozenset()
    if not isinstance(value, list):
        raise Unreadable("no_list", column)
    return frozenset(_number(one, number_of=number_of, column=column) for one in value)


def _number(value: object, *, number_of: dict[str, int], column: str) -> int:
    key = _id_of(value, column=column)
    if key not in number_of:
        raise Unreadable("unknown", column)
    return number_of[key]


def read_jsonl_set(answers: Path, messages: Path, qrels: Sequence[Path] = ()) -> LabelledSet:
    """Our JSON lines. Raises UnreadableSet with the file, the line and the reason, OSError; `qrels` has no use here."""
    entries: list[Entry] = []
    number_of: dict[str, int] = {}
    for line, held in _objects(answers):
        entry = _checked(answers, line, partial(_answer, len(entries) + 1, held))
        key = _checked(answers, line, partial(_id_of, held.get("id"), column="id"))
        _once(answers, line, key, known=number_of)
        number_of[key] = entry.id
        entries.append(entry)
    _some(answers, entries)
    labelled: dict[str, Labelled] = {}
    for line, held in _objects(messages):
        one = _checked(messages, line, partial(_message, held, number_of=number_of))
        _once(messages, line, one.id, known=labelled)
        labelled[one.id] = one
    return _whole(answers, messages, entries, number_of, list(labelled.values()))


def read_messages(file: Path) -> list[tuple[str, str]]:
    """The id and the text of each message, and nothing else of its line. Raises UnreadableSet and OSError."""
    texts: dict[str, str] = {}
    for line, held in _objects(file):
        key, text = _checked(file, line, partial(_said, held))
        _once(file, line, key, known=texts)
        texts[key] = text
    _some(file, texts)
    return list(texts.items())


def _said(held: dict[str, Any]) -> tuple[str, str]:
    if held.get("text") is None:
        raise Unreadable("empty", "text")
    return _id_of(held.get("id"), column="id"), text_of(held["text"], column="text")


def _once(file: Path, line: int, key: str, *, known: Container[str]) -> None:
    if key in known:
        raise UnreadableSet(file, line, "its id is there twice")


def _some(file: Path, held: Sized) -> None:
    if not held:
        raise UnreadableSet(file, 0, "it holds nothing that can be used")


def _whole(
    answers: Path, messages: Path, entries: list[Entry], number_of: dict[str, int], labelled: list[Labelled]
) -> LabelledSet:
    _some(answers, entries)
    _some(messages, labelled)
    return LabelledSet(entries, {number: key for key, number in number_of.items()}, labelled)


def _rows(file: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of a table without its header. Where the lab writes a header it quotes cells, else it never does."""
    has_header = _has_header(file)
    with opened(file) as stream:
        csv.field_size_limit(MOST_LINE_BYTES)
        reader = csv.reader(
            as_text(stream), delimiter="\t", quoting=csv.QUOTE_MINIMAL if has_header else csv.QUOTE_NONE
        )
        try:
            for at, row in enumerate(reader):
                if row and not (has_header and at == 0):
                    yield reader.line_num, row
        except csv.Error as error:
            raise UnreadableSet(file, reader.line_num, "it is no table") from error


def _has_header(file: Path) -> bool:
    with file.open("rb") as stream:
        return re.fullmatch(rb'\W*(\w*id)?"?\t"?\w*content"?\s*', stream.readline(200)) is not None


def _posts(file: Path) -> dict[str, str]:
    posts = {}
    for line, row in _rows(file):
        if len(row) < 2:
            raise UnreadableSet(file, line, "it has no tab between the post's id and its text")
        posts[row[0]] = _checked(file, line, partial(text_of, row[1], column="the post"))
    return posts


def _relevant(files: Sequence[Path], *, number_of: dict[str, int], posts: dict[str, str]) -> dict[str, set[int]]:
    right: dict[str, set[int]] = defaultdict(set)
    for file in files:
        for line, row in _rows(file):
            if len(row) < 4:
                raise UnreadableSet(file, line, "it is not: post, 0, claim, 1")
            if row[0] in posts and row[2] in number_of and row[3].strip() != "0":
                right[row[0]].add(number_of[row[2]])
    return right


def read_checkthat_set(answers: Path, messages: Path, qrels: Sequence[Path] = ()) -> LabelledSet:
    """The files of the lab; without `qrels` every file named so beside the posts. Posts without a claim are left out.

    Raises UnreadableSet with the file, the line and the reason.
    """
    rows = [row for row in read_checkthat(answers) if isinstance(row, FoundRow) and row.question]
    number_of = {row.external_id: number for number, row in enumerate(rows, 1)}
    entries = [Entry(number, "en", "claim", row.question, row.summary, row.text) for number, row in enumerate(rows, 1)]
    posts = _posts(messages)
    files = qrels or sorted(one for one in messages.parent.iterdir() if "qrels" in one.name.lower() and one != messages)
    if not files:
        raise UnreadableSet(messages, 0, "no file of qrels stands beside it; name one with --qrels")
    right = _relevant(files, number_of=number_of, posts=posts)
    if posts and entries and not right:
        raise UnreadableSet(files[0], 0, "it joins no post to a claim of these files")
    labelled = [Labelled(key, text, "post", frozenset(right[key])) for key, text in posts.items() if key in right]
    return _whole(answers, messages, entries, number_of, labelled)


FORMATS = {"jsonl": read_jsonl_set, "checkthat": read_checkthat_set}
