"""Home addresses: a house number with its lane, street, village and ward, as one chain."""

import re
from collections.abc import Iterator

_UPPER = "".join(chr(code) for code in range(0xC0, 0x1F00) if chr(code).isupper())
_NUMBER = r"(?:[A-Z]{1,2})?\d{1,5}[A-Za-z]?(?:[/\-]\d{1,4}[A-Za-z]?){0,5}(?![\w/.,%]\d|\w)"
_NAME = rf"[A-Z{_UPPER}][\w']*(?: [A-Z{_UPPER}\d][\w']*){{0,3}}"
_LOWER = r"[^\W\d_]{2,8}(?: [^\W\d_]{1,8})?"
_HOUSE = r"nhà số|số nhà|nhà trọ số|nhà|số|căn hộ|căn|phòng|nha so|so nha|nha|so|can ho|phong|flat|apartment|apt\.?|unit|no\.?|house"
_STREET = r"ngõ|ngách|hẻm|kiệt|đường|phố|đại lộ|ngo|ngach|hem|kiet|duong|pho|đ\.|lane|alley"
_AREA = r"tổ dân phố|tổ|khu phố|khóm|ấp|thôn|xóm|bản|buôn|to dan pho|to|khu pho|khom|ap|thon|xom|tdp|kp|group|hamlet"
_ESTATE = r"khu dân cư|kdc|khu tập thể|ktt|khu đô thị|kđt|chung cư|tòa nhà|tòa|toà|block|lô|tầng|nhà|khu dan cu|khu tap the|chung cu|toa|lo"
_WARD = r"phường|xã|thị trấn|quận|huyện|thị xã|thành phố|tp\.?|tỉnh|phuong|xa|thi tran|quan|huyen|thanh pho|tinh|p\.|q\.|ward|district"
_LEVELS = {"house": _HOUSE, "street": _STREET, "area": _AREA, "estate": _ESTATE, "ward": _WARD}

_SEGMENTS = {
    level: re.compile(
        rf"(?i:(?:{words})) ?(?:(?i:số|so|no\.?) ?)?(?:{_NUMBER}(?: {_NAME})?|{_NAME}|(?P<lower>{_LOWER}))(?!\w)"
    )
    for level, words in _LEVELS.items()
}
_BEGINNING = re.compile(
    rf"(?<![\w/.,])(?:(?i:{_HOUSE}|{_STREET}|{_AREA}|{_ESTATE}) ?(?:(?i:số|so|no\.?) ?)?)?{_NUMBER}"
)
_BETWEEN = re.compile(r" ?[,;\-–] ?| ")
_NAMED = re.compile(_NAME)
_ROAD = r"(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|court|ct|boulevard|blvd|close|crescent|terrace|square|parkway|way)"
_ENGLISH = re.compile(
    rf"(?<![\w/.,$€£])(?:(?i:flat|apt\.?|apartment|unit|suite|room|no\.?) ?\w{{1,5}}, ?)?\d{{1,5}}[A-Za-z]?,? (?:[^\W\d_][\w'’.]* ){{1,3}}(?i:{_ROAD})\b\.?"
    rf"(?:, ?(?i:apt\.?|apartment|unit|flat|suite|floor|ward|district) ?\w{{1,5}}|, {_NAME}){{0,3}}"
)
_NO_STREETS = re.compile(r"(?i)\d+ (?:way|hours?|minutes?|people|of|and|the|in|on|or|to|a|years?|days?|cars?|lamps?)\b")
_HERE = re.compile(r"(?i)(?:địa chỉ|dia chi|ở|tại|ngụ|trú|o|tai|address|live at|trước|cạnh|before|outside|at)\W{1,3}\Z")


def addresses(text: str) -> Iterator[tuple[int, int]]:
    """Where home addresses may stand, in order and without overlaps."""
    at = 0
    found = sorted([*_vietnamese(text), *_english(text)])
    for start, end in found:
        if start >= at:
            yield start, end
            at = end


def _english(text: str) -> Iterator[tuple[int, int]]:
    for match in _ENGLISH.finditer(text):
        if not _NO_STREETS.match(match[0]):
            yield match.span()


def _vietnamese(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    while begun := _BEGINNING.search(text, at):
        end, levels = _chain(text, begun)
        if _is_home(levels, text[max(0, begun.start() - 12) : begun.start()]):
            yield begun.start(), end
        at = max(end, begun.end())


def _chain(text: str, begun: re.Match[str]) -> tuple[int, list[str]]:
    """Where the chain of places ends that begins here, and the level of each of its links."""
    end, levels = begun.end(), [_level_of(begun[0])]
    named = _NAMED.match(text, end + 1) if text[end : end + 1] == " " else None
    if named:
        end, levels = named.end(), [*levels, "named"]
    while (between := _BETWEEN.match(text, end)) and (link := _link(text, between.end(), first=levels[0])):
        end, levels = link[0], [*levels, link[1]]
    return end, levels


def _link(text: str, at: int, *, first: str) -> tuple[int, str] | None:
    for level, pattern in _SEGMENTS.items():
        match = pattern.match(text, at)
        if match and not (match["lower"] and (first == "number" or level in ("house", "estate", "area"))):
            return match.end(), level
    return None


def _level_of(begun: str) -> str:
    for level, words in _LEVELS.items():
        if re.match(rf"(?i:{words}) ?(?:(?:số|so|no\.?) ?)?(?=[A-Z]{{0,2}}\d)", begun):
            return level
    return "number"


def _is_home(levels: list[str], before: str) -> bool:
    """Whether a chain leads to a home: a house with its street, or small places in a row, not a street or ward alone."""
    first, others = levels[0], set(levels[1:])
    if first in ("house", "number"):
        return bool(others & {"street", "area", "estate", "ward"}) or ("named" in others and bool(_HERE.search(before)))
    if first in ("street", "estate"):
        return bool(others & {"street", "area", "named"}) and len(levels) > 1
    return len(levels) > 1 and bool(others & {"area", "ward", "street"})
