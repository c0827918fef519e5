"""Plates of vehicles: of Việt Nam by their shape, of other countries behind a word that says so."""

import re

from sangto.engine.redact.lexicon import any_of
from sangto.engine.redact.recogniser import Recogniser

_PROVINCE = r"(?<![\w.,/$€£-])[1-9oO]?[0-9oO]"
_SERIES = r"[ .\-]{0,2}(?P<series>[A-ZĐa-zđ]{1,2}\d?|[A-ZĐ]\d[A-Z])(?P<gap>[ .\-–]{0,3})"
_FIVE, _FOUR = r"(?P<tail>[\doOlI]{3}[ .\-]?[\doOlI]{2})", r"(?P<tail>\d{2}\.?\d{2})"
_END = r"(?!\w|[.,]\d)"
_SAID = r"\W{0,3}(?:(?:is|la|là|no|number|so|số)\W{1,2}){0,2}"
_ROOM = re.compile(r"(?i)(?:lớp|lop|phòng|phong|tầng|tang|căn|can|block|class|room|grade|flat|lô|lo)\s\Z")
_VEHICLE = re.compile(r"(?i)(?:biển|bien|bks|plate|xe|car|truck|van|taxi)\b[^\n]{0,30}\Z")
_UNIT_LETTERS = frozenset("hkmglpđ")  # 12h 345.67 is a time and a number
_FEWEST_DIGITS, _FEWEST_SIGNS = 2, 5


def _is_plate(match: re.Match[str]) -> bool:
    series, between = match["series"], match["gap"]
    if _ROOM.search(match.string[: match.start()][-12:]):
        return False
    if series.isupper() or "-" in between:
        return not (series in {"K", "M"} and match["tail"].endswith("00")) and series.upper() != "VN"
    return not (series in _UNIT_LETTERS and between)


def _is_short_plate(match: re.Match[str]) -> bool:
    """Old plates have four digits, as a year has: the words before or the series of a motorbike must say it is one."""
    said = _VEHICLE.search(match.string[: match.start()][-40:])
    return said is not None or ("-" in match[0] and match["series"].isupper() and match["series"][-1].isdecimal())


def _is_some_plate(match: re.Match[str]) -> bool:
    plate = match["v"]
    return len(plate) >= _FEWEST_SIGNS and sum(char.isdecimal() for char in plate) >= _FEWEST_DIGITS


RECOGNISERS = (
    Recogniser("plate", re.compile(f"{_PROVINCE}{_SERIES}{_FIVE}{_END}"), _is_plate),
    Recogniser("plate", re.compile(f"{_PROVINCE}{_SERIES}{_FOUR}{_END}"), _is_short_plate),
    Recogniser("plate", re.compile(r"(?<![\w.,/-])\d{2}[ \-]\d{3}[ \-](?:NG|QT|NN|CV)[ \-]\d{2}(?!\w)")),
    Recogniser(
        "plate",
        re.compile(
            rf"(?i)\b{any_of('plate')}{_SAID}"
            r"(?P<v>(?=[A-Z\d .\-]{0,8}\d{2})[A-Z\d]{1,4}(?:[ .\-]?[A-Z\d]{1,5}){1,3})(?!\w)"
        ),
        _is_some_plate,
    ),
)
