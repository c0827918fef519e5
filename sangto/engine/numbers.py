"""Numbers written in one way however they were typed."""

import re

_SCALES = {
    "nghin": 10**3, "ngan": 10**3, "thousand": 10**3, "k": 10**3,
    "trieu": 10**6, "tr": 10**6, "million": 10**6, "m": 10**6, "mln": 10**6,
    "ty": 10**9, "ti": 10**9, "billion": 10**9, "bn": 10**9,
    "trillion": 10**12,
}  # fmt: skip
SCALES = "nghin|ngan|trieu|ty|thousand|million|billion|trillion"


def canonical(number: str) -> str:
    """One spelling for a number as typed: "1.000", "1,000" and "1000" are "1000"; "1,50" and "1.5" are "1.5"."""
    last = max(number.rfind("."), number.rfind(","))
    if last < 0:
        return number.lstrip("0") or "0"
    groups = re.split(r"[.,]", number)
    grouped = all(len(group) == 3 for group in groups[1:]) and groups[0].lstrip("0") != "" and len(groups[0]) <= 3
    if grouped and len({*re.findall(r"[.,]", number)}) == 1:
        return "".join(groups).lstrip("0")
    whole = re.sub(r"[.,]", "", number[:last]).lstrip("0") or "0"
    fraction = number[last + 1 :].rstrip("0")
    return f"{whole}.{fraction}" if fraction else whole


def _scaled(number: str, *, scale: int) -> str:
    whole, _, fraction = number.partition(".")
    zeros = len(str(scale)) - 1
    if len(fraction) > zeros:
        return number
    return (whole + fraction.ljust(zeros, "0")).lstrip("0") or "0"


def quantity(typed: str) -> str:
    """One spelling for a folded number with or without a scale after it: "5 trieu" is "5000000"."""
    number, _, scale = typed.partition(" ")
    return _scaled(canonical(number), scale=_SCALES[scale]) if scale else canonical(number)
