"""Numbers of a person's papers: identity card, passport, health insurance, and the plate of a vehicle."""

import re

from sangto.engine.redact.recogniser import UNBROKEN, Recogniser, near
from sangto.engine.redact.shapes import GAP, digits_of, is_date, is_list, is_sum

_ID_WORDS = (
    r"cccd|cmnd|cmt|cmtnd|cmt nd|can cuoc(?: cong dan)?|chung minh(?: nhan dan| thu)?|so dinh danh|ma dinh danh|dinh danh ca nhan"
    r"|gplx|giay phep lai xe|bang lai(?: xe)?|giay to|id card|id number|id no|id|identity(?: card| number)?|national id|citizen id"
    r"|ssn|social security(?: number)?|driver'?s? licen[cs]e|driving licen[cs]e"
)
_PASSPORT_WORDS = r"ho chieu|passport(?: number| no)?"
_INSURANCE_WORDS = (
    r"bhyt|bao hiem y te|bhxh|bao hiem xa hoi|the bao hiem|ma the|health insurance|insurance(?: card| number| no)?"
)
_INSURED = "dn hx ch nn tk hc xk ht tb no ct xb tn cs qn ca cy xn ms cc ck cb kc hd te bt hn dt dk xd ts tc tq ta ty hg ls pv cn hs sv gb gd nd"
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


def _is_citizen(match: re.Match[str]) -> bool:
    groups = tuple(len(group) for group in re.split(r"[ .\-\x1f]", match[0]))
    before = match.string[: match.start()][-8:]
    return not _DIALLED.search(before) and groups in _GROUPS and 0 < int(digits_of(match[0])[:3]) <= _LAST_PROVINCE


def _is_old_id(match: re.Match[str]) -> bool:
    return not (is_sum(match) or is_date(match[0]) or is_list(match))


_PLATE_WORDS = r"bien so(?: xe)?|bien kiem soat|bks|bien xe|so xe|xe so|licen[cs]e plate|number plate|plate(?: number| no)?|tag number"
_SERIES = r"(?P<series>[A-ZĐa-zđ]{1,2}\d?|[A-ZĐ]\d[A-Z])"
_PROVINCE = r"(?<![\w.,/$€£-])[1-9oO]?[0-9oO]"
_ROOM = re.compile(r"(?i)(?:lớp|lop|phòng|phong|tầng|tang|căn|can|block|class|room|grade|flat|lô|lo)\s\Z")
_UNIT_LETTERS = frozenset("hkmglpđ")


def _is_plate(match: re.Match[str]) -> bool:
    series, between = match["series"], match["gap"]
    if _ROOM.search(match.string[: match.start()][-12:]):
        return False
    if series.isupper() or "-" in between:
        return not (series in {"K", "M"} and match["tail"].endswith("00")) and series.upper() != "VN"
    return not (series in _UNIT_LETTERS and between)


def _is_short_plate(match: re.Match[str]) -> bool:
    said = re.search(
        r"(?i)(?:biển|bien|bks|plate|xe|car|truck|van|taxi)\b[^\n]{0,30}\Z", match.string[: match.start()][-40:]
    )
    return said is not None or ("-" in match[0] and match["series"].isupper() and match["series"][-1].isdecimal())


RECOGNISERS = (
    Recogniser("passport", re.compile(near(_PASSPORT_WORDS, r"(?<![a-z])(?:[a-z]{1,2}-?|[a-z] )?\d{6,9}(?!\d)"))),
    Recogniser(
        "insurance",
        re.compile(rf"(?<![a-z\d])(?:{_INSURED.replace(' ', '|')})[ \-]?[1-5][ \-]?\d{{2}}(?:[ .\-]?\d){{10}}(?!\d)"),
    ),
    Recogniser(
        "insurance",
        re.compile(
            near(
                _INSURANCE_WORDS,
                r"(?<![a-z])(?:[a-z]{2,4}[ \-]?\d{8,13}|\d(?:[ .\-]?\d){9}(?:(?:[ .\-]?\d){3})?)(?!\d)",
            )
        ),
        _is_said_id,
    ),
    Recogniser("id", re.compile(near(_ID_WORDS, rf"\d(?:{GAP}\d){{8}}(?:(?:{GAP}\d){{3}})?(?!\d)")), _is_said_id),
    Recogniser("id", re.compile(r"(?<![\d.,])0(?:[ .\-\x1f]?\d){11}(?!\d|[.,/]\d)"), _is_citizen, in_links=UNBROKEN),
    Recogniser(
        "id",
        re.compile(
            r"(?<![\w.,/+\-$€£)])(?:\d{9}|[0-3]\d{2}(?P<sort>[ \-])\d{3}(?P=sort)\d{3}|0\d{2}\.\d{3}\.\d{3})(?!\d|[.,/\-]\d)"
        ),
        _is_old_id,
    ),
)
PLATES = (
    Recogniser(
        "plate",
        re.compile(
            rf"{_PROVINCE}[ .\-]{{0,2}}{_SERIES}(?P<gap>[ .\-–]{{0,3}})(?P<tail>[\doOlI]{{3}}[ .\-]?[\doOlI]{{2}})(?![\w]|[.,]\d)"
        ),
        _is_plate,
    ),
    Recogniser(
        "plate",
        re.compile(
            rf"{_PROVINCE}[ .\-]{{0,2}}{_SERIES}(?P<gap>[ .\-–]{{0,3}})(?P<tail>\d{{2}}\.?\d{{2}})(?![\w]|[.,]\d)"
        ),
        _is_short_plate,
    ),
    Recogniser("plate", re.compile(r"(?<![\w.,/-])\d{2}[ \-]\d{3}[ \-](?:NG|QT|NN|CV)[ \-]\d{2}(?!\w)")),
    Recogniser(
        "plate",
        re.compile(
            rf"(?i)\b(?:{_PLATE_WORDS}|biển số(?: xe)?|biển kiểm soát|biển xe|số xe|xe số)\W{{0,3}}(?:(?:is|la|là|no|number|so|số)\W{{1,2}}){{0,2}}"
            r"(?P<v>(?=[A-Z\d .\-]{0,8}\d{2})[A-Z\d]{1,4}(?:[ .\-]?[A-Z\d]{1,5}){1,3})(?![\w])"
        ),
        lambda match: sum(char.isdecimal() for char in match["v"]) >= 2 and len(match["v"]) >= 5,
    ),
)
