"""Tiles and entry bundles (C2SP tlog-tiles): which there are at a size, where they lie, and nodes read out of them."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from sangto.engine.merkle.tree import HASH_BYTES, ReadNode, root_of

HEIGHT = 8
WIDTH = 1 << HEIGHT  # hashes in a full tile, entries in a full bundle
LAST_LEVEL = 63
MOST_ENTRY_BYTES = 65_535
_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<n>(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/(?P<w>[1-9][0-9]{0,2}))?"
)

ReadTile = Callable[["Tile"], bytes]


class BadTile(ValueError):
    """The path names no tile, or the bytes are not those of one."""


@dataclass(frozen=True, order=True)
class Tile:
    """A tile of hashes, or of entries when `level` is -1, with the first `width` of its 256 places filled."""

    level: int
    n: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Where it lies under the log's address, such as tile/0/x001/234.p/5."""
        level = "entries" if self.level < 0 else str(self.level)
        partial = "" if self.width == WIDTH else f".p/{self.width}"
        return f"tile/{level}/{_grouped(self.n)}{partial}"


def tile_at(path: str) -> Tile:
    """The tile that a path names; raises BadTile for any path that is not the one way to write it."""
    found = _PATH.fullmatch(path)
    if not found:
        raise BadTile("this is no path of a tile")
    level = -1 if found["level"] == "entries" else int(found["level"])
    n = int(found["n"].replace("x", "").replace("/", ""))
    width = int(found["w"] or WIDTH)
    tile = Tile(level, n, width)
    if level > LAST_LEVEL or n >> 63 or width > WIDTH or tile.path != path:
        raise BadTile("this is no path of a tile")
    return tile


def tiles_of(size: int, *, since: int = 0) -> Iterator[Tile]:
    """Every tile and bundle that a tree of `size` leaves has and one of `since` leaves had not, lowest level first."""
    for level in count(-1):
        shift = HEIGHT * max(level, 0)
        before, after = since >> shift, size >> shift
        if not after:
            return
        for n in range(before // WIDTH, -(-after // WIDTH)):
            width = min(WIDTH, after - n * WIDTH)
            if n * WIDTH + width > before:
                yield Tile(level, n, width)


def holding(level: int, index: int, size: int) -> Tile:
    """The tile of a tree of `size` leaves in which a hash of tile level `level` stands."""
    n = index // WIDTH
    return Tile(level, n, min(WIDTH, (size >> (HEIGHT * level)) - n * WIDTH))


def node_reader(size: int, read: ReadTile) -> ReadNode:
    """Nodes of the tree of `size` leaves, computed from its tiles; each tile is read once."""
    held: dict[Tile, Sequence[bytes]] = {}

    def node(level: int, index: int) -> bytes:
        if (index + 1) << level > size:
            raise BadTile("the tree has no such node")
        tile_level, above = divmod(level, HEIGHT)
        first = index << above
        tile = holding(tile_level, first, size)
        if tile not in held:
            held[tile] = hashes_in(read(tile), width=tile.width)
        start = first - tile.n * WIDTH
        return root_of(held[tile][start : start + (1 << above)])

    return node


def hashes_in(data: bytes, *, width: int) -> list[bytes]:
    """The hashes of a tile; raises BadTile unless it is `width` hashes long."""
    if len(data) != width * HASH_BYTES:
        raise BadTile("the tile has not the length of its width")
    return [data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES)]


def bundle_of(entries: Sequence[bytes]) -> bytes:
    """An entry bundle: each entry behind its length in two bytes, big-endian; raises BadTile for a longer entry."""
    if any(len(entry) > MOST_ENTRY_BYTES for entry in entries):
        raise BadTile("an entry has at most 65535 bytes")
    return b"".join(len(entry).to_bytes(2) + entry for entry in entries)


def entries_in(data: bytes, *, width: int) -> list[bytes]:
    """The entries of a bundle; raises BadTile unless it holds `width` of them and nothing else."""
    entries: list[bytes] = []
    at = 0
    while at < len(data) and len(entries) < width:
        length = int.from_bytes(data[at : at + 2])
        entry = data[at + 2 : at + 2 + length]
        if at + 2 > len(data) or len(entry) != length:
            raise BadTile("the bundle is cut off")
        entries.append(entry)
        at += 2 + length
    if len(entries) != width or at != len(data):
        raise BadTile("the bundle holds another number of entries")
    return entries


def _grouped(n: int) -> str:
    digits = f"{n:03d}"
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    return "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
