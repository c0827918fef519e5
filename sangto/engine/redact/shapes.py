"""What a run of digits is when it is no person's: a sum, a quantity, a date, a list, a number of ours."""

import re

from sangto.engine.redact.lexicon import any_of

GAP = r"[ .\-()\x1f]{0,3}"
"""Between two digits of one number, a digit view's joint between spelled digits included."""

_COUNTED = re.compile(rf"\s?(?:[$€£¥%‰°]|(?:{any_of('counted')}|ngan(?! hang))(?![a-z]))")
_COUNTING = re.compile(rf"(?:[$€£¥]|(?<![a-z]){any_of('counting', 'codes')})[^\w\n]{{0,3}}(?:la |is |of )?\Z")
_GROUPED = re.compile(r"\+?\s?[1-9]\d{0,2}(?:([.,'])\d{3}(?:\1\d{3})*)(?:[.,]\d{1,2})?")
_DATE = re.compile(
    r"(?:0?[1-9]|[12]\d|3[01])(?P<a>[ .\-])(?:0?[1-9]|1[0-2])(?P=a)(?:19|20)\d\d(?![.\-]?\d)"
    r"|(?:19|20)\d\d(?P<b>[ .\-])(?:0?[1-9]|1[0-2])(?P=b)(?:0?[1-9]|[12]\d|3[01])(?!\d)"
    r"|(?:19|20)\d\d ?- ?(?:19|20)\d\d(?!\d)"
)
_PAIRS_BEFORE, _PAIRS_AFTER = re.compile(r"(?<!\d)\d\d[ ,;.\-]{1,2}\Z"), re.compile(r"[ ,;.\-]{1,2}\d\d(?!\d)")
_IN_PAIRS = re.compile(r"\d\d(?:[ .\-]\d\d){3,5}")
_FIVE_PAIRS = len("09 12 34 56 78")
_OWN = re.compile(r"(?:19|20)\d\d-\d{6}")
_SHOWN = 16


def digits_of(value: str) -> str:
    """The digits alone."""
    return "".join(char for char in value if char.isdecimal())


def is_counted(match: re.Match[str]) -> bool:
    """Whether the words round a number say that it is a sum or a quantity, or it is a code that is public."""
    start, end = match.span("v" if "v" in match.re.groupindex else 0)
    before, after = match.string[max(0, start - _SHOWN) : start], match.string[end : end + _SHOWN]
    return bool(_COUNTED.match(after) or _COUNTING.search(before))


def is_sum(match: re.Match[str]) -> bool:
    """Whether a number is a sum or a quantity: by the words round it, its three zeros, or its groups of thousands."""
    value = match["v"] if "v" in match.re.groupindex else match[0]
    return is_counted(match) or digits_of(value).endswith("000") or _GROUPED.fullmatch(value) is not None


def is_date(value: str) -> bool:
    """Whether a run of digits begins with a date, or is a number of ours."""
    return bool(_DATE.match(value.lstrip("(")) or _OWN.match(value))


def is_list(match: re.Match[str]) -> bool:
    """Whether pairs of digits go on before or behind: lottery numbers, not a telephone number."""
    group = "v" if "v" in match.re.groupindex else 0
    if not _IN_PAIRS.fullmatch(match[group]):
        return False
    start, end = match.span(group)
    return bool(
        len(match[group]) != _FIVE_PAIRS
        or _PAIRS_BEFORE.search(match.string[max(0, start - 5) : start])
        or _PAIRS_AFTER.match(match.string[end : end + 5])
    )
