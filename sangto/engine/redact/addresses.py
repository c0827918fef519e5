"""Home addresses: a house number with its lane, street, village and ward, as one chain."""

import re
from collections.abc import Iterator

from sangto.engine.redact.view import folded


def _any_of(words: str) -> str:
    """A pattern for one of the words, with diacritics or without, the longest first."""
    known = {form for word in words.split("|") for form in (word, folded(word))}
    return "(?i:" + "|".join(re.escape(word) for word in sorted(known, key=len, reverse=True)) + ")"


_LEVELS = {
    "house": _any_of("nhà số|số nhà|nhà trọ số|nhà|số|căn hộ|căn|phòng|flat|apartment|apt|apt.|unit|no|no.|house"),
    "street": _any_of("ngõ|ngách|hẻm|kiệt|đường|phố|đại lộ|đ.|lane|alley"),
    "area": _any_of("tổ dân phố|tổ|khu phố|khóm|ấp|thôn|xóm|bản|buôn|tdp|kp|group|hamlet"),
    "estate": _any_of(
        "khu dân cư|kdc|khu tập thể|ktt|khu đô thị|kđt|chung cư|tòa nhà|tòa|toà nhà|toà|nhà|block|lô|tầng|dãy"
    ),
    "ward": _any_of("phường|xã|thị trấn|quận|huyện|thị xã|thành phố|tp|tp.|tỉnh|p.|q.|ward|district|commune|province"),
}
_ROAD = _any_of(
    "street|st|road|rd|avenue|ave|lane|ln|drive|dr|court|ct|boulevard|blvd|close|crescent|terrace|square|parkway|way"
)
_UPPER = "".join(chr(code) for code in range(0xC0, 0x1F00) if chr(code).isupper())
_NUMBER = r"(?:[A-Z]{1,2})?\d{1,5}[A-Za-z]?(?:[/\-.]\d{1,4}[A-Za-z]?){0,5}(?![\w/.,%]\d|\w)"
_NAME = rf"[A-Z{_UPPER}][\w']*+(?: [A-Z{_UPPER}\d][\w']*+){{0,3}}"
_LOWER = r"[^\W\d_]{2,8}(?: [^\W\d_]{1,8})?(?: [^\W\d_]{1,8}(?=,))?"
_NUMBERED = r"(?: ?(?i:số|so|no\.?))? ?"

_LINKS = {
    level: re.compile(rf"{words}{_NUMBERED}(?:{_NUMBER}(?: {_NAME})?|{_NAME}|(?P<lower>{_LOWER}))(?!\w)")
    for level, words in _LEVELS.items()
}
_LINK_BEHIND = re.compile(rf"{_NAME} (?:{_ROAD}|{_any_of('ward|commune|district|hamlet|city|province')})(?!\w)")
_BEGINNINGS = {
    level: re.compile(rf"{words}{_NUMBERED}(?={_NUMBER})") for level, words in _LEVELS.items() if level != "ward"
}
_BEGINNING = re.compile(
    rf"(?<![\w/.,:])(?:(?:{_LEVELS['house']}|{_LEVELS['street']}|{_LEVELS['area']}|{_LEVELS['estate']}){_NUMBERED})?{_NUMBER}"
    rf"|(?<!\w){_LEVELS['area']} {_NAME}(?=,? {_LEVELS['ward']} )"
)
_BETWEEN = re.compile(r" ?[,;\-–] ?| ")
_NAMED = re.compile(_NAME)
_ENGLISH = re.compile(
    rf"(?<![\w/.,$€£])(?:(?i:flat|apt\.?|apartment|unit|suite|room|no\.?) ?\w{{1,5}}, ?)?\d{{1,5}}[A-Za-z]?,?"
    rf" (?:[^\W\d_][\w'’.]{{0,20}} ){{1,3}}{_ROAD}\b\.?"
    rf"(?:, ?(?i:apt\.?|apartment|unit|flat|suite|floor|ward|district) ?\w{{1,5}}|, {_NAME}){{0,3}}"
)
_NO_STREETS = re.compile(r"(?i)\d+ (?:way|hours?|minutes?|people|of|and|the|in|on|or|to|a|years?|days?|cars?|lamps?)\b")
_HERE = re.compile(
    r"(?i)(?<!\w)(?:địa chỉ|dia chi|ở|tại|ngụ|trú|o|tai|address|live at|trước|cạnh|before|outside|at)\W{1,3}\Z"
)
_MAKES_A_HOME = {
    "house": {"street", "area", "estate", "ward"},
    "number": {"street", "estate", "ward"},
    "street": {"street", "area", "named"},
    "estate": {"street", "area", "named"},
    "area": {"street", "area", "ward"},
}


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
        if levels == ["number"] and between[0] != " ":
            break
        end, levels = link[0], [*levels, link[1]]
    return end, levels


def _link(text: str, at: int, *, first: str) -> tuple[int, str] | None:
    for level, pattern in _LINKS.items():
        match = pattern.match(text, at)
        # Without a capital the name of a street can only be guessed, and behind a mere number it hardly is one.
        if match and not (match["lower"] and (first == "number" or level in ("house", "estate", "area"))):
            return match.end(), level
    behind = _LINK_BEHIND.match(text, at)
    return (behind.end(), "street") if behind else None


def _level_of(begun: str) -> str:
    if begun[-1].isalpha() and _LINKS["area"].fullmatch(begun):
        return "area"
    return next((level for level, pattern in _BEGINNINGS.items() if pattern.match(begun)), "number")


def _is_home(levels: list[str], before: str) -> bool:
    """Whether a chain leads to a home: a house with its street, or small places in a row; a street alone does not."""
    others = set(levels[1:])
    if levels[0] in ("house", "number") and "named" in others and _HERE.search(before):
        return True
    return bool(others & _MAKES_A_HOME[levels[0]])
