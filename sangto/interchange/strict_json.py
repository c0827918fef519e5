"""JSON from outside, strictly: one object, UTF-8, no member twice, no number that JSON does not know."""

import json
import math
from typing import Any

MOST_DIGITS = 30


class Malformed(ValueError):
    """The bytes are not one strict JSON object. `code`: not_text, bad_json, bad_number, duplicate_key or too_deep."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_object(body: bytes) -> dict[str, Any]:
    """The JSON object in the body; raises Malformed for anything else that Python's own reader would let pass."""
    try:
        value = json.loads(
            body.decode(), object_pairs_hook=_object, parse_int=_whole, parse_float=_decimal, parse_constant=_constant
        )
    except Malformed:
        raise
    except UnicodeDecodeError as error:
        raise Malformed("not_text") from error
    except RecursionError as error:
        raise Malformed("too_deep") from error
    except ValueError as error:
        raise Malformed("bad_json") from error
    if not isinstance(value, dict):
        raise Malformed("bad_json")
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise Malformed("duplicate_key")
    return made


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise Malformed("bad_number")
    return int(digits)


def _decimal(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise Malformed("bad_number")
    return number


def _constant(name: str) -> float:
    raise Malformed("bad_number")
