"""What a look through everything finds: the words that the nouns who look share with the command that prints."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Finding:
    """Something that is not as it should be: a code, and which thing it is. Never a content, an address or a token."""

    code: str
    what: str


Looked = Iterator[Finding | None]  # None: one more thing was looked at, and nothing is wrong with it


def in_chunks(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """The rows in lists of so many, so that what belongs to them is read at once and never all of it."""
    left = iter(rows)
    while chunk := list(islice(left, size)):
        yield chunk


def spread(count: int, most: int) -> list[int]:
    """At most so many places among `count`, evenly spread, the first and the last included."""
    most = min(most, count)
    return [each * (count - 1) // max(most - 1, 1) for each in range(most)]
