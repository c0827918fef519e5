"""Room on a disk: how much there is, and a file that keeps some of it back for the hour in which it runs out."""

import os
from contextlib import suppress
from pathlib import Path

MB = 1 << 20
CHUNK = bytes(MB)


def free_bytes(folder: Path) -> int:
    """How many bytes may still be written under a folder, which need not be there yet; raises OSError."""
    found = os.statvfs(_standing(folder))
    return found.f_bavail * found.f_frsize


def device_of(folder: Path) -> int:
    """Which disk a folder is on, or will be: two folders of one number share their room. Raises OSError."""
    return _standing(folder).stat().st_dev


def make_ballast(file: Path, *, size: int) -> bool:
    """Whether the file takes `size` bytes of the disk now. Without room for them, nothing is left behind."""
    if ballast_bytes(file) == size:
        return True
    try:
        _fill(file, size)
    except OSError:
        release_ballast(file)
        return False
    return True


def release_ballast(file: Path) -> None:
    """Give the room back. Nothing happens where there is no file."""
    file.unlink(missing_ok=True)


def ballast_bytes(file: Path) -> int:
    """How much of the disk the file holds; 0 where there is none."""
    with suppress(OSError):
        return file.stat().st_size
    return 0


def _fill(file: Path, size: int) -> None:
    descriptor = os.open(file, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    try:
        for start in range(0, size, MB):  # written and not only reserved: not every system can reserve
            os.write(descriptor, CHUNK[: size - start])
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _standing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(each for each in (folder, *folder.parents) if each.exists())
