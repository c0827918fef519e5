"""E-mail addresses, handles, and the signature that an embedded post carries."""

import re

from sangto.engine.redact.recogniser import ALWAYS, Recogniser

_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_DATE = rf"(?:(?:{_MONTHS})\w*\.? \d{{1,2}}, \d{{4}}|\d{{1,2}} [^\d\n(]{{3,20}} ?\d{{4}})"

_OPEN, _CLOSE = r"[(\[{<]", r"[)\]}>]"
_SAID_AT = (
    rf"\s?{_OPEN}\s?(?:at|@|a[ \-]?(?:cong|vong|moc|coong)?)\s?{_CLOSE}\s?|[ \-]a[ \-]?(?:cong|vong|moc|coong)[ \-]"
)
_AT = rf"(?:@|{_SAID_AT}| ?@ )"
_SAID_DOT = rf"\s?{_OPEN}\s?(?:dot|\.|cham)\s?{_CLOSE}\s?| (?:cham|dot) "
_DOT = rf"(?:\.|{_SAID_DOT})"
_LOCAL = rf"(?<![\w.+%'-])[\w.+%'-]++(?:(?:{_SAID_DOT}| (?:gach duoi|gach ngang|underscore) )[\w.+%-]++){{0,4}}"
_DOMAIN = rf"[a-z0-9-]{{1,63}}+(?:{_DOT}[a-z0-9-]{{1,63}}+){{0,7}}{_DOT}[a-z]{{2,24}}(?![a-z0-9])"
_PROVIDERS = r"(?:gmail|googlemail|yahoo|ymail|hotmail|outlook|live|icloud|proton(?:mail)?|zoho|gmai|gmal)"
_ENDING = rf"(?:\s?(?:{_DOT}|[,;.])\s?(?:com|vn|net|org|me)(?:\s?{_DOT}\s?vn)?(?![a-z0-9]))"
_NETWORKS = (
    r"(?:facebook|fb|face|instagram|insta|ig|tiktok|telegram|tele|zalo|twitter|threads|skype|snapchat|snap|wechat"
    r"|discord)"
)
_OWNED = r"(?: của \w{1,6}| id| name| username)?(?: là| is)?"
_NAME = r"(?P<v>(?=[a-z\d]{0,24}[._\d])[a-z\d][\w.]{2,29})(?![\w@/])"
_SPELLED_DOMAIN = r"[a-z0-9-]{1,63}+(?: dot [a-z0-9-]{1,63}+){0,3} dot (?:com|net|org|vn|edu|io|uk|co)"


def _is_handle(match: re.Match[str]) -> bool:
    """Not a mere number, which others look at, and not the last word of a sentence."""
    return not match["v"].replace(".", "").isdecimal() and not match["v"].endswith(".")


SIGNATURES = (
    Recogniser("signature", re.compile(rf"(?i)(?<!\s)\s*+(?:—|–|--)[^\n—–]{{0,80}}?\(@[^\s()]++\)(?:\s*{_DATE})?")),
    Recogniser("signature", re.compile(rf"(?i)\s- [^\n—–@]{{1,60}}\(@[^\s()]++\)\s*{_DATE}")),
)
_SPACED = r"[a-z0-9-]{1,63}+(?: ?\. ?[a-z0-9-]{1,63}+){0,3} ?\. ?(?:com|net|org|vn|edu|gov|info)(?![a-z0-9])"
E_MAILS = (
    Recogniser("e-mail", re.compile(rf"{_LOCAL}{_AT}{_DOMAIN}"), in_links=ALWAYS),
    Recogniser("e-mail", re.compile(rf"{_LOCAL} @ {_SPACED}")),
    Recogniser(
        "e-mail", re.compile(rf"{_LOCAL}(?:\s?@\s?|{_SAID_AT}){_PROVIDERS}(?:{_ENDING}| com(?![a-z0-9])|(?![a-z0-9]))")
    ),
    Recogniser("e-mail", re.compile(rf"{_LOCAL} at (?:{_PROVIDERS}{_ENDING}|{_SPELLED_DOMAIN})(?![a-z0-9])")),
)
HANDLES = (
    Recogniser("account", re.compile(r"(?<![\w@/])@\w++(?:[.@-]\w++)*")),
    Recogniser("account", re.compile(rf"(?i)\b{_NETWORKS}{_OWNED}\s?[:=]\s?{_NAME}"), _is_handle),
)
