"""Numbers of a person's papers: identity card, passport, health insurance."""

import re

from sangto.engine.redact.lexicon import any_of
from sangto.engine.redact.recogniser import UNBROKEN, Recogniser, near
from sangto.engine.redact.shapes import GAP, digits_of, is_date, is_list, is_sum

_INSURANCE = r"(?<![a-z])(?:[a-z]{2,4}[ \-]?\d{8,13}|\d(?:[ .\-]?\d){9}(?:(?:[ .\-]?\d){3})?)(?!\d)"
_OLD_ID = r"\d{9}|(?:[0-3]\d{2}(?P<sort>[ \-])\d{3}(?P=sort)\d{3}|0\d{2}\.\d{3}\.\d{3})(?![ .\-]{1,3}\d)"
_GROUPS = {
    (12,),
    (3, 3, 3, 3),
    (4, 4, 4),
    (3, 9),
    (6, 6),
    (3, 3, 6),
    (3, 1, 2, 6),
    (4, 8),
    (2, 4, 6),
    (3, 1, 8),
    (1,) * 12,
}
_DIALLED = re.compile(r"84[ .\-]?\(?\Z")
_LAST_PROVINCE = 96  # Cà Mau; a citizen's number begins with the code of the province, 001 to 096


def _is_said_id(match: re.Match[str]) -> bool:
    return not is_date(match["v"])


def _is_dialled(match: re.Match[str]) -> bool:
    """Whether the country's telephone code stands before."""
    return _DIALLED.search(match.string[: match.start()][-8:]) is not None


def _is_citizen(match: re.Match[str]) -> bool:
    if match[0].startswith("0084 "):  # not a province, but the telephone code
        return False
    groups = tuple(len(group) for group in re.split(r"[ .\-\x1f]", match[0]))
    return not _is_dialled(match) and groups in _GROUPS and 0 < int(digits_of(match[0])[:3]) <= _LAST_PROVINCE


def _is_old_id(match: re.Match[str]) -> bool:
    return not (_is_dialled(match) or is_sum(match) or is_date(match[0]) or is_list(match))


RECOGNISERS = (
    Recogniser("passport", near("passport", value=r"(?<![a-z])(?:[a-z]{1,2}-?|[a-z] )?\d{6,9}(?!\d)")),
    Recogniser(
        "insurance",
        re.compile(rf"(?<![a-z\d]){any_of('health cards')}[ \-]?[1-5][ \-]?\d{{2}}(?:[ .\-]?\d){{10}}(?!\d)"),
    ),
    Recogniser("insurance", near("insurance", value=_INSURANCE), _is_said_id),
    Recogniser("id", near("id", value=rf"\d(?:{GAP}\d){{8}}(?:(?:{GAP}\d){{3}})?(?!\d)"), _is_said_id),
    Recogniser("id", re.compile(r"(?<![\d.,])0(?:[ .\-\x1f]?\d){11}(?!\d|[.,/]\d)"), _is_citizen, in_links=UNBROKEN),
    Recogniser("id", re.compile(rf"(?<![\w.,/+\-$€£)])(?:{_OLD_ID})(?!\d|[.,/\-]\d)"), _is_old_id),
)
