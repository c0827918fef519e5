"""The room on the disks that this process writes to, and whether a message more may be taken in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection

from sangto.engine import space
from sangto.ledger.local import top

LOOK_EVERY = timedelta(seconds=1)
BALLAST = "ballast"


@dataclass(frozen=True)
class Room:
    """One folder that is written to. `free_bytes` of its disk; `ballast_bytes` that are kept back on it."""

    name: str
    folder: Path
    free_bytes: int
    ballast_bytes: int

    @property
    def is_short(self) -> bool:
        """Whether messages are refused for it."""
        return self.free_bytes < settings.DISK_RESERVE_MB * space.MB

    @property
    def ballast(self) -> Path:
        """The file that keeps room back."""
        return self.folder / BALLAST


def data_folders() -> dict[str, Path]:
    """The folders that a desk writes to: of the database where that is a file, of its data, of the log."""
    folders = {"data": Path(settings.HOME), "log": Path(top())}
    if connection.vendor == "sqlite":
        folders = {"database": Path(str(connection.settings_dict["NAME"])).absolute().parent, **folders}
    return folders


def rooms() -> list[Room]:
    """Each folder once, with the room there is; raises OSError for a disk that cannot be asked."""
    folders = {path: name for name, path in reversed(data_folders().items())}
    return [
        Room(name, path, space.free_bytes(path), space.ballast_bytes(path / BALLAST))
        for path, name in reversed(folders.items())
    ]


class Look:
    """The last look at the disks: asking them for each message would be asking in vain."""

    def __init__(self) -> None:
        self._at: datetime | None = None
        self._of: tuple[object, ...] = ()
        self._has_room = True

    def has_room(self, *, now: datetime) -> bool:
        """Whether every disk has its reserve left, as of a second before `now` at the most."""
        of = (settings.HOME, settings.DISK_RESERVE_MB)
        if self._at is None or of != self._of or not timedelta(0) <= now - self._at < LOOK_EVERY:
            self._has_room, self._at, self._of = not any(each.is_short for each in rooms()), now, of
        return self._has_room


LOOK = Look()
