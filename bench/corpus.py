"""Any number of made-up answers in real words, and messages that ask for a known one of them. The same for a seed.

An entry is seven runs of 3 to 9 words cut at random from real claims (CheckThat 2020 and 2021, half of the entries)
or from our Vietnamese answers (the other half): about 42 words, as in CheckThat 2021. One entry in three holds a word
coined from the halves of two, so that the vocabulary grows with the corpus as it does in real text.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, pairwise

import numpy as np

from bench.labelled import CLAIMS, Pool, checkthat2020, checkthat2021, vietnamese
from sangto.engine.folding import bare
from sangto.engine.match import Entry

__all__ = ["Corpus", "KnownItem", "real_words"]

BLOCK = 10_000
_RUNS, _QUESTION_RUNS, _TITLE_RUNS = 7, 3, 2
_COINED = 0.35
_BLOCKS_ASKED = 20
_DROPPED, _SLIPPED, _CHATTER, _FOLDED = 0.10, 0.05, 0.30, 0.50
_OPENINGS = {
    "en": ("is it true that", "someone sent me this:", "hi, please check"),
    "vi": ("ad ơi cho em hỏi", "có đúng là", "nghe nói"),
}


@dataclass(frozen=True)
class KnownItem:
    """A message made from one entry: a run of 8 to 14 of its words with noise."""

    text: str
    id: int


def _words(pools: Iterable[Pool]) -> list[str]:
    return [word for pool in pools for one in pool.entries for part in (*one.said, one.text) for word in part.split()]


def real_words() -> dict[str, list[str]]:
    """The words of the real entries in order, by language; Vietnamese only where CheckThat is not at hand."""
    english: list[Callable[[], Pool]] = [checkthat2020, checkthat2021] if CLAIMS.is_dir() else []
    held = {"en": _words(make() for make in english), "vi": _words([vietnamese()])}
    return {lang: words for lang, words in held.items() if words}


class Corpus:
    """Entries 0 to size - 1, made in blocks so that any part can be made again without the rest."""

    def __init__(self, words: dict[str, list[str]], *, seed: int = 1) -> None:
        self._words, self._langs, self._seed = words, sorted(words), seed

    def entries(self, size: int) -> Iterator[Entry]:
        """The first entries, one after another."""
        blocks = (entry for block in range(-(-size // BLOCK)) for entry in self._block(block))
        return islice(blocks, size)

    def known_items(self, size: int, count: int) -> list[KnownItem]:
        """Messages that each ask for one of the first `size` entries."""
        rng = np.random.default_rng([self._seed, 7, size])
        blocks = -(-size // BLOCK)
        asked = sorted(rng.choice(blocks, min(blocks, _BLOCKS_ASKED), replace=False).tolist())
        held = [entry for block in asked for entry in self._block(block) if entry.id < size]
        picked = rng.choice(len(held), count, replace=count > len(held))
        return [KnownItem(self._asked(held[at], rng), held[at].id) for at in picked.tolist()]

    def _block(self, number: int) -> Iterator[Entry]:
        rng = np.random.default_rng([self._seed, number])
        starts = rng.random((BLOCK, _RUNS)).tolist()
        lengths = rng.integers(3, 10, (BLOCK, _RUNS)).tolist()
        langs = rng.integers(0, len(self._langs), BLOCK).tolist()
        coined = rng.random((BLOCK, 3)).tolist()
        for at in range(BLOCK):
            lang = self._langs[langs[at]]
            words = self._words[lang]
            room = len(words) - 10
            runs = [
                words[first : first + length]
                for first, length in zip([int(one * room) for one in starts[at]], lengths[at], strict=True)
            ]
            chance, one, other = coined[at]
            if chance < _COINED:
                runs[at % _RUNS].append(_coined(words[int(one * room)], words[int(other * room)]))
            yield _entry(number * BLOCK + at, lang, runs)

    def _asked(self, entry: Entry, rng: np.random.Generator) -> str:
        words = " ".join((*entry.said, entry.text)).split()
        first = int(rng.integers(0, max(len(words) - 14, 1)))
        run = words[first : first + int(rng.integers(8, 15))]
        kept = [_slipped(word, rng) for word in run if rng.random() > _DROPPED]
        if rng.random() < _CHATTER:
            kept.insert(0, str(rng.choice(_OPENINGS[entry.lang])))
        text = " ".join(kept)
        return bare(text) if entry.lang == "vi" and rng.random() < _FOLDED else text


def _coined(one: str, other: str) -> str:
    return one[: (len(one) + 1) // 2] + other[len(other) // 2 :]


def _slipped(word: str, rng: np.random.Generator) -> str:
    """The word, and now and then with two letters swapped."""
    if len(word) < 4 or rng.random() > _SLIPPED:
        return word
    at = int(rng.integers(1, len(word) - 1))
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _entry(number: int, lang: str, runs: list[list[str]]) -> Entry:
    cuts = (0, _QUESTION_RUNS, _QUESTION_RUNS + _TITLE_RUNS, len(runs))
    question, title, text = (
        " ".join(word for run in runs[first:last] for word in run) for first, last in pairwise(cuts)
    )
    return Entry(number, lang, "claim", question, title, text)
