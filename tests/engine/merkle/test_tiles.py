"""Paths, widths and contents of tiles, and the nodes read out of them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sangto.engine.merkle.tiles import (
    WIDTH,
    BadTile,
    Tile,
    bundle_of,
    entries_in,
    hashes_in,
    holding,
    node_reader,
    tile_at,
    tiles_of,
)
from sangto.engine.merkle.tree import consistency_proof, inclusion_proof, leaf_hash, root_of
from tests.engine.merkle.signing import refused

PATHS = {
    "tile/0/000": Tile(0, 0),
    "tile/0/000.p/1": Tile(0, 0, 1),
    "tile/0/273.p/112": Tile(0, 273, 112),
    "tile/63/x001/x234/067.p/255": Tile(63, 1_234_067, 255),
    "tile/entries/x123/456": Tile(-1, 123_456),
    "tile/entries/999": Tile(-1, 999),
    "tile/1/x001/000": Tile(1, 1000),
    "tile/9/000": Tile(9, 0),
    "tile/10/000": Tile(10, 0),
    "tile/0/x009/x223/x372/x036/x854/x775/807": Tile(0, 2**63 - 1),
}
NO_PATHS = [
    "",
    "tile",
    "tile/0",
    "tile/0/",
    "tile/0/0",
    "tile/0/00",
    "tile/0/0000",
    "tile/00/000",
    "tile/64/000",
    "tile/-1/000",
    "tile/100/000",
    "tile/0/000.p/0",
    "tile/0/000.p/256",
    "tile/0/000.p/01",
    "tile/0/000.p/",
    "tile/0/000.p",
    "tile/0/x000/001",
    "tile/0/x001",
    "tile/0/001/002",
    "tile/0/../000",
    "tile/0/..%2f000",
    "../tile/0/000",
    "/tile/0/000",
    "tile/0/000/",
    "tile//000",
    "tile/0/000.p/5/..",
    "tile/0/x" + "999/x" * 6 + "999/999",
    "tile/0/x009/x223/x372/x036/x854/x775/808",
    "tile/0/" + "x999/" * 400 + "999",
    "tile/0/" + "x999/" * 2000 + "999",
    "tile/0/" + "x000/" * 7 + "001",
    "tile/0/000\n",
    "tile/0/٠٠٠",
    "tile/entries/000.p/1000",
    "tile/entry/000",
    "tile/0/000\0",
    "TILE/0/000",
]


@pytest.mark.parametrize(("path", "tile"), PATHS.items())
def test_path_names_its_tile(path, tile):
    assert (tile_at(path), tile.path) == (tile, path)


@pytest.mark.parametrize("path", NO_PATHS)
def test_other_path_names_none(path):
    with refused(BadTile, "this is no path of a tile"):
        tile_at(path)


@given(st.integers(-1, 63), st.integers(0, 2**63 - 1), st.integers(1, WIDTH))
def test_every_tile_has_one_path(level, n, width):
    tile = Tile(level, n, width)

    assert tile_at(tile.path) == tile


def test_log_of_70000_has_the_tiles_of_the_specification():
    tiles = list(tiles_of(70_000))

    assert [sum(each.level == level for each in tiles) for level in (-1, 0, 1, 2, 3)] == [274, 274, 2, 1, 0]
    assert {each.path for each in tiles if each.width < WIDTH} == {
        "tile/entries/273.p/112", "tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1",
    }  # fmt: skip


def test_tiles_are_told_and_sorted_lowest_level_first():
    tiles = list(tiles_of(70_000))

    assert tiles == sorted(reversed(tiles))
    assert sorted([Tile(0, 0, 2), Tile(0, 0, 1), Tile(0, 1, 1), Tile(-1, 9)]) == [
        Tile(-1, 9), Tile(0, 0, 1), Tile(0, 0, 2), Tile(0, 1, 1),
    ]  # fmt: skip


def test_log_of_256_has_a_full_tile_and_one_hash_above():
    assert [each.path for each in tiles_of(256)] == ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]
    assert list(tiles_of(0)) == []


@given(st.integers(0, 200_000), st.integers(0, 3000))
def test_new_tiles_are_those_that_were_not_there(size, more):
    assert set(tiles_of(size + more, since=size)) == set(tiles_of(size + more)) - set(tiles_of(size))


def test_old_tiles_of_a_large_log_are_not_gone_through():
    assert list(tiles_of(2**40 + 1, since=2**40)) == [Tile(-1, 2**32, 1), Tile(0, 2**32, 1)]
    assert list(tiles_of(2**62, since=2**62)) == []


def naive_tile(tile: Tile, leaves: list[bytes]) -> bytes:
    """The specification's own formula: MTH(D[(n*256+i) * 256^l : (n*256+i+1) * 256^l]) for each i."""
    span = 256**tile.level
    return b"".join(
        root_of(leaves[(tile.n * 256 + i) * span : (tile.n * 256 + i + 1) * span]) for i in range(tile.width)
    )


@given(st.integers(1, 1200), st.data())
@settings(deadline=None, max_examples=25)
def test_proofs_out_of_tiles_are_those_out_of_leaves(size, data):
    leaves = [leaf_hash(str(each).encode()) for each in range(size)]
    read = node_reader(size, lambda tile: naive_tile(tile, leaves))

    def direct(level: int, index: int) -> bytes:
        return root_of(leaves[index << level : (index + 1) << level])

    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    assert inclusion_proof(index, size, read) == inclusion_proof(index, size, direct)
    assert consistency_proof(old, size, read) == consistency_proof(old, size, direct)


def test_each_tile_is_read_once():
    leaves = [leaf_hash(str(each).encode()) for each in range(600)]
    seen = []

    def read(tile: Tile) -> bytes:
        seen.append(tile)
        return naive_tile(tile, leaves)

    node = node_reader(600, read)
    for index in range(0, 600, 7):
        inclusion_proof(index, 600, node)

    assert len(seen) == len(set(seen)) == 4


def test_hash_stands_in_the_last_tile_as_wide_as_it_is():
    assert holding(0, 599, 600) == Tile(0, 2, 88)
    assert holding(0, 255, 600) == Tile(0, 0)
    assert holding(1, 1, 600) == Tile(1, 0, 2)


def test_node_that_is_not_there_is_not_made_up():
    node = node_reader(600, lambda tile: pytest.fail(f"{tile} was asked for"))
    for level, index in ((0, 600), (0, 768), (3, 75), (8, 2), (9, 1), (10, 0), (70, 0)):
        with refused(BadTile, "the tree has no such node"):
            node(level, index)


def test_last_node_of_each_level_is_there():
    leaves = [leaf_hash(str(each).encode()) for each in range(600)]
    node = node_reader(600, lambda tile: naive_tile(tile, leaves))
    for level in range(10):
        index = (600 >> level) - 1
        assert node(level, index) == root_of(leaves[index << level : (index + 1) << level])


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_tile_of_another_length_is_none(length):
    with refused(BadTile, "the tile has not the length of its width"):
        hashes_in(b"\0" * length, width=1)


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=20))
def test_bundle_gives_its_entries_back(entries):
    assert entries_in(bundle_of(entries), width=len(entries)) == entries


def test_bundle_is_entries_behind_their_lengths():
    assert bundle_of([b"", b"a", b"b" * 300]) == b"\0\0" + b"\0\1a" + b"\x01\x2c" + b"b" * 300
    assert entries_in(b"\0\0\0\1a", width=2) == [b"", b"a"]
    assert entries_in(b"", width=0) == []


def test_entry_has_at_most_65535_bytes():
    longest = b"a" * 65_535

    assert entries_in(bundle_of([longest, b""]), width=2) == [longest, b""]
    with refused(BadTile, "an entry has at most 65535 bytes"):
        bundle_of([b"", longest + b"a"])


CUT_OFF, ANOTHER_NUMBER = "the bundle is cut off", "the bundle holds another number of entries"


@pytest.mark.parametrize(
    ("data", "width", "message"),
    [
        (b"", 1, ANOTHER_NUMBER),
        (b"\0", 1, CUT_OFF),
        (b"\1", 1, CUT_OFF),
        (b"\0\1", 1, CUT_OFF),
        (b"\0\2a", 1, CUT_OFF),
        (b"\0\1ab", 1, ANOTHER_NUMBER),
        (b"\0\1a", 2, ANOTHER_NUMBER),
        (b"\0\1a\0\1b", 1, ANOTHER_NUMBER),
        (b"\0\1a\0\1b", 3, ANOTHER_NUMBER),
        (b"\0\1a\0", 2, CUT_OFF),
        (b"\0\1a\0\0\0", 2, ANOTHER_NUMBER),
        (b"\0", 0, ANOTHER_NUMBER),
    ],
)
def test_broken_bundle_is_refused(data, width, message):
    with refused(BadTile, message):
        entries_in(data, width=width)
