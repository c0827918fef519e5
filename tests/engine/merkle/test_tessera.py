"""A whole log that another program wrote (see vectors/README.md): its checkpoints, roots, proofs, tiles and bundles."""

from pathlib import Path

import pytest

from sangto.engine.merkle.checkpoints import Checkpoint
from sangto.engine.merkle.notes import Key, Note
from sangto.engine.merkle.policies import Policy
from sangto.engine.merkle.proofs import ProofFile
from sangto.engine.merkle.tiles import Tile, bundle_of, entries_in, hashes_in, node_reader, tile_at, tiles_of
from sangto.engine.merkle.tree import (
    EMPTY_ROOT,
    Edge,
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_of,
)

LOG = Path(__file__).parent / "vectors" / "tessera-log"
VKEY = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
ENTRIES = [
    "one", "two", "three", "four", "five", "six", "seven", "eit", "nain", "ten",
    "ileven", "twelf", "threeten", "fourten", "fivten",
]  # fmt: skip
SIZES = range(16)


def note_at(size: int) -> Note:
    return Note.read((LOG / f"checkpoint.{size}").read_text())


def root_at(size: int) -> bytes:
    return Checkpoint.read(note_at(size).text).root


def read(tile: Tile) -> bytes:
    return (LOG / tile.path).read_bytes()


@pytest.mark.parametrize("size", SIZES)
def test_checkpoint_is_the_logs_own(size):
    key = Key.read(VKEY)
    checkpoint, witnesses = Policy.read(f"log {VKEY}\nquorum none\n").check(note_at(size))

    assert note_at(size).signed_by([key]) == {key: 0}
    assert (checkpoint.origin, checkpoint.size, witnesses) == (key.name, size, {})
    assert str(note_at(size)) == (LOG / f"checkpoint.{size}").read_text()


@pytest.mark.parametrize("size", SIZES)
def test_root_is_that_of_the_entries(size):
    leaves = [leaf_hash(entry.encode()) for entry in ENTRIES[:size]]

    assert root_at(size) == root_of(leaves) == Edge().extended(leaves).root
    assert (root_at(size) == EMPTY_ROOT) is (size == 0)


@pytest.mark.parametrize("size", SIZES[1:])
def test_tile_and_bundle_hold_the_entries(size):
    entries = [entry.encode() for entry in ENTRIES[:size]]
    tile, bundle = Tile(0, 0, size), Tile(-1, 0, size)

    assert list(tiles_of(size)) == list(tiles_of(size, since=size - 1)) == [bundle, tile]
    assert hashes_in(read(tile), width=size) == [leaf_hash(entry) for entry in entries]
    assert entries_in(read(bundle), width=size) == entries
    assert read(bundle) == bundle_of(entries)


def test_log_has_no_other_files():
    files = {path.relative_to(LOG).as_posix() for path in LOG.rglob("*") if path.is_file()}
    tiles = {tile for size in SIZES for tile in tiles_of(size)}

    assert files - {"LICENSE", "checkpoint", *(f"checkpoint.{size}" for size in SIZES)} == {each.path for each in tiles}
    assert {tile_at(each.path) for each in tiles} == tiles
    assert (LOG / "checkpoint").read_text() == (LOG / "checkpoint.15").read_text()


@pytest.mark.parametrize("size", SIZES[1:])
def test_every_checkpoint_is_the_beginning_of_every_later_one(size):
    for old in SIZES[1 : size + 1]:
        proof = consistency_proof(old, size, node_reader(size, read))

        check_consistency(old=old, old_root=root_at(old), size=size, root=root_at(size), proof=proof)


@pytest.mark.parametrize("size", SIZES[1:])
def test_every_entry_is_in_every_later_checkpoint(size):
    node = node_reader(size, read)
    for index, entry in enumerate(ENTRIES[:size]):
        proof = ProofFile(index, tuple(inclusion_proof(index, size, node)), note_at(size))

        check_inclusion(leaf=leaf_hash(entry.encode()), index=index, size=size, root=root_at(size), proof=proof.hashes)
        assert ProofFile.read(str(proof)).check(leaf_hash(entry.encode())) == Checkpoint.read(note_at(size).text)
