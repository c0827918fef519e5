"""Messages as arrays of word numbers: read in chunks, many Messages at a time, without a loop over characters."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from sangto.engine import links
from sangto.engine.cluster import lexicon
from sangto.engine.cluster.arrays import Flags, Hashes, Ints, Words, first_of_each
from sangto.engine.cluster.characters import (
    BETWEEN,
    DECIMAL_POINT,
    DIGIT,
    DROPPED,
    LAST_CODE,
    LETTER,
    LINK_MARK,
    SINGLE,
    tables,
)  # fmt: skip
from sangto.engine.cluster.spelling import Spelling

_READ_CHARACTERS = 4000
_CHUNK_CHARACTERS = 500_000
_GLUED = np.zeros(128, np.bool_)
_GLUED[[ord(char) for char in "_&'/@#-"]] = True


@dataclass(frozen=True)
class Vocabulary:
    """Each word once: its hash, class (see `characters`), letters (uint8, 0 behind the end), length in letters.

    A word with a letter outside Latin-1 has length 0. `number_of` gives a lexicon word's number.
    """

    hashes: Hashes
    kind: npt.NDArray[np.uint8]
    letters: npt.NDArray[np.uint8]
    length: npt.NDArray[np.uint8]
    number_of: dict[str, int]

    def flags(self, words: frozenset[str]) -> Flags:
        """Which word numbers are among the given lexicon words."""
        found = np.zeros(len(self.hashes), np.bool_)
        found[[self.number_of[word] for word in words]] = True
        return found


@dataclass(frozen=True)
class Corpus:
    """Word numbers of all texts in order, and where each text starts; `starts` has one entry more than there are texts.

    `asking` marks words before a question mark.
    """

    words: Words
    asking: Flags
    starts: Ints
    vocabulary: Vocabulary

    def part(self, first: int, stop: int) -> "Corpus":
        """The same for the texts from `first` up to `stop`."""
        starts = self.starts[first : stop + 1]
        words = slice(int(starts[0]), int(starts[-1]))
        return Corpus(self.words[words], self.asking[words], starts - starts[0], self.vocabulary)


@dataclass(frozen=True)
class _Chunk:
    hashes: Hashes
    kind: npt.NDArray[np.uint8]
    letters: npt.NDArray[np.uint8]
    length: npt.NDArray[np.uint8]
    words: Words
    asking: Flags
    counts: Ints
    listed: Words


def _link_word(link: str) -> str:
    digest = hashlib.blake2b(links.parse(links.without_tail(link)).canonical.encode("utf-8", "replace"), digest_size=8)
    return f" {''.join(chr(LINK_MARK + byte) for byte in digest.digest())} "


def _with_links_as_words(texts: Sequence[str]) -> list[str]:
    """The beginning of each text that counts, with a word in place of each link."""
    if max(map(len, texts), default=0) > _READ_CHARACTERS:
        texts = [text[:_READ_CHARACTERS] for text in texts]
    return [
        links.LINK.sub(lambda match: _link_word(match[0]), text) if "/" in text or "www." in text.lower() else text
        for text in texts
    ]


def _tidied(folded: npt.NDArray[np.uint32], *, kind: npt.NDArray[np.uint8]) -> Flags:
    """Which characters stay; apostrophes, separators of thousands, leading zeros and repeats are settled in place."""
    last = len(folded) - 2
    keep = np.ones(len(folded), np.bool_)
    marks = np.flatnonzero(folded == ord("'"))
    marks = marks[(marks > 0) & (marks < last)]
    marks = marks[(kind[marks - 1] == LETTER) & (kind[marks + 1] == LETTER)]
    keep[marks] = False
    owners = marks[(folded[marks + 1] == ord("s")) & (kind[marks + 2] != LETTER)]
    keep[owners + 1] = False
    _tidy_numbers(folded, kind=kind, keep=keep)
    keep[_points_of_abbreviations(folded, kind=kind)] = False
    same = folded[1:] == folded[:-1]
    triple = np.flatnonzero(same[1:] & same[:-1])
    triple = triple[kind[triple] == LETTER]
    keep[triple + 1] = keep[triple + 2] = False
    return keep


def _points_of_abbreviations(folded: npt.NDArray[np.uint32], *, kind: npt.NDArray[np.uint8]) -> Ints:
    """The points between single letters: U.S. is US."""
    points = np.flatnonzero(folded == ord("."))
    points = points[(points > 1) & (points < len(folded) - 3)]
    letters = (kind[points - 1] == LETTER) & (kind[points + 1] == LETTER)
    found: Ints = points[letters & (kind[points - 2] != LETTER) & (kind[points + 2] != LETTER)]
    return found


def _tidy_numbers(folded: npt.NDArray[np.uint32], *, kind: npt.NDArray[np.uint8], keep: Flags) -> None:
    digit = kind == DIGIT
    points = np.flatnonzero((folded == ord(".")) | (folded == ord(",")))
    points = points[(points > 0) & (points < len(folded) - 5)]
    points = points[digit[points - 1] & digit[points + 1]]
    thousands = digit[points + 2] & digit[points + 3] & ~digit[points + 4]
    thousands &= (folded[points - 1] != ord("0")) | digit[points - 2]
    keep[points[thousands]] = False
    folded[points[~thousands]] = DECIMAL_POINT
    kind[points] = DIGIT
    zeros = np.flatnonzero(folded[:-1] == ord("0"))
    zeros = zeros[digit[zeros + 1] & (kind[zeros - 1] != DIGIT)]
    keep[zeros] = False


def _characters(texts: Sequence[str]) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.uint8], Ints]:
    """Folded characters of the texts with a line end behind each, their classes, and where each text's line end is."""
    table = tables()
    joined = "\n".join(texts) + "\n     "
    raw = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    ends = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1) - 1
    folded = table.folded[np.minimum(raw, LAST_CODE)]
    dropped = folded == DROPPED
    if dropped.any():
        folded, ends = _kept(folded, keep=~dropped, ends=ends)
    kind = table.kind[folded]
    keep = _tidied(folded, kind=kind)
    kind = kind[keep]
    folded, ends = _kept(folded, keep=keep, ends=ends)
    return folded, kind, ends


def _kept(folded: npt.NDArray[np.uint32], *, keep: Flags, ends: Ints) -> tuple[npt.NDArray[np.uint32], Ints]:
    return folded[keep], ends - np.searchsorted(np.flatnonzero(~keep), ends)


def _bounds(kind: npt.NDArray[np.uint8]) -> tuple[Ints, Ints]:
    """Where each word starts and stops: a run of one class, or one character of a script without spaces."""
    inside, single = kind != BETWEEN, kind == SINGLE
    change = np.empty(len(kind) + 1, np.bool_)
    change[0] = change[-1] = True
    np.not_equal(kind[1:], kind[:-1], out=change[1:-1])
    starts = np.flatnonzero(inside & (change[:-1] | single))
    return starts, np.flatnonzero(inside & (change[1:] | single)) + 1


def _interned(hashes: Hashes) -> tuple[Words, Ints]:
    """The number of each hash's word, and for each number the first place where it stands."""
    place = first_of_each(hashes)
    used = np.zeros(len(hashes), np.bool_)
    used[place] = True
    numbers = np.cumsum(used, dtype=np.int32) - 1
    return numbers[place], np.flatnonzero(used)


@dataclass(frozen=True)
class _Replacements:
    """What stands for what, by place in `all_words`."""

    sources: Ints
    targets: tuple[tuple[int, ...], ...]


@lru_cache(maxsize=2)
def _replacements(*, scales: bool) -> _Replacements:
    place = {word: number for number, word in enumerate(lexicon.all_words())}
    table = lexicon.SCALES if scales else lexicon.EXPANDED
    targets = tuple(tuple(place[part] for part in text.split()) for text in table.values())
    return _Replacements(sources=np.array([place[word] for word in table], np.int64), targets=targets)


def _expanded(words: Words, *, may: Flags, scale: Flags, listed: Words, vocabulary: int) -> tuple[Words, Ints]:
    """The words with SMS spellings written out, and how many words each became."""
    counts = np.ones(len(words), np.int64)
    table = np.full((2, vocabulary), -1, np.int64)
    for row in (0, 1):
        table[row, listed[_replacements(scales=bool(row)).sources]] = np.arange(
            len(_replacements(scales=bool(row)).sources)
        )
    chosen = np.where(scale, table[1, words], np.where(may, table[0, words], -1))
    found = np.flatnonzero(chosen >= 0)
    targets = [_replacements(scales=bool(scale[at])).targets[chosen[at]] for at in found]
    counts[found] = [len(target) for target in targets]
    out = np.repeat(words, counts)
    if len(found):
        first = (np.cumsum(counts) - counts)[found]
        sizes = counts[found]
        places = np.repeat(first - (np.cumsum(sizes) - sizes), sizes) + np.arange(int(sizes.sum()))
        out[places] = listed[[part for target in targets for part in target]]
    return out, counts


def _asking(folded: npt.NDArray[np.uint32], *, stops: Ints) -> Flags:
    """Which words a question mark follows, at once or after a space."""
    found: Flags = np.zeros(len(stops), np.bool_)
    marks = np.flatnonzero(folded == ord("?"))
    marks = marks - (folded[marks - 1] == ord(" "))
    at = np.minimum(np.searchsorted(stops, marks), len(stops) - 1)
    found[at[stops[at] == marks]] = True
    return found


def _read_chunk(texts: Sequence[str]) -> _Chunk:
    """One chunk of texts as numbers of its own vocabulary. The lexicon is read as its first text."""
    folded, kind, ends = _characters([" ".join(lexicon.all_words()), *_with_links_as_words(texts)])
    starts, stops = _bounds(kind)
    spelling = Spelling(folded, starts=starts, stops=stops)
    hashes = spelling.hashes()
    words, places = _interned(hashes)
    letters, length = spelling.letters(places)
    before, after = folded[starts - 1], folded[np.minimum(stops, len(folded) - 1)]
    scale = kind[starts - 1] == DIGIT
    glued = scale | _GLUED[np.minimum(before, 127)] | _GLUED[np.minimum(after, 127)]
    bounds = np.searchsorted(starts, ends)
    listed = words[: bounds[0]]
    rest = slice(int(bounds[0]), None)
    out, counts = _expanded(words[rest], may=~glued[rest], scale=scale[rest], listed=listed, vocabulary=len(places))
    totals = np.concatenate([[0], np.cumsum(counts)])[bounds - bounds[0]]
    asking = np.repeat(_asking(folded, stops=stops)[rest], counts)
    return _Chunk(hashes[places], kind[starts[places]], letters, length, out, asking, np.diff(totals), listed)


def _chunks(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    sizes = np.cumsum(np.minimum(np.fromiter(map(len, texts), np.int64, len(texts)), _READ_CHARACTERS) + 1)
    at = 0
    while at < len(texts):
        read = int(sizes[at - 1]) if at else 0
        stop = max(at + 1, int(np.searchsorted(sizes, read + _CHUNK_CHARACTERS)))
        yield texts[at:stop]
        at = stop


def _vocabulary(chunks: Sequence[_Chunk]) -> tuple[Vocabulary, list[Words]]:
    every = np.concatenate([chunk.hashes for chunk in chunks])
    number, first = _interned(every)
    bounds = np.cumsum([0, *(len(chunk.hashes) for chunk in chunks)])
    maps = [number[start:stop] for start, stop in zip(bounds, bounds[1:], strict=False)]
    listed = maps[0][chunks[0].listed]
    return Vocabulary(
        hashes=every[first],
        kind=np.concatenate([chunk.kind for chunk in chunks])[first],
        letters=np.concatenate([chunk.letters for chunk in chunks])[first],
        length=np.concatenate([chunk.length for chunk in chunks])[first],
        number_of=dict(zip(lexicon.all_words(), listed.tolist(), strict=True)),
    ), maps


def read(texts: Sequence[str], *, workers: int, progress: Callable[[int], None]) -> Corpus:
    """The texts as word numbers; of each the first 4,000 characters count. `progress` gets how many are read."""
    tables()
    chunks, done = [], 0
    with ThreadPoolExecutor(workers) as pool:
        for chunk in pool.map(_read_chunk, _chunks(texts or [""])):
            chunks.append(chunk)
            done += len(chunk.counts)
            progress(min(done, len(texts)))
    vocabulary, maps = _vocabulary(chunks)
    words = np.concatenate([number[chunk.words] for number, chunk in zip(maps, chunks, strict=True)])
    counts = np.concatenate([chunk.counts for chunk in chunks])[: len(texts)]
    asking = np.concatenate([chunk.asking for chunk in chunks])
    return Corpus(words=words, asking=asking, starts=np.concatenate([[0], np.cumsum(counts)]), vocabulary=vocabulary)
