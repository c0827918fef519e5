"""Where backups lie: each is a folder that appears whole or not at all, under a name that says of when it is."""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from sangto.config.backup.manifest import DATABASE, KEYS
from sangto.config.backup.refusal import Refusal

OTHER = {DATABASE: KEYS, KEYS: DATABASE}
NAME = re.compile(rf"sangto-({DATABASE}|{KEYS})-([0-9]{{8}}T[0-9]{{6}}Z)")
LEFT_OVER = re.compile(r"\.sangto-.*\.(draft|gone)")
TIME = "%Y%m%dT%H%M%SZ"
SPARE_BYTES = 64 << 20  # what has to stay free on the disk besides
RUN_EVERY = timedelta(days=1)


def refuse_place(folder: Path, kind: str) -> Path:
    """The folder, resolved and there; raises Refusal where a backup of this kind must not lie."""
    folder = folder.expanduser().resolve()
    for each in (settings.HOME, settings.LEDGER_DIR, settings.LEDGER_KEYS, settings.VAULT_KEYS):
        if each and folder.is_relative_to(Path(each).resolve()):
            raise Refusal(f"{folder} is inside of the desk's own {each}: whoever loses the one loses both")
    for each in (folder, *folder.parents):
        if any(kind_of(name) == OTHER[kind] for name in _names(each)):
            raise Refusal(f"{each} holds backups of the {OTHER[kind]}: together they open what neither opens alone")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise Refusal(f"{folder} cannot be made: {error.strerror}") from error
    return folder


def kind_of(name: str) -> str | None:
    """Which kind of backup a folder of this name is; None for any other name."""
    found = NAME.fullmatch(name)
    return found[1] if found else None


def made_at(name: str) -> datetime | None:
    """Of when a backup is, by its name."""
    found = NAME.fullmatch(name)
    try:
        return datetime.strptime(found[2], TIME).replace(tzinfo=UTC) if found else None
    except ValueError:
        return None


def refuse_full(folder: Path, needed: int) -> None:
    """Raise Refusal when the disk has no room for so many bytes, and some to spare."""
    free = shutil.disk_usage(folder).free
    if free < needed + SPARE_BYTES:
        raise Refusal(f"{folder} has {in_mb(free)} free, and {in_mb(needed + SPARE_BYTES)} are needed")


def in_mb(size: int) -> str:
    """A size in bytes as people read it."""
    return f"{size / 1e6:,.1f} MB"


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Alone among those who back up into this folder, which then holds no half backup; raises Refusal."""
    descriptor = os.open(folder / ".lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise Refusal(f"another backup into {folder} is running") from error
    else:
        for name in _names(folder):
            if LEFT_OVER.fullmatch(name):  # of a run that was killed
                shutil.rmtree(folder / name)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def appearing(folder: Path, kind: str, *, now: datetime) -> Iterator[tuple[Path, Path]]:
    """A folder to fill, and the name under which it appears when the block ends well; else it is gone."""
    final = folder / f"sangto-{kind}-{now.astimezone(UTC):{TIME}}"
    if final.exists():
        raise Refusal(f"{final} is there already")
    draft = folder / f".{final.name}.draft"
    draft.mkdir(mode=0o700)
    try:
        yield draft, final
        for each in [*draft.rglob("*"), draft]:
            each.chmod(0o700 if each.is_dir() else 0o600)
            keep(each)
        draft.rename(final)
        keep(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def keep(path: Path) -> None:
    """The file's bytes, or the folder's names, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def copy(source: Path, target: Path) -> None:
    """A copy for its owner's eyes alone, in folders that are made for it; raises FileNotFoundError, FileExistsError."""
    with source.open("rb") as held:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            shutil.copyfileobj(held, file, 1 << 20)


def prune(folder: Path, kind: str, *, days: int, now: datetime) -> list[str]:
    """Remove the backups of this kind that would be older than so many days before the next daily run; their names."""
    old = [name for name in _names(folder) if kind_of(name) == kind and _is_old(name, now - timedelta(days=days))]
    for name in old:
        gone = folder / f".{name}.gone"  # a half removed backup must not look like one
        (folder / name).rename(gone)
        shutil.rmtree(gone)
    if old:
        keep(folder)
    return old


def _is_old(name: str, oldest: datetime) -> bool:
    at = made_at(name)
    return at is not None and at < oldest + RUN_EVERY


def _names(folder: Path) -> list[str]:
    try:
        return sorted(each.name for each in folder.iterdir() if each.is_dir() and not each.is_symlink())
    except OSError:
        return []
