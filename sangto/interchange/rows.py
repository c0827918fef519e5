"""What every reader yields: a row to import, a refused one and why, or the names of members that were not read."""

import io
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from sangto.desk.actions import ForeignRow
from sangto.engine.text import normal

BOM = b"\xef\xbb\xbf"
MOST_LINE_BYTES = 5_000_000
PEOPLE = frozenset(
    {
        "account", "author", "avatar", "byline", "claimant", "contributor", "creator", "editor", "email", "handle",
        "nickname", "person", "phone", "poster", "profile", "reporter", "reviewer", "sender", "speaker", "tweeter",
        "uploader", "user", "userid", "username",
    }
)  # fmt: skip


@dataclass(frozen=True)
class FoundRow(ForeignRow):
    """A row to import, with the line of the file (or the place in the document) where it stands, counted from 1."""

    line: int = 0


@dataclass(frozen=True)
class Refused:
    """A row that cannot be read. `detail` is at most the name of a column: never a text, never a person."""

    line: int
    code: str
    detail: str = ""


@dataclass(frozen=True)
class Dropped:
    """Columns or members that name people. Their values were not read; said once, where they are first seen."""

    line: int
    names: tuple[str, ...]


Found = FoundRow | Refused | Dropped
Source = str | Path | BinaryIO
Reader = Callable[..., Generator[Found, None, None]]


class Unreadable(Exception):
    """A value is not what its column holds. `code`: wrong_type, not_text or bad_date; `column` says where."""

    def __init__(self, code: str, column: str = "") -> None:
        super().__init__(code)
        self.code, self.column = code, column


@contextmanager
def opened(source: Source) -> Iterator[BinaryIO]:
    """The bytes of a path, closed afterwards, or of a stream, left open. Raises OSError."""
    if isinstance(source, str | Path):
        with Path(source).open("rb") as file:
            yield file
    else:
        yield source


def numbered_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Each line with its number, without its end and a byte order mark; of a line over 5 MB only the beginning."""
    for number in range(1, 1 << 62):
        line = stream.readline(MOST_LINE_BYTES + 1)
        if not line:
            return
        cut = line
        while len(cut) > MOST_LINE_BYTES and not cut.endswith(b"\n"):
            cut = stream.readline(MOST_LINE_BYTES + 1)
        yield number, (line.removeprefix(BOM) if number == 1 else line).rstrip(b"\r\n")


def as_text(stream: BinaryIO) -> io.TextIOWrapper:
    """The stream as text, line ends untouched; bytes that are no UTF-8 become lone surrogates, for `text_of`."""
    return io.TextIOWrapper(stream, encoding="utf-8-sig", errors="surrogateescape", newline="")


def text_of(value: object, *, column: str = "") -> str:
    """The value of a column as text; a number is allowed, nothing is an empty text. Raises Unreadable."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Unreadable("wrong_type", column)
    text = str(value)
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise Unreadable("not_text", column)
    return normal(text)


def line_of(value: object, *, column: str = "") -> str:
    """As `text_of`, in one line."""
    return " ".join(text_of(value, column=column).split())


def day_of(value: object, *, column: str = "") -> date | None:
    """The day at the beginning of an ISO 8601 text, or None for an empty one. Raises Unreadable."""
    text = line_of(value, column=column)
    if not text:
        return None
    try:
        return date.fromisoformat(text[:10])
    except ValueError as error:
        raise Unreadable("bad_date", column) from error


def names_a_person(column: str) -> bool:
    """Whether a column's name says that it holds a person: `author`, `user_id`, `Claimant name`, `screenName`."""
    spaced = "".join(f" {char.lower()}" if char.isupper() else char if char.isalpha() else " " for char in column)
    words = {*spaced.split(), *"".join(char if char.isalpha() else " " for char in column.lower()).split()}
    return bool(words & PEOPLE) or {"screen", "name"} <= words or {"display", "name"} <= words


def row_from(line: int, values: Mapping[str, object], *, publisher: str, own_id: str) -> FoundRow:
    """The row that these columns give; `own_id` and `publisher` where they name none. Raises Unreadable."""
    one = {name: line_of(values.get(name), column=name) for name in ONE_LINE}
    return FoundRow(
        external_id=one["id"] or own_id,
        publisher=one["publisher"] or publisher,
        question=one["question"],
        summary=one["summary"],
        text=text_of(values.get("text"), column="text"),
        verdict=one["verdict"],
        url=one["url"],
        published_on=day_of(values.get("published_on"), column="published_on"),
        lang=one["lang"],
        kind=one["kind"] or "claim",
        line=line,
    )


ONE_LINE = ("id", "kind", "lang", "question", "summary", "verdict", "publisher", "url")
