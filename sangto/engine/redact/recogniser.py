"""One way to find one kind of personal data."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sangto.engine.redact.lexicon import any_of
from sangto.engine.redact.view import MASKED

NEVER, UNBROKEN, ALWAYS = "never", "unbroken", "always"


@dataclass(frozen=True)
class Recogniser:
    """A pattern over one view of a text; what its group `v` matches is masked, or all of it where it has none.

    `when` has the last word on a match. `in_links` says whether it also looks inside links, where most digits are the
    number of an article: never, for an unbroken run of digits, or always.
    """

    kind: str
    pattern: re.Pattern[str]
    when: Callable[[re.Match[str]], bool] = bool
    in_links: str = NEVER

    def spans(self, text: str) -> list[tuple[int, int]]:
        """What it finds, in order."""
        group = "v" if "v" in self.pattern.groupindex else 0
        return [match.span(group) for match in self.pattern.finditer(text) if self.when(match)]


def near(*lists: str, value: str, within: int = 24) -> re.Pattern[str]:
    """A value behind a word of these lists, with at most `within` characters, no digit and no mask, in between."""
    return re.compile(rf"\b{any_of(*lists)}(?![a-z])[^\d\n{MASKED}]{{0,{within}}}?(?<!\d)(?P<v>{value})")
