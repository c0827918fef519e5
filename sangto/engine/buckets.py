"""How much one stranger may ask for, without knowing who it is: buckets of tokens under keyed hashes, in memory.

A bucket starts full and refills evenly. Its key is HMAC-SHA256(pepper, network); the pepper is random, replaced every
24 h together with everything counted under it, and never leaves the memory. Time is passed in: seconds of a clock that
only goes forward.
"""

import hashlib
import hmac
import math
import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

PEPPER_LIFE_S = 24 * 3600
MOST_KEYS = 20_000
PERIODS_S = {"s": 1, "m": 60, "h": 3600}
_WRITTEN = re.compile(r"([1-9]\d{0,5})/([1-9]\d{0,4})([smh])")


@dataclass(frozen=True)
class Budget:
    """At most `size` at once; `period_s` seconds refill an empty bucket."""

    size: int
    period_s: int

    @classmethod
    def read(cls, text: str) -> "Budget | None":
        """The budget written as `120/10m` (120 in ten minutes; s, m or h), None for `off`; raises ValueError."""
        if text == "off":
            return None
        found = _WRITTEN.fullmatch(text)
        if not found:
            raise ValueError(f"must be like 120/10m (a number, a period in s, m or h) or off, not {text!r}")
        return cls(size=int(found[1]), period_s=int(found[2]) * PERIODS_S[found[3]])


class Buckets:
    """The buckets of each named budget. At most `most` keys each: the one untouched for longest goes first."""

    def __init__(self, budgets: Mapping[str, Budget | None], *, most: int = MOST_KEYS) -> None:
        self._budgets = {name: budget for name, budget in budgets.items() if budget}
        self._most = most
        self._lock = threading.Lock()
        self.forget()

    def take(self, name: str, network: str, *, now_s: float) -> float:
        """0 when a token was there and is taken, else after how many seconds there will be one."""
        return self._look(name, network, now_s=now_s, cost=1)

    def wait_s(self, name: str, network: str, *, now_s: float) -> float:
        """What `take` would return; nothing is taken."""
        return self._look(name, network, now_s=now_s, cost=0)

    def forget(self) -> None:
        """Drop the pepper, with everything counted under it; the next look makes another."""
        with self._lock:
            self._pepper, self._pepper_made_s = b"", -math.inf
            self._left: dict[str, OrderedDict[bytes, tuple[float, float]]] = {
                each: OrderedDict() for each in self._budgets
            }

    def count(self, name: str) -> int:
        """How many keys are held for a budget."""
        return len(self._left.get(name, ()))

    def _look(self, name: str, network: str, *, now_s: float, cost: int) -> float:
        budget = self._budgets.get(name)
        if budget is None:
            return 0.0
        if now_s - self._pepper_made_s >= PEPPER_LIFE_S:
            self.forget()
        with self._lock:
            if not self._pepper:
                self._pepper, self._pepper_made_s = secrets.token_bytes(32), now_s
            key = hmac.digest(self._pepper, network.encode(), hashlib.sha256)
            held = self._left[name]
            left, at_s = held.pop(key, (float(budget.size), now_s))
            left = min(budget.size, left + (now_s - at_s) * budget.size / budget.period_s)
            fits = left >= 1
            held[key] = (left - cost if fits else left, now_s)
            if len(held) > self._most:
                held.popitem(last=False)
        return 0.0 if fits else (1 - left) * budget.period_s / budget.size
