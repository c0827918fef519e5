"""Groups of Messages that ask the same: a million at a time, each member held against its representative.

Two texts are one question when they share most of the weight of their words and nothing contradicts: the same numbers
in the same order, the same negating words, no telling word in place of another but for a slip of the keyboard, and few
that one of them adds. The wording of most Messages represents a group: those that wrap it, leave a word out or mistype
one are all close to it, but not to each other.

The same rule holds for a single Message that may join an open Case (`decide.joins`), which reads each text more closely
but compares it with a few candidates only.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt

from sangto.engine.cluster import tokens
from sangto.engine.cluster.arrays import Flags, Ints, Shares, first_of_each
from sangto.engine.cluster.asked import asked
from sangto.engine.cluster.candidates import boilerplate, candidates, pair_slots
from sangto.engine.cluster.compare import Comparer
from sangto.engine.cluster.ends import between_common_ends, only_of
from sangto.engine.cluster.gaps import fill_otherwise
from sangto.engine.cluster.stars import stars

JOINS_AT, _ADDED_AT_MOST = 0.70, 3
_WORKERS = 2

Differs = Callable[[str, str], bool]


@dataclass(frozen=True)
class Grouping:
    """For each text its representative's position (its own if it stands for itself) and the likeness to it, 0..1.

    `same_numbers` says which texts hold numbers that their representative has too, in the same order.
    """

    representative: Ints
    likeness: Shares
    same_numbers: Flags
    ids: Sequence[object]

    def members(self) -> Iterator[tuple[object, list[object]]]:
        """Each representative's id with the ids of all its group in order, itself among them; by representative."""
        order = np.argsort(self.representative, kind="stable")
        heads, first = np.unique(self.representative[order], return_index=True)
        for head, group in zip(heads, np.split(order, first[1:]), strict=True):
            yield self.ids[head], [self.ids[position] for position in group]

    def stars(self) -> list[tuple[int, Ints]]:
        """The position of each representative of two texts or more, with those that joined it; largest group first."""
        joined = np.flatnonzero(self.representative != np.arange(len(self.representative)))
        order = joined[np.argsort(self.representative[joined], kind="stable")]
        heads, first = np.unique(self.representative[order], return_index=True)
        found = list(zip(heads.tolist(), np.split(order, first[1:]), strict=True)) if len(heads) else []
        return sorted(found, key=lambda star: -len(star[1]))

    def reasons(self, position: int) -> tuple[tuple[str, str], ...]:
        """Why a text joined its representative: codes as those of `reasons`, each with what it is about or ""."""
        same_text = ("same_text", str(round(100 * float(self.likeness[position]))))
        return (same_text, ("same_numbers", "")) if self.same_numbers[position] else (same_text,)


def _unique(texts: Sequence[str]) -> tuple[list[str], Ints, Ints]:
    """The different texts, where each stands first, and for each text the number of its like."""
    number: defaultdict[str, int] = defaultdict()
    # A text that is not there yet gets the next number, in one pass without a step of Python.
    number.default_factory = number.__len__
    like = np.fromiter(map(number.__getitem__, texts), np.int64, len(texts))
    first = np.flatnonzero(np.diff(np.maximum.accumulate(like, dtype=np.int64), prepend=-1))
    return list(number), first, like


class _Batch:
    """The different texts of one call, read, and what joins two of them."""

    def __init__(
        self, texts: Sequence[str], *, times: Ints, differs: Differs | None, progress: Callable[[int], None]
    ) -> None:
        self._texts, self._differs = texts, differs
        corpus = tokens.read(texts, workers=_WORKERS, progress=progress)
        every = asked(corpus, workers=_WORKERS)
        self.first = self._first_of_each_key(every.key, sizes=every.sizes)
        self.numbers = every.numbers
        copies = np.bincount(self.first, weights=times).astype(np.int64)
        places = np.flatnonzero((self.first == np.arange(len(texts))) & (every.sizes > 0))
        # What most have said comes first, for it is what the others are compared with first.
        self._places = places[np.argsort(-copies[places], kind="stable")]
        self._copies = copies[self._places]
        self._asked, self._vocabulary = every.only(self._places, workers=_WORKERS), corpus.vocabulary

    @staticmethod
    def _first_of_each_key(key: npt.NDArray[np.uint64], *, sizes: Ints) -> Ints:
        """For each text the first with the same words; a text without words stands alone."""
        return np.where(sizes > 0, first_of_each(key), np.arange(len(key)))

    def grouped(self) -> tuple[Ints, Shares]:
        """For each text its representative and the likeness to it."""
        representative, likeness = self.first.copy(), np.ones(len(self.first), np.float32)
        if len(self._places) < 2:
            return representative, likeness
        comparer = Comparer(self._asked, vocabulary=self._vocabulary, workers=_WORKERS)
        self._compare = comparer.compare
        slots = pair_slots(self._asked, vocabulary=self._vocabulary)
        later, earlier = candidates(
            self._asked, slots=slots, vocabulary=self._vocabulary, weight=comparer.weight, workers=_WORKERS
        )
        joined, alike = self._verify(later, earlier)
        found, _ = self._stars(later, earlier, joined=joined, alike=alike)
        # What goes round with any question shows only when each question counts once.
        questions = found == np.arange(len(found))
        comparer.weigh_little(boilerplate(self._asked, texts=questions, slots=slots, vocabulary=self._vocabulary))
        maybe = np.flatnonzero(~joined & (alike < JOINS_AT))
        maybe = maybe[comparer.at_most(later[maybe], earlier[maybe], alike=alike[maybe]) >= JOINS_AT]
        joined[maybe], alike[maybe] = self._verify(later[maybe], earlier[maybe])
        found, shares = self._stars(later, earlier, joined=joined, alike=alike)
        members = np.flatnonzero(found != np.arange(len(found)))
        apart = self._apart(members, found=found, comparer=comparer, questions=questions)
        found[apart], shares[apart] = apart, 1.0
        representative[self._places], likeness[self._places] = self._places[found], shares
        return representative[self.first], likeness[self.first]

    def _apart(self, members: Ints, *, found: Ints, comparer: Comparer, questions: Flags) -> Ints:
        """The members that say too much that their representative does not, or contrary things."""
        first, stop = between_common_ends(self._asked, hashes=self._vocabulary.hashes, questions=questions)
        wrapped = self._wrapped_once(members, found[members], common=self._asked.sizes - (stop - first))
        even, odd = members[~wrapped], members[wrapped]
        added = even[comparer.compare(even, found[even]).added > _ADDED_AT_MOST]
        # A word of what goes round one of the two must not stand for a word that the question changed.
        inner = np.union1d(odd, found[odd])
        compared = comparer.within(*only_of(inner, first=first, stop=stop)).compare(odd, found[odd])
        changed = odd[(compared.added > _ADDED_AT_MOST) | compared.swapped]
        contrary = fill_otherwise(
            self._asked, members, found=found, vocabulary=self._vocabulary, differ=comparer.differ
        )
        return np.union1d(np.union1d(added, changed), contrary)

    def _wrapped_once(self, one: Ints, other: Ints, *, common: Ints) -> Flags:
        """Of which pairs one text has about as many words more as are `common` at its ends, and the other has not."""
        sizes = self._asked.sizes
        more, wrapping = sizes[one] - sizes[other], common[one] - common[other]
        found: Flags = (wrapping != 0) & (2 * more * np.sign(wrapping) >= np.abs(wrapping))
        return found

    def _stars(self, later: Ints, earlier: Ints, *, joined: Flags, alike: Shares) -> tuple[Ints, Shares]:
        return stars(later[joined], earlier[joined], alike=alike[joined], copies=self._copies, verify=self._verify)

    def _verify(self, later: Ints, earlier: Ints) -> tuple[Flags, Shares]:
        compared = self._compare(later, earlier)
        alike = compared.likeness >= JOINS_AT
        clear = ~(compared.numbers_differ | compared.negation_differs | compared.swapped)
        joined = alike & clear
        if self._differs is not None:
            for at in np.flatnonzero(alike & ~clear & ~compared.swapped):
                one, other = (self._texts[self._places[side[at]]] for side in (later, earlier))
                joined[at] = not self._differs(one, other)
        return joined, compared.likeness


def groups(
    texts: Sequence[str] | Iterable[tuple[object, str]],
    *,
    differs: Differs | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Grouping:
    """Groups the texts, or the (id, text) pairs, that ask the same, each group round its best connected text.

    Texts that are equal always join; texts without words join only so. A changed number, negation or thing keeps texts
    apart however alike they are, and so does more than a few words about something else. Where only a number or a
    negation keeps them apart and `differs` is given, it has the last word on the pair. `progress` gets how many texts
    are read, and how many there are. The first 4,000 characters count.
    """
    ids, said = _taken_apart(texts)
    different, first, like = _unique(said)
    share = len(said) / max(len(different), 1)
    batch = _Batch(
        different,
        times=np.bincount(like, minlength=1)[: len(different)],
        differs=differs,
        progress=lambda done: progress(round(done * share), len(said)) if progress else None,
    )
    representative, likeness = batch.grouped()
    same_numbers = (batch.numbers != 0) & (batch.numbers == batch.numbers[representative])
    return Grouping(first[representative][like], likeness[like], same_numbers[like], ids)


def _taken_apart(texts: Sequence[str] | Iterable[tuple[object, str]]) -> tuple[Sequence[object], Sequence[str]]:
    every = list(texts)
    if every and not isinstance(every[0], str):
        pairs = cast(list[tuple[object, str]], every)
        return [key for key, _ in pairs], [text for _, text in pairs]
    return range(len(every)), cast(list[str], every)


def reasons(one: str, other: str) -> tuple[tuple[str, str], ...]:
    """Why two texts are or are not one question, by the rule of `groups`: codes, each with what it is about or "".

    "same_text" with the percentage, "same_numbers"; "numbers_differ", "negation_differs", "words_differ".
    """
    corpus = tokens.read([one, other], workers=1, progress=lambda done: None)
    both = asked(corpus, workers=1)
    if not both.sizes.all():
        return (("same_text", "100"),) if one == other else ()
    comparer = Comparer(both, vocabulary=corpus.vocabulary, workers=1)
    compared = comparer.compare(np.array([1]), np.array([0]))
    found = [("same_text", str(round(100 * float(compared.likeness[0]))))]
    differing = (
        ("numbers_differ", compared.numbers_differ),
        ("negation_differs", compared.negation_differs),
        ("words_differ", compared.swapped),
    )
    if both.numbers[0] and not compared.numbers_differ[0]:
        found.append(("same_numbers", ""))
    return (*found, *((code, "") for code, differs in differing if differs[0]))
