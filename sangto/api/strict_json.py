"""The body of a request: one strict JSON object whose texts are texts."""

from collections.abc import Iterator
from typing import Any

from sangto.api.errors import ApiError
from sangto.interchange.strict_json import Malformed, read_object

MOST_LEVELS = 64


def load(body: bytes) -> dict[str, Any]:
    """The object in a request body. Raises ApiError."""
    try:
        value = read_object(body)
    except Malformed as error:
        raise ApiError(error.code) from error
    if any("\0" in text or any("\ud800" <= char <= "\udfff" for char in text) for text in _texts(value)):
        raise ApiError("not_text")
    return value


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
