"""Published answers as JSON lines and as CSV, both ways. Columns are matched by their header, in any order."""

import csv
import hashlib
import itertools
import json
import re
import sys
from collections.abc import Generator, Iterable, Iterator
from datetime import date
from typing import Any

from django.utils import timezone

from sangto.desk.queries.answers import PublicAnswer
from sangto.engine.text import normal
from sangto.interchange.rows import (
    MOST_LINE_BYTES,
    Dropped,
    Found,
    Refused,
    Source,
    Unreadable,
    as_text,
    names_a_person,
    numbered_lines,
    opened,
    row_from,
)

COLUMNS = ("id", "kind", "lang", "question", "summary", "text", "verdict", "publisher", "url", "published_on")
# A spreadsheet would run a cell that starts so; one apostrophe in front makes it text, and taking one away undoes it.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def columns_of(answer: PublicAnswer, *, site_url: str, desk_name: str) -> dict[str, str]:
    """One answer as the columns above; ours with this desk as its publisher, a foreign one as it came."""
    own = not answer.is_foreign
    day = _day(answer) if own else answer.published_on
    values = {
        "id": answer.number if own else answer.external_id,
        "kind": answer.kind,
        "lang": answer.lang,
        "question": answer.question,
        "summary": answer.summary,
        "verdict": (answer.rating or answer.outcome) if own else answer.verdict,
        "publisher": desk_name if own else answer.publisher,
        "url": f"{site_url}/a/{answer.number}" if own else answer.url,
        "published_on": day.isoformat() if day else "",
    }
    lines = {name: " ".join(normal(value).split()) for name, value in values.items()}
    return {name: normal(answer.text) if name == "text" else lines[name] for name in COLUMNS}


def _day(answer: PublicAnswer) -> date | None:
    return timezone.localtime(answer.published_at).date() if answer.published_at else None


def jsonl_lines(answers: Iterable[PublicAnswer], *, site_url: str, desk_name: str) -> Iterator[str]:
    """The answers as JSON, one a line, each line with its end."""
    for answer in answers:
        yield json.dumps(columns_of(answer, site_url=site_url, desk_name=desk_name), ensure_ascii=False) + "\n"


class _Echo:
    """A file for `csv.writer` that hands each line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(answers: Iterable[PublicAnswer], *, site_url: str, desk_name: str) -> Iterator[str]:
    """The answers as CSV (RFC 4180) with a header; cells that a spreadsheet would run are guarded by an apostrophe."""
    writer = csv.writer(_Echo())
    yield str(writer.writerow(COLUMNS))
    for answer in answers:
        values = columns_of(answer, site_url=site_url, desk_name=desk_name)
        yield str(writer.writerow([guarded(values[name]) for name in COLUMNS]))


def guarded(cell: str) -> str:
    """The cell as text that no spreadsheet runs."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """The cell as it was before `guarded`."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def read_jsonl(source: Source, *, publisher: str = "") -> Generator[Found, None, None]:
    """The rows of a file with one JSON object a line; `publisher` for rows that name none. Raises only OSError."""
    told: set[str] = set()
    with opened(source) as stream:
        for line, raw in numbered_lines(stream):
            if line == 1 and b"\0" in raw:
                yield Refused(line, "not_text")
                return
            if raw.strip():
                yield from _jsonl_row(line, raw, publisher=publisher, told=told)


def _jsonl_row(line: int, raw: bytes, *, publisher: str, told: set[str]) -> Iterator[Found]:
    try:
        values = json_object(raw)
    except Unreadable as error:
        yield Refused(line, error.code)
        return
    yield from _row(line, values, publisher=publisher, told=told)


def json_object(raw: bytes) -> dict[str, Any]:
    """The JSON object in a line. Raises Unreadable: too_long, not_text or bad_json."""
    if len(raw) > MOST_LINE_BYTES:
        raise Unreadable("too_long")
    try:
        values = json.loads(raw.decode())
    except UnicodeDecodeError as error:
        raise Unreadable("not_text") from error
    except (ValueError, RecursionError) as error:
        raise Unreadable("bad_json") from error
    if not isinstance(values, dict):
        raise Unreadable("bad_json")
    return {str(name).strip().lower(): value for name, value in values.items()}


def read_csv(source: Source, *, publisher: str = "") -> Generator[Found, None, None]:
    """The rows of a CSV file with a header; comma, semicolon or tab. Raises only OSError."""
    told: set[str] = set()
    for line, values in table_rows(source):
        if isinstance(values, str):
            yield Refused(line, values)
        elif line == 1 and not any(name in values for name in COLUMNS):
            yield Refused(line, "no_header")
            return
        elif line > 1:
            clean = {name: unguarded(cell) for name, cell in values.items()}
            yield from _row(line, clean, publisher=publisher, told=told)
        else:
            yield from _people(line, values, told=told)


def _row(line: int, values: dict[str, Any], *, publisher: str, told: set[str]) -> Iterator[Found]:
    yield from _people(line, values, told=told)
    try:
        row = row_from(line, values, publisher=publisher, own_id="")
    except Unreadable as error:
        yield Refused(line, error.code, error.column)
        return
    yield row if row.external_id else row_from(line, values, publisher=publisher, own_id=digest(row.url, row.question))


def digest(*parts: str) -> str:
    """A stable id for what has none of its own."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _people(line: int, values: Iterable[str], *, told: set[str]) -> Iterator[Found]:
    fresh = tuple(name for name in values if name not in COLUMNS and name not in told and names_a_person(name))
    if fresh:
        told |= set(fresh)
        yield Dropped(line, tuple(name[:60] for name in fresh))


def table_rows(source: Source) -> Iterator[tuple[int, dict[str, str] | str]]:
    """Each row of a delimited file with the line it starts on: its cells by header, or why it cannot be read.

    The first one is the header itself. Cells beyond the header are left out, missing ones are empty.
    """
    with opened(source) as stream:
        text = as_text(stream)
        try:
            first = text.readline(MOST_LINE_BYTES)
            if "\0" in first:
                yield 1, "not_text"
            elif first:
                delimiter = max(",;\t", key=first.count)
                yield from _cells(csv_rows(itertools.chain([first], text), delimiter=delimiter))
        finally:
            text.detach()


def csv_rows(lines: Iterable[str], *, delimiter: str) -> Iterator[tuple[int, list[str] | str]]:
    """Each row with the line it starts on: its cells, or why it cannot be read. Broken quotes end nothing."""
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield line, "bad_csv"
            continue
        if cells:
            yield line, cells


def _cells(rows: Iterator[tuple[int, list[str] | str]]) -> Iterator[tuple[int, dict[str, str] | str]]:
    header: list[str] | None = None
    for line, cells in rows:
        if isinstance(cells, str):
            yield line, cells
        elif header is None:
            header = [name.strip().lower() for name in cells]
            yield 1, dict.fromkeys(header, "")
        else:
            yield line, dict(itertools.zip_longest(header, cells[: len(header)], fillvalue=""))
