"""Word lists: what the number beside a word is, and by which words names are known."""

import re
from functools import cache
from importlib.resources import files


@cache
def _lists() -> dict[str, tuple[str, ...]]:
    lists: dict[str, tuple[str, ...]] = {}
    for name in ("cues", "names"):
        text = (files("sangto.engine.redact") / "lexicon" / f"{name}.txt").read_text(encoding="utf-8")
        for line in text.splitlines():
            list_, _, phrases = line.partition(": ")
            if not line.startswith("#"):
                lists[list_] = (*lists.get(list_, ()), *phrases.split(", "))
    return lists


def listed(name: str) -> frozenset[str]:
    """The phrases of one of the lists ("surnames.common"), in small letters. KeyError for an unknown name."""
    return frozenset(_lists()[name])


def any_of(*names: str) -> str:
    """A pattern for one of the phrases of the lists, the longest first."""
    phrases = sorted({phrase for name in names for phrase in _lists()[name]}, key=lambda phrase: (-len(phrase), phrase))
    return f"(?:{'|'.join(map(re.escape, phrases))})"
