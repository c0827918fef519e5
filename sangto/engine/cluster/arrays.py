"""The kinds of arrays that grouping in bulk works with, and hashes of 64 bits in them."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.int32]
Hashes = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]

Shares = npt.NDArray[np.float32]

BASE = 0x9E3779B97F4A7C15
_TABLE_BITS = range(10, 23)
_POWERS_AT_LEAST = 4000


def mixed(hashes: Hashes) -> Hashes:
    """The hashes with every bit depending on every bit (the finaliser of MurmurHash3, public domain)."""
    hashes = (hashes ^ (hashes >> np.uint64(33))) * np.uint64(0xFF51AFD7ED558CCD)
    hashes ^= hashes >> np.uint64(33)
    hashes *= np.uint64(0xC4CEB9FE1A85EC53)
    return hashes ^ (hashes >> np.uint64(33))


@lru_cache(maxsize=2)
def _powers(bits: int) -> Hashes:
    found = np.ones(1, np.uint64)
    for step in range(bits):
        found = np.concatenate([found, found * np.uint64(pow(BASE, 1 << step, 1 << 64))])
    return found


def powers_up_to(count: int) -> Hashes:
    """At least `count` powers modulo 2**64 of the base of the hashes."""
    return _powers(max(count, _POWERS_AT_LEAST).bit_length())


def first_of_each(hashes: Hashes) -> Ints:
    """For each hash the first place where it stands."""
    bits = min(max((2 * len(hashes)).bit_length(), _TABLE_BITS[0]), _TABLE_BITS[-1])
    table = np.zeros(1 << bits, np.int32)
    slots = (hashes >> np.uint64(64 - bits)).astype(np.int64)
    # From the end, so that the first is what stays.
    table[slots[::-1]] = np.arange(len(hashes) - 1, -1, -1, dtype=np.int32)
    place = table[slots].astype(np.int64)
    lost = np.flatnonzero(hashes[place] != hashes)
    if len(lost):
        _, first, number = np.unique(hashes[lost], return_index=True, return_inverse=True)
        place[lost] = lost[first][number]
    return place
