"""JSON as strict as it is written: one object, UTF-8, no member twice, no number that JSON does not know."""

import json
from collections.abc import Iterator
from typing import Any

from sangto.api.errors import ApiError

MOST_DIGITS = 30
MOST_LEVELS = 64


def load(body: bytes) -> dict[str, Any]:
    """The object in a request body. Raises ApiError."""
    try:
        value = json.loads(
            body.decode(),
            object_pairs_hook=_object,
            parse_int=_whole,
            parse_float=_decimal,
            parse_constant=_constant,
        )
    except UnicodeDecodeError as error:
        raise ApiError("not_text") from error
    except RecursionError as error:
        raise ApiError("too_deep") from error
    except ValueError as error:
        raise ApiError("bad_json") from error
    if not isinstance(value, dict):
        raise ApiError("bad_json")
    for text in _texts(value):
        if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
            raise ApiError("not_text")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ApiError("duplicate_key")
    return made


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ApiError("bad_number")
    return int(digits)


def _decimal(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise ApiError("bad_number")
    return number


def _constant(name: str) -> float:
    raise ApiError("bad_number")


def _texts(value: Any) -> Iterator[str]:
    """Every text in a value, names of members too; level by level, so that depth costs no stack."""
    level: list[Any] = [value]
    for _depth in range(MOST_LEVELS):
        yield from (each for each in level if isinstance(each, str))
        nested = [list(each.items()) if isinstance(each, dict) else each for each in level]
        level = [part for each in nested if isinstance(each, list | tuple) for part in each]
        if not level:
            return
    raise ApiError("too_deep")
