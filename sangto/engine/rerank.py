"""A look by a sentence model at what is not answered at once: which of the likeliest to offer, in which order."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from threading import Lock
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from sangto.engine.rank import Candidate
from sangto.engine.text import guess_lang, typed_with_diacritics

__all__ = ["FUSION", "READ", "Embedded", "Encoder", "Fusion", "Reader", "fused", "is_readable", "reordered", "said"]

Floats = NDArray[np.float32]

READ = 10
"""How many candidates the model reads."""
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
_NARROWEST = 0.01  # a model that finds everything the same has no scale
_READ_CHARACTERS = 1_000  # what comes later in a long text says little, and every model is slow on it


class Reader(Protocol):
    """What knows whether two texts mean the same."""

    def alike(self, text: str, wordings: Sequence[str]) -> Floats:
        """How alike a message and each wording are: about 0 for what has nothing in common, 1 for the same.

        Not a number where it cannot tell. Whatever it raises, decisions go on without.
        """


class Encoder(Protocol):
    """A sentence model, such as `embed.Directory`."""

    def encode(self, texts: Sequence[str], *, passage: bool = False) -> Floats:
        """One vector of length 1 for each text."""


@dataclass(frozen=True)
class Fusion:
    """A logistic model of whether a candidate answers: a weight for each thing known of it, and a constant."""

    constant: float
    raw: float  # the decider's value, log-odds
    above_mean: float  # how much more alike it is than the mean of the ten
    alike: float
    usual: float  # how alike a candidate mostly is: what stands for those that are missing in a small index

    def __call__(self, raw: Floats, alike: Floats) -> Floats:
        """The sureness, 0..1, of each candidate of one message."""
        missing = max(READ - len(alike), 0)
        above = alike - (alike.sum() + missing * self.usual) / (len(alike) + missing)
        odds = self.constant + self.raw * raw + self.above_mean * above + self.alike * alike
        found: Floats = (1 / (1 + np.exp(-np.clip(odds, -30, 30)))).astype(np.float32)
        return found


# Fitted by `python -m bench.fit_rerank` with multilingual-e5-small in four bits, from 600 Vietnamese and 300 English
# questions of the train splits. With another model they are careful: fewer are offered, right ones too.
FUSION = Fusion(constant=-2.461, raw=0.788, above_mean=11.235, alike=2.505, usual=0.293)


class Embedded:
    """A model as a Reader that remembers the vectors of the latest entries. Any number of threads may call it.

    Models differ in how alike they find texts that have nothing in common; that becomes 0. What the model raises comes
    through.
    """

    def __init__(self, model: Encoder, *, most: int = REMEMBERED, unrelated: Sequence[str] = UNRELATED) -> None:
        self._model, self._most = model, most
        self._vectors: OrderedDict[bytes, Floats] = OrderedDict()
        self._lock = Lock()
        self._unlike = self._mean_cosine(unrelated)

    def alike(self, text: str, wordings: Sequence[str]) -> Floats:
        """How alike the message and each wording are, 1 at most; not a number when the model knows no word of it."""
        with self._lock:  # not every runtime can be called twice at a time
            asked = self._model.encode([text[:_READ_CHARACTERS]])[0]
            cosines = self._of_entries([wording[:_READ_CHARACTERS] for wording in wordings]) @ asked
        found: Floats = (cosines - self._unlike) / max(1 - self._unlike, _NARROWEST)
        return found if asked.any() else np.full_like(found, np.nan)

    def _mean_cosine(self, texts: Sequence[str]) -> float:
        if not texts:
            return 0.0
        cosines = self._model.encode(texts) @ self._model.encode(texts, passage=True).T
        return float(cosines[~np.eye(len(texts), dtype=bool)].mean())

    def _of_entries(self, texts: list[str]) -> Floats:
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
    return "\n".join(part for part in (candidate.entry.question, candidate.entry.title) if part)


def is_readable(text: str) -> bool:
    """Whether a sentence model understands a text: Vietnamese without diacritics is noise to all that we tried."""
    return guess_lang(text) != "vi" or typed_with_diacritics(text)


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
    again = sorted(fused(text, found, reader=reader), key=lambda one: place.get(one.id, len(place)))
    judged = [closely(one) for one in again]
    least, worth = 1.0, []
    for one in judged:
        least = least if one.against else min(least, one.sureness)
        worth.append(min(one.sureness, least) if one.against else one.sureness)
    return [judged[at] for at in np.argsort(-np.array(worth), kind="stable")] or list(before)
