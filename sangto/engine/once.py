"""Files that appear whole or not at all, and last: what stood there first is never overwritten, or only on purpose."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sangto.engine.crash import crash_point

SECRET, PUBLIC = 0o600, 0o644


def write_once(path: Path, content: bytes, *, mode: int = SECRET) -> bytes:
    """What the file holds: `content` if it was missing, else what another writer put there first."""
    if not path.exists():
        _make_folder(path.parent, mode)
        with _draft(path, content, mode) as draft:
            _link(draft, path)
    return path.read_bytes()


def replace(path: Path, content: bytes, *, mode: int = PUBLIC) -> None:
    """Put `content` in the place of what the file held. Readers see the one or the other, never a part."""
    _make_folder(path.parent, mode)
    with _draft(path, content, mode) as draft:
        draft.replace(path)
        crash_point("file.renamed")
        _keep_names(path.parent)
        crash_point("file.replaced")


def remove(path: Path) -> None:
    """The file is gone, and its name from the disk; nothing happens where there was none."""
    path.unlink(missing_ok=True)
    crash_point("file.unlinked")
    if path.parent.exists():
        _keep_names(path.parent)


@contextmanager
def _draft(path: Path, content: bytes, mode: int) -> Iterator[Path]:
    """A file beside it that is written to the disk; gone afterwards unless it was renamed."""
    draft = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            crash_point("file.written")
            os.fsync(descriptor)
            crash_point("file.synced")
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def _link(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    crash_point("file.linked")
    _keep_names(path.parent)
    crash_point("file.kept")


def _make_folder(folder: Path, mode: int) -> None:
    """The folder, and each above it that is missing, with its name on the disk."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o700 if mode == SECRET else 0o755, exist_ok=True)
        crash_point("file.folder_made")
        _keep_names(each.parent)


def _keep_names(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
