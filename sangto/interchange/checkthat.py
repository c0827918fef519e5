"""The claims of the CLEF CheckThat! lab: the table of 2020 (vclaim, title), the JSON lines of 2021 (subtitle, date)."""

from collections.abc import Generator, Iterator
from datetime import date
from typing import Any, BinaryIO

from sangto.interchange.rows import (
    Dropped,
    Found,
    FoundRow,
    Refused,
    Source,
    Unreadable,
    line_of,
    numbered_lines,
    opened,
    text_of,
)
from sangto.interchange.tables import digest, json_object, table_rows

PUBLISHER = "CLEF CheckThat!"
DROPPED = ("author",)
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip


def read_checkthat(source: Source, *, publisher: str = "") -> Generator[Found, None, None]:
    """The claims of either file, told apart by their first character. The author of an article is not read."""
    with opened(source) as stream:
        start = stream.read(16)
        stream.seek(0)
        read = _read_lines if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") else _read_table
        yield from read(stream, publisher=publisher or PUBLISHER)


def _read_table(stream: BinaryIO, *, publisher: str) -> Iterator[Found]:
    for line, values in table_rows(stream):
        if isinstance(values, str):
            yield Refused(line, values)
        elif line > 1:
            yield _row(line, {"vclaim_id": values.get("", ""), **values}, publisher=publisher)
        elif "vclaim" not in values:
            yield Refused(line, "no_header")
            return


def _read_lines(stream: BinaryIO, *, publisher: str) -> Iterator[Found]:
    told = False
    for line, raw in numbered_lines(stream):
        if not raw.strip():
            continue
        try:
            values = json_object(raw)
        except Unreadable as error:
            yield Refused(line, error.code)
            continue
        if not told and any(name in values for name in DROPPED):
            told = True
            yield Dropped(line, DROPPED)
        yield _row(line, values, publisher=publisher)


def _row(line: int, values: dict[str, Any], *, publisher: str) -> FoundRow | Refused:
    try:
        question = line_of(values.get("vclaim"), column="vclaim")
        return FoundRow(
            external_id=line_of(values.get("vclaim_id"), column="vclaim_id") or digest(question),
            publisher=publisher,
            question=question,
            summary=line_of(values.get("title"), column="title"),
            text=text_of(values.get("subtitle"), column="subtitle"),
            published_on=_day(line_of(values.get("date"), column="date")),
            lang="en",
            line=line,
        )
    except Unreadable as error:
        return Refused(line, error.code, error.column)


def _day(text: str) -> date | None:
    """The day of a text like "26 May 2015", or None for anything else."""
    parts = text.lower().split()
    try:
        day, month, year = parts
        return date(int(year), _MONTHS.index(month) + 1, int(day))
    except ValueError:
        return None
