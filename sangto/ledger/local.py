"""This machine's copy of the log as files, laid out as they are served. It can be made anew from the database."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.conf import settings

from sangto.engine.merkle.checkpoints import Checkpoint
from sangto.engine.merkle.notes import BadNote, Note
from sangto.engine.merkle.tiles import ReadTile, Tile
from sangto.engine.once import PUBLIC, replace, write_once
from sangto.ledger.rules import shard_order


def top() -> Path:
    """The folder of all shards."""
    return settings.LEDGER_DIR or Path(settings.HOME) / "log"


def shards_on_disk() -> list[str]:
    """The names of the shards that have a published checkpoint here, oldest first."""
    return sorted((each.parent.name for each in top().glob("*/checkpoint")), key=shard_order)


class OtherBytes(Exception):
    """A tile that was written before holds other bytes than it should; nothing was overwritten."""


class LocalLog:
    """One shard's files: `checkpoint`, `tile/...`."""

    def __init__(self, shard: str) -> None:
        self.folder = top() / shard

    def checkpoint(self) -> Note | None:
        """The published checkpoint; None before the first. Raises BadNote when the file holds something else."""
        try:
            return Note.read((self.folder / "checkpoint").read_text())
        except FileNotFoundError:
            return None
        except UnicodeDecodeError as error:
            raise BadNote("the published checkpoint is no text") from error

    def published(self) -> Checkpoint | None:
        """What the published checkpoint says; raises BadNote."""
        note = self.checkpoint()
        return Checkpoint.read(note.text) if note else None

    def publish(self, note: Note) -> None:
        """Put a checkpoint up. Its tiles have to be there."""
        replace(self.folder / "checkpoint", str(note).encode())

    def read(self, tile: Tile) -> bytes:
        """The bytes of a tile, cut out of a wider one where only that is there; raises FileNotFoundError."""
        with suppress(FileNotFoundError):
            return (self.folder / tile.path).read_bytes()
        full = (self.folder / Tile(tile.level, tile.n).path).read_bytes()
        if tile.level < 0:
            raise FileNotFoundError(tile.path)
        return full[: tile.width * 32]

    @property
    def reader(self) -> ReadTile:
        """`read`, as the engine takes it."""
        return self.read

    def write(self, tile: Tile, data: bytes) -> None:
        """Keep a tile; raises OtherBytes when other bytes are there already."""
        if write_once(self.folder / tile.path, data, mode=PUBLIC) != data:
            raise OtherBytes(tile.path)

    def has(self, tile: Tile) -> bool:
        """Whether the file of a tile is there, whatever its bytes."""
        return (self.folder / tile.path).is_file()

    def holds(self, tile: Tile, data: bytes) -> bool:
        """Whether the file of a tile is there with these bytes."""
        path = self.folder / tile.path
        return path.is_file() and path.read_bytes() == data

    def mend(self, tile: Tile, data: bytes) -> None:
        """Put the right bytes of a tile that was found damaged in their place."""
        replace(self.folder / tile.path, data)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Alone among the processes of this machine that write here."""
        self.folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        descriptor = os.open(self.folder / ".lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)
