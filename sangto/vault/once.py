"""A secret file that appears whole or not at all, and whose first writer wins."""

import os
from pathlib import Path


def write_once(path: Path, content: bytes) -> bytes:
    """What the file (mode 0600) holds: `content` if it was missing, else what another writer put there first."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
        descriptor = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(descriptor)
            _link(draft, path)
        finally:
            draft.unlink()
    return path.read_bytes()


def _link(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
