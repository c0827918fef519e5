"""How a message and each entry that a search found are alike, as rows of numbers for the ranker."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from sangto.engine import topics
from sangto.engine.columns import Gathered
from sangto.engine.match import Found, Index
from sangto.engine.meaning import alike
from sangto.engine.query import Query
from sangto.engine.vocabulary import TRIPLES

__all__ = ["NAMES", "Compared", "compared"]

Floats = NDArray[np.float32]

_K1, _B, _USUAL_WORDS = 1.2, 0.75, 30.0
_TINY = np.float32(1e-6)
# Of each said part: shares 0..1 by weight.
_PARTS = (
    "covered", "covering", "dice", "pairs_covered", "pairs_covering", "soft_covered", "meant_covered", "meant_covering",
)  # fmt: skip
_BESIDE_BEST = (
    "best_covered", "best_covering", "best_dice", "best_soft_covered", "best_meant_covering", "best_meant_covered",
    "best_pairs_covering", "meant_all", "covering_all", "telling", "mean_dice", "mean_covered",
)  # fmt: skip
_RIVALS = [_PARTS.index(name.removeprefix("best_")) for name in _BESIDE_BEST if name.startswith("best_")]
NAMES = (
    "pairs_all", "pairs_all_of_best", "bm25", "bm25_share", "bm25_of_best", "found_of_best", "found_rank",
    "covering_all", "telling", "text_covering", "meant_all", "topic", "topic_of_best",
    *(f"best_{name}" for name in _PARTS), *(f"mean_{name}" for name in _PARTS),
    *(f"{name}_of_best" for name in _BESIDE_BEST),
    "written", "spelled", "spelled_of_best", "unsaid", "numbers_covering", "numbers_covered", "query_words",
    "query_weight", "unknown_share", "part_words", "length_ratio", "said_parts",
)  # fmt: skip


@dataclass(frozen=True)
class Compared:
    """One row of features (`NAMES`) for each entry found, and for each the place of its nearest wording."""

    values: Floats
    nearest: NDArray[np.int64]

    def column(self, name: str) -> Floats:
        """One feature of all the entries."""
        found: Floats = self.values[:, NAMES.index(name)]
        return found


@dataclass(frozen=True)
class _Asked:
    """The message's distinct stems with their weights, and where each stem of the vocabulary is among them."""

    ids: NDArray[np.int64]
    weights: Floats
    pairs: NDArray[np.uint64]
    pair_weights: Floats
    place: NDArray[np.int16]
    triples: Floats
    numeric: NDArray[np.bool_]


def _asked(query: Query, *, index: Index) -> _Asked:
    vocabulary = index.vocabulary
    ids, first = np.unique(query.ids, return_index=True)
    weights = vocabulary.rarity[ids] * query.trust[first]
    place = np.full(len(vocabulary.holding), -1, np.int16)
    place[ids] = np.arange(len(ids))
    pairs, at = np.unique(_pairs(query.ids[query.pairs], query.ids[query.pairs + 1]), return_index=True)
    pair_weights = vocabulary.rarity_of(query.often[at])
    triples = np.zeros(TRIPLES + 1, np.float32)
    triples[vocabulary.triples[ids]] = 1
    triples[TRIPLES] = 0
    return _Asked(ids, weights, pairs, pair_weights, place, triples, vocabulary.numeric[ids])


def _pairs(first: NDArray[np.generic], second: NDArray[np.generic]) -> NDArray[np.uint64]:
    return (first.astype(np.uint64) << np.uint64(32)) | second.astype(np.uint64)


def _summed(owner: NDArray[np.int64], values: Floats, count: int) -> Floats:
    return np.bincount(owner, values, count).astype(np.float32)


def _share(part: Floats, whole: Floats | float) -> Floats:
    found: Floats = np.divide(part, np.maximum(whole, _TINY))
    return found


@dataclass(frozen=True)
class _Tokens:
    """For each token of the gathered parts: its weight, the message's stem it is (or -1), whether it is a number."""

    weights: Floats
    place: NDArray[np.int16]
    numeric: NDArray[np.bool_]
    written: NDArray[np.bool_] | None  # whether the message spells it so; None when it was typed without diacritics


def _spelled_same(query: Query, *, index: Index, spellings: NDArray[np.uint32]) -> NDArray[np.bool_] | None:
    if not len(query.spelled):
        return None
    spelled = np.zeros(len(index.vocabulary.stem_of) + 1, np.bool_)
    spelled[query.spelled] = True
    spelled[-1] = False  # where unknown spellings went
    found: NDArray[np.bool_] = spelled[spellings]
    return found


def _pair_matches(asked: _Asked, *, parts: Gathered, tokens: _Tokens, count: int) -> tuple[Floats, Floats]:
    """Of each part the share of pairs that the message has too, and which of the message's pairs it has."""
    matches = np.zeros((count, len(asked.pairs)), np.float32)
    if not len(asked.pairs):
        return np.zeros(count, np.float32), matches
    joined = parts.part[:-1] == parts.part[1:]
    keys, owner = _pairs(parts.tokens[:-1], parts.tokens[1:])[joined], parts.part[:-1][joined]
    weights = (tokens.weights[:-1] + tokens.weights[1:])[joined]
    at = np.minimum(np.searchsorted(asked.pairs, keys), len(asked.pairs) - 1)
    hit = asked.pairs[at] == keys
    matches[owner[hit], at[hit]] = 1
    return _share(_summed(owner[hit], weights[hit], count), _summed(owner, weights, count)), matches


@dataclass(frozen=True)
class _Meaning:
    """Of each part: shares by weight that the other side says in these or nearly the same words."""

    covered: Floats
    matches: Floats  # parts x words of the message
    topic: Floats  # of each entry: how near what it is about is, -1..1


def _meaning(
    query: Query, *, parts: Gathered, spellings: NDArray[np.uint32], index: Index, tokens: _Tokens, matches: Floats
) -> _Meaning:
    count, hit, words = len(parts.owner), tokens.place >= 0, len(parts.tokens)
    vocabulary, entries = index.vocabulary, int(parts.owner[-1]) + 1
    said = topics.spoken(vocabulary.key[spellings], places=vocabulary.place[spellings], owner=parts.part)
    beside = alike(query.meant, said.places)
    near, column, part = beside.near, beside.column, parts.part[said.at]
    topic = topics.alike(query.topic, said, owner=parts.owner[parts.part], count=entries, beside=beside)
    closest = near.max(axis=0, initial=0)[column]
    closest = np.where(hit, 1, closest[:words]).astype(np.float32)
    whole = _summed(parts.part, tokens.weights, count)
    covered = _share(_summed(parts.part, tokens.weights * closest, count), whole)
    found = np.zeros((count, len(query.meant)), np.float32)
    order = np.argsort(part, kind="stable")
    starts = np.flatnonzero(np.diff(part[order], prepend=-1))
    if len(starts):
        found[part[order][starts]] = np.maximum.reduceat(near[:, column[order]], starts, axis=1).T
    known = np.flatnonzero(query.places >= 0)
    asked = np.searchsorted(np.unique(query.ids), query.ids[query.places[known]])
    found[:, known] = np.maximum(found[:, known], matches[:, asked])
    return _Meaning(covered, found, topic)


def _part_values(
    asked: _Asked, *, index: Index, parts: Gathered, tokens: _Tokens, matches: Floats, pairs: tuple[Floats, Floats]
) -> Floats:
    count = len(parts.owner)
    hit = tokens.place >= 0
    whole = _summed(parts.part, tokens.weights, count)
    covered = _share(_summed(parts.part[hit], tokens.weights[hit], count), whole)
    shared, total = matches @ asked.weights, float(asked.weights.sum())
    covering = _share(shared, total)
    spelled = asked.triples[index.vocabulary.triples[parts.tokens]].sum(1)
    length = (index.vocabulary.triples[parts.tokens] < TRIPLES).sum(1)
    soft = np.where(hit, 1, np.maximum(_share(spelled, length), 0)).astype(np.float32)
    soft_covered = _share(_summed(parts.part, tokens.weights * soft**2, count), whole)
    pairs_covering = _share(pairs[1] @ asked.pair_weights, float(asked.pair_weights.sum()))
    dice = _share(2 * shared, whole + total)
    return np.stack([covered, covering, np.minimum(dice, 1), pairs[0], pairs_covering, soft_covered], axis=1)


def _bm25(asked: _Asked, *, parts: Gathered, tokens: _Tokens, count: int) -> Floats:
    hit = tokens.place >= 0
    owner = parts.owner[parts.part]
    asks = len(asked.ids)
    often = np.bincount(owner[hit] * asks + tokens.place[hit], minlength=count * asks).reshape(count, asks)
    length = np.bincount(owner, minlength=count)[:, None]
    scale = _K1 * (1 - _B + _B * length / _USUAL_WORDS)
    return ((often * (_K1 + 1) / (often + scale)) @ asked.weights).astype(np.float32)


def _number_shares(
    asked: _Asked, *, parts: Gathered, tokens: _Tokens, together: Floats, nearest: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Of the message's numbers the share that the entry has, and of the nearest wording's; -1 where there are none."""
    asks, held = asked.numeric, tokens.numeric
    covering = together[:, asks].mean(axis=1) if asks.any() else np.full(len(together), -1, np.float32)
    count = len(parts.owner)
    whole = np.bincount(parts.part[held], minlength=count)[nearest]
    shared = np.bincount(parts.part[held & (tokens.place >= 0)], minlength=count)[nearest]
    return covering.astype(np.float32), np.where(whole > 0, shared / np.maximum(whole, 1), -1).astype(np.float32)


def _spelled(query: Query, *, gathered: Gathered, index: Index, count: int) -> Floats:
    """Of the spellings of a message typed with diacritics the share by weight that each entry has; -1 for any other."""
    ids = np.unique(query.spelled[query.spelled >= 0])
    if not len(ids):
        return np.full(count, -1, np.float32)
    at = np.minimum(np.searchsorted(ids, gathered.tokens), len(ids) - 1)
    hit = ids[at] == gathered.tokens
    held = np.zeros((count, len(ids)), np.float32)
    held[gathered.owner[gathered.part[hit]], at[hit]] = 1
    weights = index.vocabulary.rarity_of(index.vocabulary.spelled[ids])
    return _share(held @ weights, float(weights.sum()))


def _written(parts: Gathered, *, tokens: _Tokens, nearest: NDArray[np.int64]) -> Floats:
    """Of the nearest wording's shared words the share by weight that has the same diacritics; -1 where none tells."""
    hit = tokens.place >= 0
    if tokens.written is None or not hit.any():
        return np.full(len(nearest), -1, np.float32)
    count = len(parts.owner)
    whole = _summed(parts.part[hit], tokens.weights[hit], count)[nearest]
    same = hit & tokens.written
    return np.where(whole > 0, _share(_summed(parts.part[same], tokens.weights[same], count)[nearest], whole), -1)


def _of_best(values: Floats) -> Floats:
    return _share(values, float(values.max(initial=0)))


def compared(found: Found, *, index: Index) -> Compared:
    """The features of each entry found, in the order of the search; shares are 0..1."""
    count = len(found.rows)
    if not count:
        return Compared(np.zeros((0, len(NAMES)), np.float32), np.zeros(0, np.int64))
    asked, gathered = _asked(found.query, index=index), index.gathered(found.rows)
    same = _spelled_same(found.query, index=index, spellings=gathered.tokens)
    parts = replace(gathered, tokens=index.vocabulary.stem_of[gathered.tokens])
    tokens = _Tokens(
        index.vocabulary.rarity[parts.tokens], asked.place[parts.tokens], index.vocabulary.numeric[parts.tokens], same
    )
    hit = tokens.place >= 0
    matches = np.zeros((len(parts.owner), len(asked.ids)), np.float32)
    matches[parts.part[hit], tokens.place[hit]] = 1
    pairs = _pair_matches(asked, parts=parts, tokens=tokens, count=len(parts.owner))
    values = _part_values(asked, index=index, parts=parts, tokens=tokens, matches=matches, pairs=pairs)
    meaning = _meaning(found.query, parts=parts, spellings=gathered.tokens, index=index, tokens=tokens, matches=matches)
    total = float(found.query.telling.sum())
    meant = [meaning.covered, _share(meaning.matches @ found.query.telling, total)]
    values = np.concatenate([values, np.stack(meant, axis=1)], axis=1)
    both = _Matches(matches, pairs[1], meaning.matches, meaning.topic)
    spelled = _spelled(found.query, gathered=gathered, index=index, count=count)
    return _of_entries(found, asked=asked, parts=parts, tokens=tokens, matches=both, values=values, spelled=spelled)


@dataclass(frozen=True)
class _Matches:
    """Of each part of the entries which of the message's words and pairs it has, and how nearly it says each word."""

    words: Floats
    pairs: Floats
    meant: Floats
    topic: Floats


def _nearest(said: Floats, *, parts: Gathered) -> NDArray[np.int64]:
    """The parts of each entry in turn, nearest first: by what is covered, covering and shared."""
    return np.lexsort((-(said[:, 0] + said[:, 1] + said[:, 2]), parts.owner))


def _of_message(query: Query, *, asked: _Asked) -> tuple[float, float, float]:
    """How many known words a message has, what they weigh together, and the share of words that no entry holds."""
    known = len(query.ids)
    return float(known), float(asked.weights.sum()), query.unknown / max(known + query.unknown, 1)


def _meant_by_entry(said: Floats, *, query: Query) -> tuple[Floats, Floats]:
    """Of the message's words the share by weight that an entry says or nearly says; the weight of the dearest other."""
    left = ((1 - said) * query.telling).max(axis=1, initial=0)
    return _share(said @ query.telling, float(query.telling.sum())), left.astype(np.float32)


def _of_entries(
    found: Found,
    *,
    asked: _Asked,
    parts: Gathered,
    tokens: _Tokens,
    matches: _Matches,
    values: Floats,
    spelled: Floats,
) -> Compared:
    count = len(found.rows)
    starts = np.flatnonzero(np.diff(parts.owner, prepend=-1))
    said = values * parts.said[:, None]
    best = np.maximum.reduceat(said, starts)
    said_parts = np.maximum(np.add.reduceat(parts.said.astype(np.float32), starts), 1)
    mean = np.add.reduceat(said, starts) / said_parts[:, None]
    together = np.maximum.reduceat(matches.words, starts)
    covering_all = _share(together @ asked.weights, float(asked.weights.sum()))
    telling = -np.sort(-(together * asked.weights), axis=1)[:, :3].sum(1)
    text_covering = np.maximum.reduceat(values[:, 1] * ~parts.said, starts)
    meant_all, unsaid = _meant_by_entry(np.maximum.reduceat(matches.meant, starts), query=found.query)
    paired = np.maximum.reduceat(matches.pairs, starts)
    pairs_all = _share(paired @ asked.pair_weights, float(asked.pair_weights.sum()))
    bm25 = _bm25(asked, parts=parts, tokens=tokens, count=count)
    nearest = _nearest(said, parts=parts)[starts]
    words = np.bincount(parts.part, minlength=len(parts.owner))[nearest].astype(np.float32)
    numbers = _number_shares(asked, parts=parts, tokens=tokens, together=together, nearest=nearest)
    beside = np.column_stack([best[:, _RIVALS], meant_all, covering_all, telling, mean[:, [2, 0]]])
    beside /= np.maximum(beside.max(axis=0), _TINY)
    columns = [
        pairs_all, _of_best(pairs_all), bm25, _share(bm25, float(asked.weights.sum()) * (_K1 + 1)), _of_best(bm25),
        _of_best(found.scores), 1 / (1 + np.arange(count)), covering_all, telling, text_covering, meant_all,
        matches.topic, _of_best(matches.topic), *best.T, *mean.T,
        *beside.T,
        _written(parts, tokens=tokens, nearest=nearest), spelled, np.maximum(_of_best(spelled), -1), unsaid, *numbers,
        *(np.full(count, value) for value in _of_message(found.query, asked=asked)),
        words, _share(words, float(len(found.query.ids))), said_parts,
    ]  # fmt: skip
    return Compared(np.stack(columns, axis=1).astype(np.float32), parts.place[nearest])
