"""What a leaf may say. Pure: no database.

A leaf holds commitments and codes, never a content, the time of a receipt or a name.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime

from sangto.engine.merkle.commitments import canonical

RECEIVED, OUTCOME = "r", "o"
PUBLISHED, CORRECTED, WITHDRAWN, HIDDEN = "p", "c", "w", "h"
OBJECTED, RULED = "q", "j"
ERASED, KEY_DESTROYED, NEXT_KEY, NEW_SHARD = "e", "x", "k", "s"
KINDS = (
    RECEIVED, OUTCOME, PUBLISHED, CORRECTED, WITHDRAWN, HIDDEN, OBJECTED, RULED, ERASED, KEY_DESTROYED, NEXT_KEY,
    NEW_SHARD,
)  # fmt: skip
VERSIONS = (PUBLISHED, CORRECTED, WITHDRAWN)
SHUFFLED = (RECEIVED, OUTCOME)  # the order of these would tell when people wrote
OUTCOMES = ("answered", "forwarded", "declined", "expired", "merged", "withdrawn")
RULINGS = ("kept", "corrected", "withdrawn")
MOST_BYTES = 1024

Body = Mapping[str, str | int]

_HEX = re.compile(r"[0-9a-f]{64}")
_CODE = re.compile(r"[a-z_]{1,40}")
_UNIT = re.compile(r"[A-Za-z0-9_-]{0,40}")
_NUMBER = re.compile(r"[0-9]{4}-[0-9]{6,}")
_OBJECTION = re.compile(r"O[0-9]{4}-[0-9]{6,}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_LINE = re.compile(r"[^\s\x00-\x1f\x7f]{1,400}")
Shape = Mapping[str, re.Pattern[str] | type[int]]

_VERSION: Shape = {"a": _NUMBER, "n": int}
_ANSWER: Shape = {**_VERSION, "h": _HEX, "ts": _TIME, "u": _UNIT}
SHAPES: Mapping[str, Shape] = {
    RECEIVED: {"c": _HEX},
    OUTCOME: {"c": _HEX, "k": re.compile("|".join(OUTCOMES))},
    PUBLISHED: _ANSWER,
    CORRECTED: {**_ANSWER, "pv": _HEX},
    WITHDRAWN: {**_ANSWER, "pv": _HEX, "rs": _CODE},
    HIDDEN: {**_VERSION, "pv": _HEX, "ts": _TIME},
    OBJECTED: {**_VERSION, "q": _OBJECTION, "due": _DAY},
    RULED: {**_VERSION, "q": _OBJECTION, "k": re.compile("|".join(RULINGS)), "h": _HEX, "ts": _TIME},
    ERASED: {**_VERSION, "pv": _HEX, "lg": _CODE},
    KEY_DESTROYED: {"day": _DAY},
    NEXT_KEY: {"vk": _LINE},
    NEW_SHARD: {"o": _LINE, "r": _HEX, "z": int},
}


class BadLeaf(ValueError):
    """A leaf of another shape than the twelve that there are, or longer than 1,024 bytes: a fault of the program."""


def entry_of(kind: str, fields: Body) -> bytes:
    """The bytes of a leaf of this kind; raises BadLeaf for a field too many, too few or of another form."""
    shape = SHAPES.get(kind)
    if shape is None or set(fields) != set(shape):
        raise BadLeaf("a leaf of this kind has other fields")
    wrong = [name for name, form in shape.items() if not _has_form(fields[name], form)]
    if wrong:
        raise BadLeaf(f"these fields of a leaf have another form: {', '.join(sorted(wrong))}")
    entry = canonical({**fields, "t": kind, "v": 1})
    if len(entry) > MOST_BYTES:
        raise BadLeaf(f"a leaf has at most {MOST_BYTES} bytes")
    return entry


def entry_kind(entry: bytes) -> str:
    """The kind of a leaf's bytes; raises BadLeaf unless they are exactly what `entry_of` writes."""
    try:
        body = json.loads(entry)
        kind = str(body["t"])
        fields = {name: value for name, value in body.items() if name not in ("t", "v")}
        same = entry_of(kind, fields) == entry
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BadLeaf("these bytes are no leaf") from error
    if not same:
        raise BadLeaf("these bytes are no leaf")
    return kind


def second_of(at: datetime) -> str:
    """A moment as a leaf writes it: 2026-11-21T10:15:00Z."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def day_of(day: date) -> str:
    """A day as a leaf writes it: 2026-11-21."""
    return day.isoformat()


def batch_start(now: datetime, *, minutes: int) -> datetime:
    """The last full multiple of so many minutes of the day: what came before it may be sequenced now.

    Batches end at fixed times whoever writes when: one that began with the first message would tell when that came.
    """
    seconds = int(now.timestamp())
    return datetime.fromtimestamp(seconds - seconds % (minutes * 60), tz=now.tzinfo)


def shard_after(taken: set[str], year: int) -> str:
    """The name of the year's next shard: 2026, and 2026-2 when there is a 2026 already."""
    names = [str(year), *(f"{year}-{n}" for n in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def shard_order(shard: str) -> list[int]:
    """What to sort the names of shards by: 2026, 2026-2, 2026-10, 2027."""
    return [int(part) for part in shard.split("-") if part.isdecimal()]


def _has_form(value: str | int, form: re.Pattern[str] | type[int]) -> bool:
    if isinstance(form, re.Pattern):
        return isinstance(value, str) and bool(form.fullmatch(value))
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
