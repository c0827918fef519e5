"""JSON from outside, read without the leniencies of Python's reader."""

import json
import math
from typing import Any, NoReturn


class Malformed(ValueError):
    """The bytes are not one strict JSON object."""


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object in the body; raises Malformed for anything else.

    Refused as well: another encoding than UTF-8, a key twice, NaN and infinities, numbers beyond float and int limits,
    nesting deeper than the interpreter's stack.
    """
    try:
        found = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_without_repeats,
            parse_constant=_refuse,
            parse_float=_finite,
        )
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    if not isinstance(found, dict):
        raise Malformed
    return found


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed
    return found


def _refuse(name: str) -> NoReturn:
    raise Malformed


def _finite(digits: str) -> float:
    value = float(digits)
    if not math.isfinite(value):
        raise Malformed
    return value
