"""Bank accounts and payment cards."""

import re

from sangto.engine.redact.lexicon import any_of
from sangto.engine.redact.recogniser import Recogniser, near
from sangto.engine.redact.shapes import digits_of, is_counted, is_date

_ACCOUNT = r"\d(?:[ .\-\x1f]{0,3}\d){5,18}(?!\d)"
_CARDS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]|2[2-7])\d{14}|3[47]\d{13}|(?:30|35|36|38|39)\d{12,14}|6\d{15,18}|9704(?:\d{12}|\d{15})"
)


def _is_account(match: re.Match[str]) -> bool:
    value = match["v"]
    return not (is_counted(match) or is_date(value) or digits_of(value).endswith("00000"))


def _is_card(match: re.Match[str]) -> bool:
    number = digits_of(match[0])
    return _CARDS.fullmatch(number) is not None and (number.startswith("9704") or _adds_up(number))


def _adds_up(number: str) -> bool:
    """Whether the last digit is the one that the others ask for (Luhn, ISO/IEC 7812-1)."""
    digits = [int(char) for char in number]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_iban(match: re.Match[str]) -> bool:
    code = match[0].replace(" ", "")
    moved = code[4:] + code[:4]
    return 15 <= len(code) <= 34 and int("".join(str(int(char, 36)) for char in moved)) % 97 == 1


RECOGNISERS = (
    Recogniser(
        "bank", re.compile(r"(?<![a-z\d])[a-z]{2}\d{2}(?: ?[a-z\d]{4}){2,7}(?: ?[a-z\d]{1,3})?(?![a-z\d])"), _is_iban
    ),
    Recogniser("card", re.compile(r"(?<![\d.,])[2-69](?:[ .\-\x1f]{0,2}\d){12,18}(?!\d|[.,]\d)"), _is_card),
    Recogniser("bank", near("bank", "banks", value=_ACCOUNT, within=30), _is_account),
    Recogniser(
        "bank",
        re.compile(rf"(?<![\d.,])(?P<v>\d{{8,19}})(?=[^\w\n]{{1,3}}(?:ngan hang |tai |o )?{any_of('banks')}(?![a-z]))"),
    ),
)
