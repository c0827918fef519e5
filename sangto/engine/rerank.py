"""A look by a sentence model at what is not answered at once: which of the likeliest to offer, in which order."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from itertools import islice
from threading import Lock
from typing import Protocol, TypeVar, runtime_checkable
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from sangto.engine import nearest
from sangto.engine.features import compared
from sangto.engine.learned import Learned
from sangto.engine.match import Found, Index
from sangto.engine.rank import CLOSELY, DEPTH, Candidate, candidates, ordered
from sangto.engine.text import guess_lang, typed_with_diacritics

__all__ = [
    "FUSION",
    "Embedded",
    "Encoder",
    "Finder",
    "Fusion",
    "Reader",
    "ahead",
    "considered",
    "fused",
    "is_readable",
    "reordered",
    "said",
]

Floats = NDArray[np.float32]

NEAR = 10
"""How many entries the model may add to those that words found."""
JUDGED = 10
"""How many of the likeliest by the model are read for contradictions, beside those that were likely without it."""
UNRELATED = (
    "Lịch tiêm phòng dại cho chó năm nay thế nào",
    "Giá điện sinh hoạt tăng từ tháng sau",
    "Trẻ em ăn nhiều đường dễ bị sâu răng",
    "Cầu mới qua sông sẽ thông xe vào cuối năm",
    "The library is open on Saturday mornings",
    "Drinking coffee late keeps people awake",
    "The senator voted against the tax bill",
    "A whale was seen near the harbour",
)
"""Texts that have nothing to do with each other: how alike a model finds them is where its scale begins."""
REMEMBERED = 20_000
"""Vectors of entries that are kept, the latest used: 384 dimensions make 31 MB of so many."""
_TWO = 2
_NARROWEST = 0.01  # a model that finds everything the same has no scale
_READ_CHARACTERS = 1_000  # what comes later in a long text says little, and every model is slow on it


class Reader(Protocol):
    """What knows whether two texts mean the same."""

    def alike(self, text: str, wordings: Sequence[str]) -> Floats:
        """How alike a message and each wording are: about 0 for what has nothing in common, 1 for the same.

        Not a number where it cannot tell. Whatever it raises, decisions go on without.
        """


@runtime_checkable
class Finder(Reader, Protocol):
    """A reader that also finds: entries whose vectors are near, whether they share a word with the message or not."""

    def nearest(self, text: str, index: Index, count: int) -> Sequence[int]:
        """At most so many rows that the index holds, nearest first. Whatever it raises, decisions go on without."""


class Encoder(Protocol):
    """A sentence model, such as `own_model.Directory`."""

    def encode(self, texts: Sequence[str], *, passage: bool = False) -> Floats:
        """One vector of length 1 for each text."""


def ahead(alike: Floats, *, usual: float) -> Floats:
    """How much more alike each is than the best of the others; than the usual best other where there is none."""
    if len(alike) < _TWO:
        return alike - np.float32(usual)
    second, first = np.sort(alike)[-2:]
    best_other = np.where(np.arange(len(alike)) == np.argmax(alike), second, first)
    found: Floats = (alike - best_other).astype(np.float32)
    return found


@dataclass(frozen=True)
class Fusion:
    """A logistic model of whether a candidate answers: a weight for each thing known of it, and a constant."""

    constant: float
    raw: float  # the decider's value, log-odds
    ahead: float  # how much more alike it is than the best of the others
    alike: float
    usual: float  # how alike the best other mostly is

    def __call__(self, raw: Floats, alike: Floats) -> Floats:
        """The sureness, 0..1, of each candidate of one message."""
        odds = self.constant + self.raw * raw + self.ahead * ahead(alike, usual=self.usual) + self.alike * alike
        found: Floats = (1 / (1 + np.exp(-np.clip(odds, -30, 30)))).astype(np.float32)
        return found


# Fitted by `python -m bench.fit_rerank` with multilingual-e5-small in four bits, from Vietnamese and English
# questions of the train splits. all-MiniLM-L6-v2 ranks no worse by them than by its own.
FUSION = Fusion(constant=-1.018, raw=0.742, ahead=13.192, alike=2.766, usual=0.408)


class Embedded:
    """A model as a Reader that remembers the vectors of the latest entries. Any number of threads may call it.

    Models differ in how alike they find texts that have nothing in common; that becomes 0. What the model raises comes
    through.
    """

    def __init__(
        self,
        model: Encoder,
        *,
        most: int = REMEMBERED,
        unrelated: Sequence[str] = UNRELATED,
        ahead: int | None = None,
    ) -> None:
        """`ahead` entries of an index are read before one message, None for all of it: what is read can be found."""
        self._model, self._most, self._ahead = model, most, ahead
        self._vectors: OrderedDict[bytes, Floats] = OrderedDict()
        self._shelves: WeakKeyDictionary[Index, nearest.Shelf] = WeakKeyDictionary()
        self._asked: tuple[str, Floats] | None = None
        self._lock = Lock()
        self._unlike = self._mean_cosine(unrelated)

    def alike(self, text: str, wordings: Sequence[str]) -> Floats:
        """How alike the message and each wording are, 1 at most; not a number when the model knows no word of it."""
        with self._lock:  # not every runtime can be called twice at a time
            asked = self._of_message(text[:_READ_CHARACTERS])
            cosines = self._of_entries(wordings) @ asked
        found: Floats = (cosines - self._unlike) / max(1 - self._unlike, _NARROWEST)
        return found if asked.any() else np.full_like(found, np.nan)

    def nearest(self, text: str, index: Index, count: int) -> list[int]:
        """The rows of the index nearest to the message, of those read so far; none when it knows no word of it."""
        with self._lock:
            shelf = self._shelves.setdefault(index, nearest.Shelf(self._most))
            shelf.fill(index, self._of_entries, count=self._ahead)
            asked = self._of_message(text[:_READ_CHARACTERS])
            self._asked = text[:_READ_CHARACTERS], asked  # mostly it is asked next how alike they are
            rows = shelf.nearest(asked) if asked.any() else iter(())
            return list(islice((row for row in rows if index.is_held(row)), count))

    def _of_message(self, text: str) -> Floats:
        found, self._asked = self._asked, None
        return found[1] if found and found[0] == text else np.copy(self._model.encode([text])[0])

    def _mean_cosine(self, texts: Sequence[str]) -> float:
        if not texts:
            return 0.0
        cosines = self._model.encode(texts) @ self._model.encode(texts, passage=True).T
        return float(cosines[~np.eye(len(texts), dtype=bool)].mean())

    def _of_entries(self, wordings: Sequence[str]) -> Floats:
        texts = [wording[:_READ_CHARACTERS] for wording in wordings]
        keys = [blake2b(text.encode("utf-8", "replace"), digest_size=16).digest() for text in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._vectors}
        if new:
            made = self._model.encode(list(new.values()), passage=True)
            self._vectors.update(zip(new, map(np.copy, made), strict=True))
        for key in keys:
            self._vectors.move_to_end(key)
        found: Floats = np.array([self._vectors[key] for key in keys])
        while len(self._vectors) > self._most:
            self._vectors.popitem(last=False)
        return found


def said(candidate: Candidate) -> str:
    """What the model reads of a candidate."""
    return nearest.said(candidate.entry)


def is_readable(text: str) -> bool:
    """Whether a sentence model understands a text: Vietnamese without diacritics is noise to all that we tried."""
    return guess_lang(text) != "vi" or typed_with_diacritics(text)


def considered(
    text: str, index: Index, *, reader: Reader, learned: Learned, without: Collection[int] = ()
) -> list[Candidate]:
    """What words find, and what the reader finds beside if it can, but for the ids to leave out."""
    found = index.find(text, depth=DEPTH + len(without))
    kept = [at for at, row in enumerate(found.rows.tolist()) if index.id_at(row) not in without]
    found = found.only(np.array(kept, np.int64)).nearest(CLOSELY)
    if isinstance(reader, Finder) and is_readable(text):
        found = _beside(found, _nearest(text, index, reader=reader, without=without))
    near = compared(found, index=index)
    ranking = ordered(found, near=near, scores=learned.scores(near.values))
    return candidates(ranking, index, learned=learned, count=len(found.rows))


def _nearest(text: str, index: Index, *, reader: Finder, without: Collection[int]) -> list[int]:
    try:
        rows = reader.nearest(text, index, NEAR + len(without))
        return [row for row in rows if index.id_at(row) not in without][:NEAR]
    except Exception:  # as in `fused`
        return []


def _beside(found: Found, rows: Sequence[int]) -> Found:
    """What was found with more rows, of which words tell nothing."""
    new = np.setdiff1d(np.array(rows, np.int64), found.rows)
    nothing = np.zeros(len(new), np.float32)
    return Found(
        found.query,
        np.concatenate([found.rows, new]),
        np.concatenate([found.scores, nothing]),
        np.concatenate([found.topics, nothing]),
    )


def fused(text: str, found: Sequence[Candidate], *, reader: Reader, fusion: Fusion = FUSION) -> list[Candidate]:
    """The candidates as they were, but for how sure they are; none when the reader fails or cannot tell."""
    try:
        alike = np.asarray(reader.alike(text, [said(one) for one in found]), np.float32)
    except Exception:  # a runtime has kinds of its own, and a decision must go on without it
        return []
    if alike.shape != (len(found),) or not np.isfinite(alike).all():
        return []
    sure = fusion(np.array([one.raw for one in found], np.float32), alike)
    return [replace(one, sureness=float(each)) for one, each in zip(found, sure, strict=True)]


def _likely(found: Sequence[Candidate], before: Collection[int]) -> list[Candidate]:
    surest = sorted(found, key=lambda one: -one.sureness)
    return [one for at, one in enumerate(surest) if at < JUDGED or one.id in before]


class Judged(Protocol):
    """A candidate whose texts were read: how sure now (0..1), and what contradicts it."""

    @property
    def candidate(self) -> Candidate:
        """The candidate itself."""

    @property
    def sureness(self) -> float:
        """How sure it is the right one, 0..1, after its texts were read."""

    @property
    def against(self) -> Sequence[object]:
        """What contradicts it."""


J = TypeVar("J", bound=Judged)


def reordered(
    text: str,
    before: Sequence[J],
    found: Sequence[Candidate],
    *,
    reader: Reader,
    closely: Callable[[Candidate], J],
) -> list[J]:
    """The candidates found, judged anew by `closely` with the sureness that the reader leaves them, best first.

    None that something contradicts overtakes one that was ahead of it in `before` and that nothing contradicts. The
    same as before when the reader fails or cannot read the message.
    """
    if not is_readable(text):
        return list(before)
    place = {one.candidate.id: at for at, one in enumerate(before)}
    again = sorted(_likely(fused(text, found, reader=reader), place), key=lambda one: place.get(one.id, len(place)))
    judged = [closely(one) for one in again]
    least, worth = 1.0, []
    for one in judged:
        least = least if one.against else min(least, one.sureness)
        worth.append(min(one.sureness, least) if one.against else one.sureness)
    return [judged[at] for at in np.argsort(-np.array(worth), kind="stable")] or list(before)
