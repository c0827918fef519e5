"""Groups round a representative, from pairs found alike: each member is compared with the representative itself."""

from collections.abc import Callable

import numpy as np

from sangto.engine.cluster.arrays import Flags, Ints, Shares

Verify = Callable[[Ints, Ints], tuple[Flags, Shares]]


def _earliest_reachable(later: Ints, earlier: Ints, *, size: int) -> Ints:
    """For each of `size` nodes the lowest node that pairs lead to, from one to the next."""
    label = np.arange(size)
    while True:
        lowest = np.minimum(label[later], label[earlier])
        before = label.copy()
        np.minimum.at(label, later, lowest)
        np.minimum.at(label, earlier, lowest)
        label = label[label]
        if np.array_equal(before, label):
            return label


def _centres(component: Ints, *, copies: Ints, degree: Ints) -> Ints:
    """For each node that of its component with most copies, of several the best connected, of several the earliest."""
    order = np.lexsort((np.arange(len(component)), -degree, -copies, component))
    _, first = np.unique(component[order], return_index=True)
    centre = np.empty(len(component), np.int64)
    centre[component[order][first]] = order[first]
    return centre[component]


def _known(later: Ints, earlier: Ints, *, pairs: Ints) -> tuple[Flags, Ints]:
    """Which pairs of texts are among the sorted `pairs`, and their places there."""
    packed = (np.maximum(later, earlier) << 32) | np.minimum(later, earlier)
    place = np.minimum(np.searchsorted(pairs, packed), len(pairs) - 1)
    return pairs[place] == packed, place


def stars(later: Ints, earlier: Ints, *, alike: Shares, copies: Ints, verify: Verify) -> tuple[Ints, Shares]:
    """For each text its representative and the likeness to it; `copies` says how many Messages have the text's words.

    The pairs found alike, sorted by the later text, lead to groups; of each the text with most copies is the
    representative (of several the one that is like most others), and those join that are like it, as `verify` finds
    where no pair says so. The others are grouped again among themselves. The earliest text would depend on chance: it
    may be the one that leaves a word out or has most around its question, which keeps others away.
    """
    size = len(copies)
    representative, likeness = np.arange(size), np.ones(size, np.float32)
    pairs, shares = (later << 32) | earlier, alike
    while len(later):
        nodes, number = np.unique(np.concatenate([later, earlier]), return_inverse=True)
        one, other = number[: len(later)], number[len(later) :]
        component = _earliest_reachable(one, other, size=len(nodes))
        degree = np.bincount(number, minlength=len(nodes))
        centre = nodes[_centres(component, copies=copies[nodes], degree=degree)]
        member, head = nodes[centre != nodes], centre[centre != nodes]
        joined, place = _known(member, head, pairs=pairs)
        share = shares[place]
        rest = np.flatnonzero(~joined)
        joined[rest], share[rest] = verify(member[rest], head[rest])
        representative[member[joined]], likeness[member[joined]] = head[joined], share[joined]
        settled = np.zeros(size, np.bool_)
        settled[member[joined]] = settled[head] = True
        open_ = ~settled[later] & ~settled[earlier]
        later, earlier = later[open_], earlier[open_]
    return representative, likeness
