"""`manifest.json`: what a backup holds, of when it is and which program made it, so that damage is seen before use."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

from sangto.config.backup.refusal import Refusal

NAME = "manifest.json"
FORMAT = 1
DATABASE, KEYS = "database", "keys"
CHUNK = 1 << 20


@dataclass(frozen=True)
class File:
    """One file of a backup; `path` is relative, with slashes, and `size` in bytes."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class LogSize:
    """How far the copied log of one shard is."""

    shard: str
    origin: str
    size: int
    root: str


@dataclass(frozen=True)
class Manifest:
    """What is in a backup of this kind. `migrations` are those that the database has had, as `app.name`."""

    kind: str
    version: str
    made_at: datetime
    files: tuple[File, ...]
    database: str = ""
    migrations: tuple[str, ...] = ()
    log: tuple[LogSize, ...] = ()

    @property
    def size(self) -> int:
        """The bytes of all files together."""
        return sum(each.size for each in self.files)


def described(folder: Path) -> tuple[File, ...]:
    """Every file of a folder, read to its end."""
    paths = sorted(each for each in folder.rglob("*") if each.is_file() and each.name != NAME)
    return tuple(File(_inside(each, folder), each.stat().st_size, digest_of(each)) for each in paths)


def digest_of(path: Path) -> str:
    """The SHA-256 of a file in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def written(manifest: Manifest) -> bytes:
    """The manifest as the file holds it, with a digest of its own so that a flipped date is noticed too."""
    said = {
        **asdict(manifest),
        "program": "sangto",
        "format": FORMAT,
        "made_at": f"{manifest.made_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
    }
    return json.dumps({**said, "sha256": _digest(said)}, indent=1, ensure_ascii=False).encode()


def read(folder: Path) -> Manifest:
    """The manifest of a backup; raises Refusal when there is none, or it is damaged or of a later program."""
    try:
        said = json.loads((folder / NAME).read_bytes())
        whole = said.pop("sha256") == _digest(said)
        format_ = said["format"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Refusal(f"{folder} is no backup of a desk: its {NAME} is missing or damaged") from error
    if not whole:
        raise Refusal(f"the {NAME} of {folder} is damaged")
    if format_ != FORMAT:
        raise Refusal(f"this backup was made by a newer program (format {format_}); install that release")
    return _manifest(said)


def refuse_damage(folder: Path, manifest: Manifest) -> None:
    """Raise Refusal unless the folder holds exactly the files that the manifest names, byte for byte."""
    wanted = {each.path for each in manifest.files}
    found = {_inside(each, folder) for each in folder.rglob("*") if not each.is_dir() and _inside(each, folder) != NAME}
    for what, paths in (("is missing", wanted - found), ("does not belong there", found - wanted)):
        if paths:
            raise Refusal(f"the backup is damaged: {min(paths)} {what}")
    damaged = next(_damaged(folder, manifest), None)
    if damaged:
        raise Refusal(f"the backup is damaged: {damaged} is not what was backed up")


def _damaged(folder: Path, manifest: Manifest) -> Iterator[str]:
    for each in manifest.files:
        path = folder / each.path
        if path.is_symlink() or path.stat().st_size != each.size or digest_of(path) != each.sha256:
            yield each.path


def _manifest(said: dict[str, Any]) -> Manifest:
    files = tuple(File(**each) for each in said["files"])
    if any(PurePosixPath(each.path).is_absolute() or ".." in PurePosixPath(each.path).parts for each in files):
        raise Refusal("the manifest names files outside of the backup")
    return Manifest(
        kind=said["kind"],
        version=said["version"],
        made_at=datetime.fromisoformat(said["made_at"]),
        files=files,
        database=said["database"],
        migrations=tuple(said["migrations"]),
        log=tuple(LogSize(**each) for each in said["log"]),
    )


def _digest(said: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _inside(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()
