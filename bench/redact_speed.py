"""Prints how long each recogniser takes for 100 kB of hostile text, the worst text for each, in milliseconds.

The texts repeat what makes patterns go back and forth: half a number, a word before one, a bracket that never closes.
Run: python -m bench.redact_speed.
"""

import time
from collections.abc import Callable

from sangto.engine import links
from sangto.engine.redact import highlights, masking, redact
from sangto.engine.redact.addresses import addresses
from sangto.engine.redact.names import names

SIZE_BYTES = 100_000
# fmt: off
HOSTILE = (
    "a", "0", "9", "1 ", "0.", "@", "@a", "a@", "a.", "—", "— (", "(@", "+8", "+84 ", "cccd ", "https://", "a.com/",
    "1-", "facebook.com/",
    "(at)", "\u200b", "０", "\u0301", "—(a)", "/posts/", "cmnd1", " ", "khong ", "không", "một hai ",
    "09 ", "0 9", "stk ", "stk 1", "tk1 ", "a cham ", "a at ", "a a cong ", "o0", "l1", "29A", "29A-", "10.12345 ",
    "10°1'", "geo:", "2345", "22+", "bien so A1 ", "goi ", "goi 1", "fb: a", "GD4", "dn1", "[phone]", "\ue000",
    "double ", "0️⃣", "ả", "ở", "Ông ", "Nguyễn ", "nguyen van ", "Mr. ", "số 1 ", "12 Main ", "đường A, ", "tổ 1 ",
    "1/2", "ấp Hoa, xã ", "O'", "A. ", "4 ", "44", "4. ",
)
# fmt: on


def hostile(unit: str, size_bytes: int) -> str:
    """The unit again and again, up to a size in UTF-8."""
    return unit * (size_bytes // len(unit.encode()))


def taken(act: Callable[[], object]) -> float:
    """The processor time of one call, in milliseconds; the best of three."""
    best = float("inf")
    for _ in range(3):
        start = time.thread_time()
        act()
        best = min(best, time.thread_time() - start)
    return best * 1000


def times(text: str) -> dict[str, float]:
    """For one text the milliseconds of the copies, each recogniser, names and addresses, and of both whole."""
    views = masking.copies(text)
    found = {"copies": taken(lambda: masking.copies(text))}
    for copy, recognisers in masking.STEPS:
        for n, one in enumerate(recognisers):
            found[f"{one.kind} {n} ({copy})"] = taken(lambda one=one, copy=copy: one.spans(views[copy].text))
    found["link"] = taken(lambda: [links.parse(match[0]) for match in links.LINK.finditer(views[masking.LOOKS].text)])
    found["names"] = taken(lambda: list(names(text)))
    found["addresses"] = taken(lambda: list(addresses(text)))
    return {**found, "redact, whole": taken(lambda: redact(text)), "highlights, whole": taken(lambda: highlights(text))}


def main() -> None:
    worst: dict[str, tuple[float, str]] = {}
    for unit in HOSTILE:
        for name, ms in times(hostile(unit, SIZE_BYTES)).items():
            worst[name] = max(worst.get(name, (0.0, "")), (ms, unit))
    for name, (ms, unit) in sorted(worst.items(), key=lambda each: -each[1][0]):
        print(f"{ms:6.1f} ms  {name:24} {unit!r}")


if __name__ == "__main__":
    main()
