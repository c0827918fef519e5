"""Bank accounts and payment cards."""

import re

from sangto.engine.redact.lexicon import any_of
from sangto.engine.redact.recogniser import Recogniser, near
from sangto.engine.redact.shapes import digits_of, is_counted, is_date

_ACCOUNT = r"\d(?:[ .\-\x1f]{0,3}\d){5,18}(?!\d)"
# How the numbers of each sort of card begin, digit by digit, and how many digits they have.
_CARDS = (
    (("9", "7", "0", "4"), (19, 16)),  # cards of Việt Nam; these need not add up
    (("4",), (19, 16, 13)),
    (("5", "[1-5]"), (16,)),
    (("2", "[2-7]"), (16,)),
    (("3", "[47]"), (15,)),
    (("3", "5"), (16,)),
    (("3", "[0689]"), (14,)),
    (("6",), (19, 16)),
)

_BY_LENGTH = sorted(((count, head) for head, counts in _CARDS for count in counts), reverse=True)


def _is_account(match: re.Match[str]) -> bool:
    value = match["v"]
    return not (is_counted(match) or is_date(value) or digits_of(value).endswith("00000"))


def _is_card(match: re.Match[str]) -> bool:
    number = digits_of(match["v"])
    return number.startswith("9704") or _adds_up(number)


def _adds_up(number: str) -> bool:
    """Whether the last digit is the one that the others ask for (Luhn, ISO/IEC 7812-1)."""
    digits = [int(char) for char in number]
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_iban(match: re.Match[str]) -> bool:
    code = match[0].replace(" ", "")
    moved = code[4:] + code[:4]
    return 15 <= len(code) <= 34 and int("".join(str(int(char, 36)) for char in moved)) % 97 == 1


def _card(head: tuple[str, ...], count: int) -> re.Pattern[str]:
    """So many digits from any place on: another number may stand right before or behind a card's.

    Not so far into a row of single digits: to try each place of a long one would take long.
    """
    between = r"[ .\-\x1f]{0,2}"
    rest = rf"(?:{between}\d){{{count - len(head)}}}"
    in_a_row = r"(?<!(?:\d[ .\-\x1f]){4})(?<!(?:\d[ .\-]{2}){4})"
    return re.compile(rf"(?<!\d)(?<!\d[.,]){in_a_row}(?=(?P<v>{between.join(head)}{rest})(?!\d|[.,]\d))")


RECOGNISERS = (
    Recogniser(
        "bank", re.compile(r"(?<![a-z\d])[a-z]{2}\d{2}(?: ?[a-z\d]{4}){2,7}(?: ?[a-z\d]{1,3})?(?![a-z\d])"), _is_iban
    ),
    *(Recogniser("card", _card(head, count), _is_card) for count, head in _BY_LENGTH),
    Recogniser("bank", near("bank", "banks", value=_ACCOUNT, within=30), _is_account),
    Recogniser(
        "bank",
        re.compile(rf"(?<![\d.,])(?P<v>\d{{8,19}})(?=[^\w\n]{{1,3}}(?:ngan hang |tai |o )?{any_of('banks')}(?![a-z]))"),
    ),
)
