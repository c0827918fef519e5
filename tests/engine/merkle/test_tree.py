"""The tree against a naive recomputation, and against vectors of other people's."""

import base64
import json
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sangto.engine.merkle.tree import (
    EMPTY_ROOT,
    BadProof,
    Edge,
    check_consistency,
    check_inclusion,
    consistency_proof,
    edge_nodes,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
)
from tests.engine.merkle.signing import refused

VECTORS = json.loads((Path(__file__).parent / "vectors" / "merkle.json").read_text())


def naive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\1" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def naive_path(m: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 6962, 2.1.1, word for word."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*naive_path(m, leaves[:k]), naive_root(leaves[k:])]
    return [*naive_path(m - k, leaves[k:]), naive_root(leaves[:k])]


def naive_consistency(m: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """RFC 6962, 2.1.2, word for word."""
    if m == len(leaves):
        return [] if whole else [naive_root(leaves)]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m <= k:
        return [*naive_consistency(m, leaves[:k], whole), naive_root(leaves[k:])]
    return [*naive_consistency(m - k, leaves[k:], False), naive_root(leaves[:k])]


def some(count: int) -> list[bytes]:
    return [leaf_hash(str(each).encode()) for each in range(count)]


def reader(leaves: list[bytes]):
    def read(level: int, index: int) -> bytes:
        part = leaves[index << level : (index + 1) << level]
        assert len(part) == 1 << level, "only complete subtrees are asked for"
        return naive_root(part)

    return read


def test_hashes_are_those_of_the_rfc():
    assert EMPTY_ROOT == sha256(b"").digest() == root_of([])
    assert leaf_hash(b"") == sha256(b"\0").digest()
    assert node_hash(b"a", b"b") == sha256(b"\1ab").digest()


@pytest.mark.parametrize("size", range(70))
def test_root_is_the_naive_one(size):
    assert root_of(some(size)) == naive_root(some(size))


@given(st.lists(st.integers(0, 20), max_size=9))
def test_root_does_not_depend_on_how_leaves_come(parts):
    leaves, edge, at = some(sum(parts)), Edge(), 0
    for part in parts:
        edge = edge.extended(leaves[at : at + part])
        at += part

    assert (edge.size, edge.root) == (len(leaves), naive_root(leaves))


@pytest.mark.parametrize("size", range(1, 36))
def test_every_inclusion_proof_is_the_naive_one_and_holds(size):
    leaves = some(size)
    for index in range(size):
        proof = inclusion_proof(index, size, reader(leaves))

        assert proof == naive_path(index, leaves)
        check_inclusion(leaf=leaves[index], index=index, size=size, root=naive_root(leaves), proof=proof)


@pytest.mark.parametrize("size", range(1, 36))
def test_every_consistency_proof_is_the_naive_one_and_holds(size):
    leaves = some(size)
    for old in range(1, size + 1):
        proof = consistency_proof(old, size, reader(leaves))

        assert proof == naive_consistency(old, leaves)
        check_consistency(old=old, old_root=naive_root(leaves[:old]), size=size, root=naive_root(leaves), proof=proof)


@given(st.integers(1, 300), st.data())
@settings(deadline=None)
def test_no_proof_holds_for_anything_else(size, data):
    leaves, index = some(size), data.draw(st.integers(0, size - 1))
    root, proof = naive_root(leaves), naive_path(index, leaves)
    other = data.draw(st.integers(0, size - 1).filter(lambda each: each != index)) if size > 1 else size
    wrong = [
        {"index": other},
        {"leaf": leaf_hash(b"another")},
        {"root": leaf_hash(b"another")},
        {"proof": [*proof, root]},
        {"proof": [root, *proof]},
        *({"proof": proof[:at] + proof[at + 1 :]} for at in range(len(proof))),
        *({"proof": [*proof[:at], root, *proof[at + 1 :]]} for at in range(len(proof))),
    ]
    for change in wrong:
        with pytest.raises(BadProof):
            check_inclusion(
                **{"leaf": leaves[index], "index": index, "size": size, "root": root, "proof": proof} | change
            )


@given(st.integers(2, 300), st.data())
@settings(deadline=None)
def test_no_consistency_holds_for_anything_else(size, data):
    leaves, old = some(size), data.draw(st.integers(1, size - 1))
    root, old_root, proof = naive_root(leaves), naive_root(leaves[:old]), naive_consistency(old, leaves)
    wrong = [
        {"old": 0},
        {"old": size + 1},
        {"old_root": root},
        {"root": old_root},
        {"proof": []},
        {"proof": [*proof, root]},
        {"proof": [root, *proof]},
        *({"proof": proof[:at] + proof[at + 1 :]} for at in range(len(proof))),
        *({"proof": [*proof[:at], leaf_hash(b"x"), *proof[at + 1 :]]} for at in range(len(proof))),
    ]
    for change in wrong:
        with pytest.raises(BadProof):
            check_consistency(**{"old": old, "old_root": old_root, "size": size, "root": root, "proof": proof} | change)


def test_two_trees_of_one_size_are_one():
    root = naive_root(some(5))
    check_consistency(old=5, old_root=root, size=5, root=root, proof=[])
    for change in ({"root": EMPTY_ROOT}, {"old_root": EMPTY_ROOT}, {"proof": [root]}):
        with refused(BadProof, "two trees of one size differ"):
            check_consistency(**{"old": 5, "old_root": root, "size": 5, "root": root, "proof": []} | change)


HASH = b"\0" * 32
NOT_HASHES = "the proof is not made of at most 63 hashes"
TOO_LONG, TOO_SHORT = "the proof is too long", "the proof is too short"
NOT_IN, NO_INDEX = "the leaf is not in the tree", "the index is not in the tree"


@pytest.mark.parametrize("proof", [[HASH] * 64, [b"\0" * 31], [b"\0" * 33], [b""], [HASH, b"\0" * 31]])
def test_proof_of_64_hashes_or_of_other_lengths_is_none(proof):
    for size in (1, 1 << 62):
        with refused(BadProof, NOT_HASHES):
            check_inclusion(leaf=HASH, index=0, size=1 << 62, root=HASH, proof=proof)
        with refused(BadProof, NOT_HASHES):
            check_consistency(old=1, old_root=HASH, size=size, root=HASH, proof=proof)


def test_proof_of_63_hashes_is_one():
    with refused(BadProof, NOT_IN):
        check_inclusion(leaf=HASH, index=0, size=1 << 63, root=HASH, proof=[HASH] * 63)
    with refused(BadProof, "the first tree is not the beginning of the second"):
        check_consistency(old=1, old_root=HASH, size=1 << 63, root=HASH, proof=[HASH] * 63)


@pytest.mark.parametrize("change", [{"leaf": HASH[1:]}, {"leaf": HASH + b"\0"}, {"root": HASH[1:]}, {"root": b""}])
def test_leaf_and_root_have_32_bytes(change):
    with refused(BadProof, "a hash has 32 bytes"):
        check_inclusion(**{"leaf": HASH, "index": 0, "size": 1, "root": HASH, "proof": []} | change)


def test_wrong_inclusion_is_told_as_what_it_is():
    leaves = some(7)
    root, proof = naive_root(leaves), naive_path(3, leaves)
    for message, change in (
        (NOT_IN, {"leaf": HASH}),
        (NOT_IN, {"root": HASH}),
        (NOT_IN, {"index": 2}),
        (NOT_IN, {"proof": proof[:-1]}),
        (NOT_IN, {"proof": []}),
        (TOO_LONG, {"proof": [*proof, HASH]}),
        (TOO_LONG, {"index": 0, "size": 1, "leaf": root, "proof": [HASH]}),
        (NO_INDEX, {"index": 7}),
        (NO_INDEX, {"index": -1}),
        (NO_INDEX, {"size": 0, "index": 0}),
    ):
        with refused(BadProof, message):
            check_inclusion(**{"leaf": leaves[3], "index": 3, "size": 7, "root": root, "proof": proof} | change)


def test_wrong_consistency_is_told_as_what_it_is():
    leaves = some(7)
    root, old_root, proof = naive_root(leaves), naive_root(leaves[:3]), naive_consistency(3, leaves)
    no_beginning = "the first tree is not the beginning of the second"
    no_way = "no proof leads from one of these sizes to the other"
    for message, change in (
        (no_beginning, {"old_root": HASH}),
        (no_beginning, {"root": HASH}),
        (no_beginning, {"proof": [HASH, *proof[1:]]}),
        (TOO_SHORT, {"proof": proof[:-1]}),
        (TOO_SHORT, {"proof": []}),
        (TOO_SHORT, {"old": 4, "old_root": naive_root(leaves[:4]), "proof": []}),
        (TOO_LONG, {"proof": [*proof, HASH]}),
        (no_way, {"old": 0}),
        (no_way, {"old": -1}),
        (no_way, {"old": 8}),
    ):
        with refused(BadProof, message):
            check_consistency(**{"old": 3, "old_root": old_root, "size": 7, "root": root, "proof": proof} | change)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 3), (3, 3), (4, 3)])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(index, size):
    with refused(ValueError, "no such leaf in a tree of this size"):
        inclusion_proof(index, size, reader(some(3)))
    with refused(BadProof, NO_INDEX):
        check_inclusion(leaf=leaf_hash(b"0"), index=index, size=size, root=EMPTY_ROOT, proof=[])


@pytest.mark.parametrize(("old", "size"), [(0, 3), (-1, 3), (4, 3)])
def test_there_is_no_proof_between_such_sizes(old, size):
    with refused(ValueError, "no consistency proof between these sizes"):
        consistency_proof(old, size, reader(some(3)))


def test_edge_has_one_hash_for_each_bit():
    for size, hashes in ((-1, ()), (-1, (HASH,)), (1, ()), (0, (HASH,)), (2, (HASH, HASH)), (3, (HASH,))):
        with refused(ValueError, "an edge has one hash for each bit of its size"):
            Edge(size, hashes)


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_edge_nodes_cover_a_range_once(start, length):
    covered = [
        leaf
        for level, index in edge_nodes(start, start + length)
        for leaf in range(index << level, (index + 1) << level)
    ]

    assert covered == list(range(start, start + length))


def unbase64(text: str | None) -> bytes:
    return base64.b64decode(text or "")


@pytest.mark.parametrize("case", VECTORS["inclusion"], ids=lambda case: case["name"])
def test_inclusion_vector(case):
    def check():
        check_inclusion(
            leaf=unbase64(case["leafHash"]),
            index=case["leafIdx"],
            size=case["treeSize"],
            root=unbase64(case["root"]),
            proof=[unbase64(each) for each in case["proof"] or []],
        )

    verdict(check, wrong=case["wantErr"])


@pytest.mark.parametrize("case", VECTORS["consistency"], ids=lambda case: case["name"])
def test_consistency_vector(case):
    def check():
        check_consistency(
            old=case["size1"],
            old_root=unbase64(case["root1"]),
            size=case["size2"],
            root=unbase64(case["root2"]),
            proof=[unbase64(each) for each in case["proof"] or []],
        )

    verdict(check, wrong=case["wantErr"])


def verdict(check, *, wrong: bool) -> None:
    if wrong:
        with pytest.raises(BadProof):
            check()
    else:
        check()


def test_all_196_vectors_are_there():
    assert {kind: len(cases) for kind, cases in VECTORS.items() if kind != "licence"} == {
        "inclusion": 98,
        "consistency": 98,
    }
