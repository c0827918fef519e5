"""RFC 6962 hashing and proofs.

`Edge` is the right edge of a tree: the roots of its complete subtrees from the largest to the smallest, one for each
bit that is set in its size. It is all that is needed to append leaves and to know the root.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()
MOST_PROOF_HASHES = 63  # as many as a tree of 2^63 leaves needs

ReadNode = Callable[[int, int], bytes]  # (level, index) of a complete subtree of 2^level leaves -> its root


class BadProof(ValueError):
    """The proof does not show what it should."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of a leaf (RFC 6962, 2.1)."""
    return sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node with two children (RFC 6962, 2.1)."""
    return sha256(b"\1" + left + right).digest()


@dataclass(frozen=True)
class Edge:
    """The right edge of a tree of `size` leaves."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def __post_init__(self) -> None:
        if self.size < 0 or len(self.hashes) != self.size.bit_count():
            raise ValueError("an edge has one hash for each bit of its size")

    @property
    def root(self) -> bytes:
        """The root of the tree."""
        return folded(self.hashes)

    def extended(self, leaves: Sequence[bytes]) -> "Edge":
        """The edge after these leaf hashes are appended."""
        hashes, size = list(self.hashes), self.size
        for leaf in leaves:
            hashes.append(leaf)
            for _ in range(_trailing_ones(size)):
                right = hashes.pop()
                hashes[-1] = node_hash(hashes[-1], right)
            size += 1
        return Edge(size, tuple(hashes))


def folded(hashes: Sequence[bytes]) -> bytes:
    """The root above an edge's hashes, largest subtree first."""
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for left in reversed(hashes[:-1]):
        root = node_hash(left, root)
    return root


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root of a tree with these leaf hashes (RFC 6962, 2.1)."""
    return Edge().extended(leaves).root


def edge_nodes(start: int, end: int) -> list[tuple[int, int]]:
    """(level, index) of the fewest complete subtrees that cover the leaves `start` to `end`, from the left."""
    nodes = []
    while start < end:
        level = (end - start).bit_length() - 1
        if start:
            level = min(level, (start & -start).bit_length() - 1)
        nodes.append((level, start >> level))
        start += 1 << level
    return nodes


def inclusion_proof(index: int, size: int, read: ReadNode) -> list[bytes]:
    """The audit path of the leaf at `index` in the tree of `size` leaves (RFC 6962, 2.1.1), lowest hash first."""
    if not 0 <= index < size:
        raise ValueError("no such leaf in a tree of this size")
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        other = (middle, end) if index < middle else (start, middle)
        path.append(_range_root(*other, read))
        start, end = (start, middle) if index < middle else (middle, end)
    return path[::-1]


def consistency_proof(old: int, size: int, read: ReadNode) -> list[bytes]:
    """The proof that the tree of `old` leaves is the beginning of the one of `size` leaves (RFC 6962, 2.1.2)."""
    if not 0 < old <= size:
        raise ValueError("no consistency proof between these sizes")
    path, start, end, whole = [], 0, size, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_range_root(middle, end, read))
            end = middle
        else:
            path.append(_range_root(start, middle, read))
            start, whole = middle, False
    if not whole:
        path.append(_range_root(start, end, read))
    return path[::-1]


def check_inclusion(*, leaf: bytes, index: int, size: int, root: bytes, proof: Sequence[bytes]) -> None:
    """Raise BadProof unless the leaf hash is at `index` of the tree (RFC 9162, 2.1.3.2)."""
    if len(leaf) != HASH_BYTES or len(root) != HASH_BYTES:
        raise BadProof("a hash has 32 bytes")
    if not 0 <= index < size:
        raise BadProof("the index is not in the tree")
    node, last, result = index, size - 1, leaf
    for each in _hashes(proof):
        if last == 0:
            raise BadProof("the proof is too long")
        if node & 1 or node == last:
            result = node_hash(each, result)
            shift = _trailing_zeros(node)
            node, last = node >> shift, last >> shift
        else:
            result = node_hash(result, each)
        node, last = node >> 1, last >> 1
    if last or result != root:
        raise BadProof("the leaf is not in the tree")


def check_consistency(*, old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> None:
    """Raise BadProof unless the first tree is the beginning of the second (RFC 9162, 2.1.4.2); a size of 0 is none."""
    if not 0 < old <= size:
        raise BadProof("no proof leads from one of these sizes to the other")
    path = _hashes(proof)
    if old == size:
        if path or old_root != root:
            raise BadProof("two trees of one size differ")
        return
    if old & (old - 1) == 0:
        path = [old_root, *path]
    if not path:
        raise BadProof("the proof is too short")
    first, second = _climbed(old - 1, size - 1, path)
    if first != old_root or second != root:
        raise BadProof("the first tree is not the beginning of the second")


def _climbed(node: int, last: int, path: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The two roots that a consistency proof leads to."""
    shift = _trailing_ones(node)
    node, last = node >> shift, last >> shift
    first = second = path[0]
    for each in path[1:]:
        if last == 0:
            raise BadProof("the proof is too long")
        if node & 1 or node == last:
            first, second = node_hash(each, first), node_hash(each, second)
            shift = _trailing_zeros(node)
            node, last = node >> shift, last >> shift
        else:
            second = node_hash(second, each)
        node, last = node >> 1, last >> 1
    if last:
        raise BadProof("the proof is too short")
    return first, second


def _hashes(proof: Sequence[bytes]) -> Sequence[bytes]:
    if len(proof) > MOST_PROOF_HASHES or any(len(each) != HASH_BYTES for each in proof):
        raise BadProof("the proof is not made of at most 63 hashes")
    return proof


def _range_root(start: int, end: int, read: ReadNode) -> bytes:
    return folded([read(level, index) for level, index in edge_nodes(start, end)])


def _split(size: int) -> int:
    """The largest power of two below the size."""
    return 1 << (size - 1).bit_length() - 1


def _trailing_ones(number: int) -> int:
    return (~number & (number + 1)).bit_length() - 1


def _trailing_zeros(number: int) -> int:
    """How far to climb along a right edge until the node is a right child; the node is not 0."""
    return (number & -number).bit_length() - 1
