"""Telephone numbers of Việt Nam and other countries; not the hotlines that everybody may call."""

import re

from sangto.engine.redact.lexicon import any_of
from sangto.engine.redact.recogniser import UNBROKEN, Recogniser, near
from sangto.engine.redact.shapes import GAP, digits_of, is_counted, is_date, is_list, is_sum
from sangto.engine.redact.spelling import JOINT

_TOLL_FREE = re.compile(r"1?8(?:00|33|44|55|66|77|88)\d{7}")
_SHORT = re.compile(r"1[89]00\d{4,6}")


def _is_private(match: re.Match[str]) -> bool:
    value = match[0]
    return not (is_date(value) or is_list(match) or _BEHIND_CODE.search(match.string[: match.start()][-20:]))


def _is_abroad(match: re.Match[str]) -> bool:
    return not is_sum(match) if match[0].startswith("+") else _is_private(match)


def _is_american(match: re.Match[str]) -> bool:
    return not (_TOLL_FREE.fullmatch(digits_of(match[0])) or is_counted(match))


def _is_said(match: re.Match[str]) -> bool:
    value = match["v"]
    number = digits_of(value)
    return not (
        _SHORT.fullmatch(number) or _TOLL_FREE.fullmatch(number) or is_date(value) or is_sum(match) or is_list(match)
    )


def _is_spelled(match: re.Match[str]) -> bool:
    """Nobody spells out so many digits of anything else."""
    return match[0].count(JOINT) >= _FEWEST_JOINTS and len(digits_of(match[0])) >= _FEWEST_DIGITS


def _is_not_counting(match: re.Match[str]) -> bool:
    return not is_date(match[0]) and digits_of(match[0]) not in "01234567890"


_FEWEST_JOINTS, _FEWEST_DIGITS = 3, 9
_BEHIND_CODE = re.compile(rf"(?<![a-z]){any_of('codes')}[^\w\n]{{0,3}}(?:la |is )?\Z")


def _ten_in(match: re.Match[str]) -> bool:
    return len(digits_of(match[0])) in (10, 11) and not is_date(match[0])


_AREA = r"(?:\((?=[^()]{1,6}\)))?"
_START = rf"(?<!\d){_AREA}"
RECOGNISERS = (
    Recogniser(
        "phone",
        re.compile(rf"{_START}(?:\+ ?84|0084|84)(?:{GAP}0)?{GAP}(?:[35789](?:{GAP}\d){{8}}|2(?:{GAP}\d){{9}})(?!\d)"),
        _is_private,
        in_links=UNBROKEN,
    ),
    Recogniser(
        "phone",
        re.compile(rf"{_START}(?:0|(?<![a-z])o){GAP}(?:[2-9](?:{GAP}\d){{8}}|[1-9](?:{GAP}\d){{9}})(?!\d)"),
        _is_private,
        in_links=UNBROKEN,
    ),
    Recogniser(
        "phone", re.compile(rf"(?:(?<!\d)\+|(?<!\d)00(?=[1-9])) ?\(?[1-9](?:{GAP}\d){{6,13}}(?!\d)"), _is_abroad
    ),
    Recogniser(
        "phone",
        re.compile(rf"(?<![\d.,$€£])(?:1[ .\-])?{_AREA}[2-9]\d{{2}}\)?[ .\-]{{0,3}}\d{{3}}[ .\-]{{1,3}}\d{{4}}(?!\d)"),
        _is_american,
    ),
    Recogniser("phone", re.compile(r"(?<!\d)\d{1,4}(?:[ ,.\-\x1f]{1,3}\d{1,4}){4,}+"), _is_spelled),
    Recogniser("phone", re.compile(r"(?<!\d)\d(?:[ .\-]{1,3}\d(?!\d)){8,}+"), _is_not_counting),
    Recogniser(
        "phone",
        re.compile(r"(?<!\d)0[35789]\d{0,2}(?P<sort>[^a-z\d\s\x1f\ue000]{1,2})\d{1,4}(?:(?P=sort)\d{1,4}){1,8}(?!\d)"),
        _ten_in,
    ),
    Recogniser("phone", near("phone", value=rf"\+?\(?\d(?:{GAP}\d){{7,13}}(?!\d)", within=16), _is_said),
)
