"""When two claim desks answer by themselves, re-implemented from their published code; lexical parts only.

Cofacts: rumors-api@6708c997 `ListArticles.js`, rumors-line-bot@27a7a2ab `initState.ts`. Meedan's Alegre:
alegre@0b681ab1 `text_similarity.py` with the thresholds of check-api@b25e3d6f. Elasticsearch's BM25, more_like_this and
minimum_should_match are as in Lucene 9; its analyzers are approximated by Unicode words.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence

import numpy as np

from bench.peers.interface import Rule, everything
from sangto.engine.match import Entry

__all__ = ["AlegreConfirm", "AlegreSuggest", "AlegreTipline", "CofactsGroup", "CofactsPick", "dice"]

_WORD = re.compile(r"[^\W_]+(?:['’.][^\W_]+)*")
_K1, _B = 1.2, 0.75
# Lucene's English stop words, which Elasticsearch calls `_english_`.
_STOP = frozenset(
    _WORD.findall(
        "a an and are as at be but by for if in into is it no not of on or such that the their then there these they "
        "this to was will with"
    )
)


def tokens(text: str, *, stop: Collection[str] = ()) -> list[str]:
    """The lower-case words of a text that are not stop words."""
    return [word for word in _WORD.findall(text.lower()) if word not in stop]


def dice(one: str, other: str) -> float:
    """Sørensen-Dice over character pairs without white space, repeats counted (npm's string-similarity 3); 0..1."""
    one, other = "".join(one.split()), "".join(other.split())
    if one == other:
        return 1.0
    if min(len(one), len(other)) < 2:
        return 0.0
    mine, theirs = (Counter(text[at : at + 2] for at in range(len(text) - 1)) for text in (one, other))
    return 2 * (mine & theirs).total() / (mine.total() + theirs.total())


class Documents:
    """Documents with BM25 scores for each term. Row numbers count in the order given."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self.count = len(texts)
        lengths = np.array([len(text) for text in texts], np.float32)
        norm = _K1 * (1 - _B + _B * lengths / max(float(lengths.mean()), 1e-9))
        held: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for row, text in enumerate(texts):
            for term, times in Counter(text).items():
                held[term].append((row, times))
        self._postings = {term: self._scored(pairs, norm) for term, pairs in held.items()}

    def _scored(self, pairs: list[tuple[int, int]], norm: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        rows, times = np.array(pairs).T
        rarity = math.log(1 + (self.count - len(rows) + 0.5) / (len(rows) + 0.5))
        # Elasticsearch and OpenSearch keep the factor k1 + 1 that Lucene has dropped.
        return rows, (rarity * (_K1 + 1) * times / (times + norm[rows])).astype(np.float32)

    def holding(self, term: str) -> int:
        """How many documents hold a term."""
        return len(self._postings[term][0]) if term in self._postings else 0

    def matches(self, terms: Iterable[str], *, least: int) -> list[tuple[int, float]]:
        """Rows in which at least so many of the terms (repeats count) occur, with scores, best first."""
        scores, hits = np.zeros(self.count, np.float32), np.zeros(self.count, np.int32)
        for term in terms:
            if term in self._postings:
                rows, values = self._postings[term]
                scores[rows] += values
                hits[rows] += 1
        kept = np.flatnonzero(hits >= max(least, 1))
        return [(int(row), float(scores[row])) for row in kept[np.argsort(-scores[kept], kind="stable")]]


class CofactsPick(Rule):
    """Cofacts: more_like_this with "10<70%", the first 4; a lone one that is 0.95 alike is the answer."""

    name = "Cofacts, one hit with Dice >= .95"
    least_alike = 0.95
    only_one = True
    shows = 4
    _terms, _all_of, _share, _too_short = 25, 10, 0.70, 10

    def build(self, entries: Iterable[Entry]) -> None:
        """Indexes all fields of an entry as one document."""
        self._entries = list(entries)
        self._documents = Documents([tokens(everything(entry), stop=_STOP) for entry in self._entries])

    def _asked(self, text: str) -> list[str]:
        held = self._documents
        counted = {term: times for term, times in Counter(tokens(text, stop=_STOP)).items() if held.holding(term)}

        def telling(term: str) -> float:
            return counted[term] * (1 + math.log((held.count + 1) / (held.holding(term) + 1)))

        return sorted(counted, key=telling, reverse=True)[: self._terms]

    def _hits(self, text: str, without: Collection[int]) -> list[Entry]:
        asked = self._asked(text)
        least = len(asked) if len(asked) <= self._all_of else int(len(asked) * self._share)
        rows = [row for row, _ in self._documents.matches(asked, least=least)] if asked else []
        return [self._entries[row] for row in rows if self._entries[row].id not in without]

    def _alike(self, text: str, without: Collection[int]) -> list[tuple[float, int]]:
        hits = self._hits(text, without)[: self.shows]
        found = [(max(dice(text, part) for part in (*one.said, one.text)), one.id) for one in hits]
        return sorted(found, key=lambda pair: -pair[0])

    def search(self, text: str, k: int) -> list[int]:
        """The hits in Elasticsearch's order."""
        return [one.id for one in self._hits(text, ())[:k]]

    def answer(self, text: str, without: Collection[int] = ()) -> int | None:
        """The most alike of the first 4, where the rule lets it answer."""
        alike = self._alike(text, without)
        if not alike or len(text) <= self._too_short or (self.only_one and len(alike) > 1):
            return None
        return alike[0][1] if alike[0][0] >= self.least_alike else None

    def shown(self, text: str, without: Collection[int] = ()) -> list[int]:
        """The first 4, most alike first."""
        return [number for _, number in self._alike(text, without)]


class CofactsGroup(CofactsPick):
    """Cofacts in a group chat: the most alike of the first 4 from 0.70 on; its conditions on votes are not applied."""

    name = "Cofacts, group rule, Dice >= .70"
    least_alike = 0.70
    only_one = False


class AlegreTipline(Rule):
    """Alegre: most of the message's words in one part of an entry, BM25 over 10, at most 3; the best is the answer."""

    name = "Alegre lexical .85 (tipline)"
    share = 0.85
    least_words = 4
    _least_score = 10.0

    def build(self, entries: Iterable[Entry]) -> None:
        """Indexes each part of an entry (title, claim, summary) as a document of its own."""
        parts = [(entry.id, part) for entry in entries for part in (*entry.said, entry.text) if part]
        self._owners = [number for number, _ in parts]
        self._documents = Documents([tokens(part) for _, part in parts])

    def _hits(self, text: str, without: Collection[int]) -> list[int]:
        asked = tokens(text)
        found = self._documents.matches(asked, least=int(len(asked) * self.share)) if asked else []
        owners = (self._owners[row] for row, score in found if score > self._least_score)
        return [number for number in dict.fromkeys(owners) if number not in without]

    def search(self, text: str, k: int) -> list[int]:
        """The entries that pass, best part first."""
        return self._hits(text, ())[:k]

    def answer(self, text: str, without: Collection[int] = ()) -> int | None:
        """The best that passes, for a message that is long enough."""
        return next(iter(self._hits(text, without)), None) if len(tokens(text)) >= self.least_words else None

    def shown(self, text: str, without: Collection[int] = ()) -> list[int]:
        """The 3 that a tipline sends."""
        return self._hits(text, without)[: self.shows]


class AlegreSuggest(AlegreTipline):
    """The threshold from which Check suggests a link to its staff."""

    name = "Alegre lexical .70 (suggest)"
    share = 0.70
    least_words = 1


class AlegreConfirm(AlegreTipline):
    """The threshold from which Check links by itself, from eight words on."""

    name = "Alegre lexical .875 (confirm)"
    share = 0.875
    least_words = 8
