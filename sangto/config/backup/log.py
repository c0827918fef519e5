"""The published log in a backup: of each shard its checkpoint, and the tiles that this checkpoint needs."""

from contextlib import suppress
from pathlib import Path

from sangto.config.backup.folder import copy
from sangto.config.backup.manifest import LogSize
from sangto.config.backup.refusal import Refusal
from sangto.engine.merkle.checkpoints import Checkpoint
from sangto.engine.merkle.notes import BadNote, Note
from sangto.engine.merkle.tiles import Tile, tiles_of
from sangto.ledger.local import LocalLog, shards_on_disk, top

FOLDER = "log"


def copy_log(target: Path) -> list[LogSize]:
    """Copy every shard's checkpoint and tiles; how far each is. Raises Refusal where some of them are not there.

    The checkpoint is read first, so that its tiles are all there: they are written before it is, and never change.
    """
    return [_copy_shard(shard, target / FOLDER / shard) for shard in shards_on_disk()]


def log_size() -> int:
    """The bytes that the copy will take, or somewhat more."""
    return sum(each.stat().st_size for each in top().rglob("*") if each.is_file())


def published_sizes() -> dict[str, int]:
    """How far the log that lies in this desk's folder is, shard by shard; raises Refusal where that cannot be read."""
    return {shard: _checkpoint(shard)[1].size for shard in shards_on_disk()}


def _copy_shard(shard: str, folder: Path) -> LogSize:
    note, checkpoint = _checkpoint(shard)
    local = LocalLog(shard)
    for tile in tiles_of(checkpoint.size):
        _copy_tile(local, tile, folder / tile.path)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "checkpoint").write_text(str(note))
    return LogSize(shard, checkpoint.origin, checkpoint.size, checkpoint.root.hex())


def _copy_tile(local: LocalLog, tile: Tile, target: Path) -> None:
    with suppress(FileNotFoundError):
        copy(local.folder / tile.path, target)
        return
    raise Refusal(f"{local.folder / tile.path} is missing; `sangto ledger check` makes it anew")


def _checkpoint(shard: str) -> tuple[Note, Checkpoint]:
    try:
        note = LocalLog(shard).checkpoint()
        if note is not None:
            return note, Checkpoint.read(note.text)
    except BadNote as error:
        raise Refusal(f"the published checkpoint of {shard} cannot be read; see docs/run/ledger.md") from error
    raise Refusal(f"the published checkpoint of {shard} is gone")


def files_in(folder: Path) -> list[Path]:
    """The files of a copied log, the checkpoints last."""
    paths = [each for each in folder.rglob("*") if each.is_file()]
    return sorted(paths, key=lambda each: (each.name == "checkpoint", each))
