"""Crash points: `CRASH_AT=<point>:<nth>` in the environment kills the process there, to prove that nothing is lost."""

import os
import signal
from collections import Counter

_passed: Counter[str] = Counter()


def crash_point(name: str) -> None:
    """Do nothing; or end this process as a power cut would, where CRASH_AT names the point and this is its nth pass."""
    wanted, _, nth = os.environ.get("CRASH_AT", "").rpartition(":")
    if wanted != name:
        return
    _passed[name] += 1
    if str(_passed[name]) == nth:
        os.kill(os.getpid(), signal.SIGKILL)
