"""What each Message asks, as arrays: its words without what people wrap round a question, its numbers and negations."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from sangto.engine.cluster import lexicon
from sangto.engine.cluster.arrays import Flags, Hashes, Ints, Words, mixed, powers_up_to
from sangto.engine.cluster.characters import DIGIT, LINK, SINGLE
from sangto.engine.cluster.tokens import Corpus, Vocabulary

_PEELS = 6
_CHUNK_WORDS = 200_000


@dataclass(frozen=True)
class Asked:
    """Of each text the words left, and hashes that are equal for equal words, numbers in order, and negating words.

    `negations` is about the words that negate and do not only ask, `denials` about all that may, each behind its word.
    """

    words: Words
    starts: Ints
    key: Hashes
    numbers: Hashes
    negations: Hashes
    denials: Hashes

    @property
    def sizes(self) -> Ints:
        """How many words each text has."""
        return np.diff(self.starts)

    def only(self, texts: Ints, *, workers: int) -> "Asked":
        """The same for some of the texts."""
        hashes = (self.key, self.numbers, self.negations, self.denials)
        cut = self.cut(self.starts[texts], self.starts[texts + 1], workers=workers)
        return Asked(cut.words, cut.starts, *(each[texts] for each in hashes))

    def cut(self, first: Ints, stop: Ints, *, workers: int) -> "Asked":
        """Runs of the words, one for each text with the hashes as they are."""
        sizes = stop - first
        starts = np.concatenate([[0], np.cumsum(sizes)])
        words = np.empty(starts[-1], np.int32)

        def copy(span: tuple[int, int]) -> None:
            some = slice(*span)
            places, _ = spread(first[some], sizes=sizes[some])
            words[starts[span[0]] : starts[span[1]]] = self.words[places]

        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(copy, text_chunks(starts)))
        return Asked(words, starts, self.key, self.numbers, self.negations, self.denials)


def spread(first: Ints, *, sizes: Ints) -> tuple[Ints, Ints]:
    """The places of several runs one behind the other, and where each run starts in that."""
    starts = np.concatenate([[0], np.cumsum(sizes)])
    return np.arange(starts[-1]) + np.repeat(first - starts[:-1], sizes), starts


def summed(values: Hashes, *, starts: Ints) -> Hashes:
    """The sums modulo 2**64 of runs that lie one behind the other; a run may be empty."""
    sums = np.zeros(len(values) + 1, np.uint64)
    np.cumsum(values, out=sums[1:])
    return sums[starts[1:]] - sums[starts[:-1]]


def _phrases(vocabulary: Vocabulary, *, listed: Sequence[tuple[str, ...]]) -> dict[int, Hashes]:
    """By length, longest first, the sorted hashes of the phrases."""
    found: dict[int, Hashes] = {}
    for size in sorted({len(phrase) for phrase in listed}, reverse=True):
        numbers = [[vocabulary.number_of[word] for word in phrase] for phrase in listed if len(phrase) == size]
        found[size] = np.sort(_in_order(vocabulary.hashes[np.array(numbers)]))
    return found


def _in_order(hashes: Hashes) -> Hashes:
    powers = powers_up_to(0)
    total: Hashes = (hashes * powers[1 : hashes.shape[1] + 1]).sum(axis=1, dtype=np.uint64)
    return total


class _Lists:
    """The lexicon's lists as the numbers of one vocabulary: the phrases by length with their hashes, and flags."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.phrases = [_phrases(vocabulary, listed=listed) for listed in (lexicon.WRAPPING, lexicon.WRAPPING_BEHIND)]
        self.may_wrap = [
            vocabulary.flags(frozenset(phrase[0] for phrase in lexicon.WRAPPING)),
            vocabulary.flags(frozenset(phrase[-1] for phrase in lexicon.WRAPPING_BEHIND)),
        ]
        self.negating = vocabulary.flags(lexicon.NEGATING)
        self.tags = vocabulary.flags(lexicon.QUESTION_TAGS)
        self.is_number = is_number(vocabulary)


def _peel(corpus: Corpus, lists: _Lists, *, first: Ints, stop: Ints, behind: bool) -> None:
    """Moves `first` over the phrases before each question, or `stop` over those behind it, leaving a word at least."""
    may, hashes = lists.may_wrap[behind], corpus.vocabulary.hashes
    pending = np.flatnonzero(stop - first > 1)
    for _ in range(_PEELS):
        pending = pending[may[corpus.words[stop[pending] - 1 if behind else first[pending]]]]
        moved = []
        for size, known in lists.phrases[behind].items():
            long = pending[stop[pending] - first[pending] > size]
            at = stop[long] - size if behind else first[long]
            said = _in_order(hashes[corpus.words[at[:, None] + np.arange(size)]])
            fits = long[known[np.minimum(np.searchsorted(known, said), len(known) - 1)] == said]
            if behind:
                stop[fits] -= size
            else:
                first[fits] += size
            moved.append(fits)
            pending = np.setdiff1d(pending, fits, assume_unique=True)
        pending = np.concatenate(moved)


def _denied(corpus: Corpus, lists: _Lists, *, places: Ints, starts: Ints) -> Flags:
    """Which words negate: those of the list but for the tag a question ends with."""
    words = corpus.words[places]
    last = starts[1:][np.diff(starts) > 0] - 1
    asking = corpus.asking[places]
    asking[last] = True
    return lists.negating[words] & ~(lists.tags[words] & asking)


def is_number(vocabulary: Vocabulary) -> Flags:
    """Which words are digits or a percent sign."""
    percent = (vocabulary.kind == SINGLE) & (vocabulary.letters[:, 0] == ord("%")) & (vocabulary.length == 1)
    found: Flags = (vocabulary.kind == DIGIT) | percent
    return found


def is_telling(vocabulary: Vocabulary) -> Flags:
    """Which words say something about the matter: all but the frequent ones."""
    found: Flags = ~vocabulary.flags(lexicon.UNTELLING) | (vocabulary.kind == LINK)
    return found


def text_chunks(starts: Ints) -> Iterator[tuple[int, int]]:
    """The texts in runs (first, stop) of some hundred thousand words, as fit one thread's share of the cache."""
    at = 0
    while at < len(starts) - 1:
        stop = max(at + 1, int(np.searchsorted(starts, starts[at] + _CHUNK_WORDS)))
        yield at, min(stop, len(starts) - 1)
        at = stop


def asked(corpus: Corpus, *, workers: int) -> Asked:
    """What is left of each text without the phrases at its two ends, and the hashes of that."""
    # Made before the threads ask for them.
    powers_up_to(int(np.diff(corpus.starts).max(initial=0)) + 2)
    lists = _Lists(corpus.vocabulary)
    with ThreadPoolExecutor(workers) as pool:
        parts = list(pool.map(lambda span: _asked(corpus.part(*span), lists), text_chunks(corpus.starts)))
    sizes = [np.zeros(0, np.int64), *(part.sizes for part in parts)]
    return Asked(
        words=np.concatenate([np.zeros(0, np.int32), *(part.words for part in parts)]),
        starts=np.concatenate([[0], np.cumsum(np.concatenate(sizes))]),
        key=_joined([part.key for part in parts]),
        numbers=_joined([part.numbers for part in parts]),
        negations=_joined([part.negations for part in parts]),
        denials=_joined([part.denials for part in parts]),
    )


def _joined(parts: Sequence[Hashes]) -> Hashes:
    return np.concatenate([np.zeros(0, np.uint64), *parts])


def _asked(corpus: Corpus, lists: _Lists) -> Asked:
    first, stop = corpus.starts[:-1].copy(), corpus.starts[1:].copy()
    for behind in (False, True):
        _peel(corpus, lists, first=first, stop=stop, behind=behind)
    places, starts = spread(first, sizes=stop - first)
    words = corpus.words[places]
    hashes = corpus.vocabulary.hashes[words]
    place_in_text = np.arange(len(words)) - np.repeat(starts[:-1], np.diff(starts))
    powers = powers_up_to(int(place_in_text.max(initial=0)) + 2)
    counted = np.flatnonzero(lists.is_number[words])
    bounds = np.searchsorted(counted, starts)
    order = np.arange(len(counted)) - np.repeat(bounds[:-1], np.diff(bounds))
    word_before = np.roll(hashes, 1)
    word_before[place_in_text == 0] = 0
    may_deny = lists.negating[words]
    return Asked(
        words=words,
        starts=starts,
        key=mixed(summed(hashes * powers[place_in_text + 1], starts=starts)),
        numbers=summed(hashes[counted] * powers[order + 1], starts=bounds),
        negations=summed(hashes * _denied(corpus, lists, places=places, starts=starts), starts=starts),
        denials=summed(mixed(hashes + mixed(word_before)) * may_deny, starts=starts),
    )
