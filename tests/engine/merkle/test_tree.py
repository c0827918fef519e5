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
    for change in ({"root": EMPTY_ROOT}, {"proof": [root]}):
        with pytest.raises(BadProof):
            check_consistency(**{"old": 5, "old_root": root, "size": 5, "root": root, "proof": []} | change)


def test_proof_of_64_hashes_or_of_other_lengths_is_none():
    for proof in ([b"\0" * 32] * 64, [b"\0" * 31], [b"\0" * 33]):
        with pytest.raises(BadProof, match="63 hashes"):
            check_inclusion(leaf=b"\0" * 32, index=0, size=1 << 62, root=b"\0" * 32, proof=proof)
        with pytest.raises(BadProof, match="63 hashes"):
            check_consistency(old=1, old_root=b"\0" * 32, size=1 << 62, root=b"\0" * 32, proof=proof)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 3), (3, 3), (4, 3)])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(index, size):
    with pytest.raises(ValueError, match="no such leaf"):
        inclusion_proof(index, size, reader(some(3)))
    with pytest.raises(BadProof, match="not in the tree"):
        check_inclusion(leaf=leaf_hash(b"0"), index=index, size=size, root=EMPTY_ROOT, proof=[])


@pytest.mark.parametrize(("old", "size"), [(0, 3), (-1, 3), (4, 3)])
def test_there_is_no_proof_between_such_sizes(old, size):
    with pytest.raises(ValueError, match="no consistency proof"):
        consistency_proof(old, size, reader(some(3)))


def test_edge_has_one_hash_for_each_bit():
    for size, hashes in ((-1, ()), (1, ()), (2, (b"", b"")), (3, (b"",))):
        with pytest.raises(ValueError, match="each bit"):
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
