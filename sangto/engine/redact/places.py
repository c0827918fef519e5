"""Exact positions: coordinates as people copy them, geo: addresses, plus codes."""

import re

from sangto.engine.redact.recogniser import ALWAYS, Recogniser

_DECIMAL = r"[-+]?\d{1,3}[.,]\d{3,15}"
_SIGN = r"\s?°?\s?"
_PAIR = re.compile(
    rf"(?<![\d.,])(?:[nsb]\s?)?(?P<lat>{_DECIMAL}){_SIGN}(?:[nsb](?![a-z]))?(?P<between>[^\d\n\ue000+-]{{1,20}}?)"
    rf"(?P<lng>{_DECIMAL}){_SIGN}(?:[ewdt](?![a-z]))?(?![\d])"
)
_SIDE = r"(?:vi |kinh )?(?:(?:do )?(?:bac|nam|dong|tay)|[nsewbdt])?(?![a-z])"
_MINUTES = r"\d{1,2}(?:[.,]\d{1,8})?\s?(?:'|phut)"
_SECONDS = r"\d{1,2}(?:[.,]\d{1,8})?\s?(?:\"|''|giay)"
_ANGLE = rf"\d{{1,3}}\s?(?:°|do)\s?{_MINUTES}\s?(?:{_SECONDS}\s?)?{_SIDE}"
_SAID = re.compile(r"(?:lat|vi do|vi tri|toa do|gps|coord|dinh vi|location|position|long|lng|kinh do)")
_BETWEEN = re.compile(r"[\s,;/|()°]{1,4}|\W{0,4}(?:lng|long|lon|longitude|kinh do|[ew])\W{0,4}")
_MARKED = re.compile(r"[°nsewbdt]")
_PLUS = r"[23456789cfghjmpqrvwx]"
_SURE_PLACES, _MARKED_PLACES, _FEWEST_PLACES = 5, 4, 3


def _is_position(match: re.Match[str]) -> bool:
    if not _BETWEEN.fullmatch(match["between"]):
        return False
    north, east = (float(match[name].replace(",", ".")) for name in ("lat", "lng"))
    if abs(north) > 90 or abs(east) > 180:
        return False
    places = min(len(re.split("[.,]", match[name])[1]) for name in ("lat", "lng"))
    said = _SAID.search(match.string[max(0, match.start() - 30) : match.start()]) or _MARKED.search(match[0])
    in_vietnam = 8 <= north <= 24 and 102 <= east <= 110
    return places >= (_FEWEST_PLACES if said else _MARKED_PLACES if in_vietnam else _SURE_PLACES)


RECOGNISERS = (
    Recogniser("location", re.compile(r"\bgeo:[-+\d.,;=?&a-z%()]*[a-z\d)]"), in_links=ALWAYS),
    Recogniser("location", _PAIR, _is_position),
    Recogniser(
        "location", re.compile(rf"(?<![\d.,])(?:[nsew]\s?)?{_ANGLE}[\s,;/\-]{{0,4}}(?:va |and )?(?:[nsew]\s?)?{_ANGLE}")
    ),
    Recogniser(
        "location",
        re.compile(rf"(?<![a-z\d+])(?:{_PLUS}{{4}}){{1,2}}\+{_PLUS}{{2,3}}(?![a-z\d])"),
        lambda match: not match[0].replace("+", "").isdecimal(),
    ),
)
