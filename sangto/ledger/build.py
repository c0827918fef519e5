"""The tree of a shard out of its rows: tiles, bundles and roots. The files on the disk are copies of this."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, pairwise

from sangto.engine.merkle.tiles import (
    HEIGHT,
    WIDTH,
    BadTile,
    ReadTile,
    Tile,
    bundle_of,
    hashes_in,
    node_reader,
    tiles_of,
)
from sangto.engine.merkle.tree import Edge, edge_nodes, folded, leaf_hash, root_of
from sangto.ledger.models import Leaf

CHUNK = 4096


class RowsMissing(Exception):
    """The database has not every leaf that the log is said to have."""


def tiles_since(origin: str, since: int, size: int, *, read: ReadTile) -> Iterator[tuple[Tile, bytes]]:
    """What a tree of `size` leaves has and one of `since` leaves had not: bundles, then each level of tiles.

    A hash above level 0 is computed from the full tile below it, which `read` gives: by then it has been handed out.
    """
    return _filled(origin, tiles_of(size, since=since), read, since=since)


def tiles_to_serve(origin: str, sizes: Iterable[int], *, read: ReadTile) -> Iterator[tuple[Tile, bytes]]:
    """Every tile of a log that published these sizes; partial ones of each size until the full one is there.

    Whoever holds an old checkpoint asks for the tiles of its size (C2SP tlog-tiles: they MUST be served).
    """
    steps = [0, *sorted(sizes)]
    tiles = {tile for since, size in pairwise(steps) for tile in tiles_of(size, since=since)}
    return _filled(origin, sorted(tile for tile in tiles if not _is_superseded(tile, steps[-1])), read)


def rows_reader(origin: str) -> ReadTile:
    """Tiles made of the rows alone, whatever lies on the disk; raises RowsMissing. The last 1,024 are kept at hand."""

    @lru_cache(maxsize=1024)
    def read(tile: Tile) -> bytes:
        if tile.level < 0:
            return bundle_of(_entries(origin, tile))
        if tile.level == 0:
            return b"".join(leaf_hash(each) for each in _entries(origin, tile))
        return b"".join(_roots_below(tile, 0, read))

    return read


def root_in_tiles(size: int, *, read: ReadTile) -> bytes | None:
    """The root that the tiles give; None where some are missing or cut off."""
    node = node_reader(size, read)
    try:
        return folded([node(level, index) for level, index in edge_nodes(0, size)])
    except (FileNotFoundError, BadTile):
        return None


def roots_in_rows(origin: str, sizes: Sequence[int]) -> dict[int, bytes]:
    """The root at each of the sizes, computed from what the rows say, one after the other; raises RowsMissing."""
    bodies = Leaf.objects.filter(origin=origin).order_by("leaf_index").values_list("body", flat=True)
    leaves = (leaf_hash(each.encode()) for each in bodies.iterator(chunk_size=CHUNK))
    edge, roots = Edge(), {}
    for size in sorted(set(sizes)):
        while edge.size < size:
            part = list(islice(leaves, min(CHUNK, size - edge.size)))
            if not part:
                raise RowsMissing(origin)
            edge = edge.extended(part)
        roots[size] = edge.root
    return roots


def _filled(origin: str, tiles: Iterable[Tile], read: ReadTile, *, since: int = 0) -> Iterator[tuple[Tile, bytes]]:
    for tile in tiles:
        # Hashes are computed from the leaves and not read from their rows: a leaf that was rewritten shows in the root.
        if tile.level < 0:
            yield tile, bundle_of(_entries(origin, tile))
        elif tile.level == 0:
            yield tile, b"".join(leaf_hash(each) for each in _entries(origin, tile))
        else:
            known = max((since >> HEIGHT * tile.level) - tile.n * WIDTH, 0)
            yield tile, b"".join(_roots_below(tile, known, read))


def _is_superseded(tile: Tile, size: int) -> bool:
    return tile.width < WIDTH and (tile.n + 1) * WIDTH <= size >> HEIGHT * max(tile.level, 0)


def _entries(origin: str, tile: Tile) -> list[bytes]:
    first = tile.n * WIDTH
    rows = Leaf.objects.filter(origin=origin, leaf_index__gte=first, leaf_index__lt=first + tile.width)
    found = [each.encode() for each in rows.order_by("leaf_index").values_list("body", flat=True)]
    if len(found) != tile.width:
        raise RowsMissing(origin)
    return found


def _roots_below(tile: Tile, known: int, read: ReadTile) -> Iterator[bytes]:
    """The hashes of a tile above level 0. The first `known` stood in it before, and are not computed again."""
    first = tile.n * WIDTH
    if known:
        yield from hashes_in(read(Tile(tile.level, tile.n, known)), width=known)
    for n in range(first + known, first + tile.width):
        yield root_of(hashes_in(read(Tile(tile.level - 1, n)), width=WIDTH))
