"""The keystore in a backup of its own: day keys, keys of the log, the secret key. Never beside the database's."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

from django.conf import settings

from sangto.config.backup.folder import copy
from sangto.engine.once import write_once

SECRET = "secret.key"  # noqa: S105 - the name of a file
OF_A_DAY = re.compile(r".*?([0-9]{4}-[0-9]{2}-[0-9]{2})\.[a-z]+")


def key_folders() -> dict[str, Path]:
    """Where keys lie, by the name of their folder in a backup."""
    own = {"ledger-keys": settings.LEDGER_KEYS, "vault-keys": settings.VAULT_KEYS}
    return {"keys": Path(settings.HOME) / "keys"} | {name: Path(folder) for name, folder in own.items() if folder}


def day_of_key(path: Path) -> date | None:
    """The day that a key is of; None for a key that is of none."""
    found = OF_A_DAY.fullmatch(path.name)
    with suppress(ValueError):
        return date.fromisoformat(found[1]) if found else None
    return None


def copy_keys(target: Path) -> int:
    """Copy every key there is; how many. One that is destroyed meanwhile is left out."""
    count = 0
    for source, path in _held():
        with suppress(FileNotFoundError):
            copy(source, target / path)
            count += 1
    return count


def missing_keys(backup: Path, paths: list[str]) -> list[tuple[Path, Path]]:
    """Which files of a backup are not here, as pairs (there, here); raises FileExistsError where another key is."""
    found = []
    for path in paths:
        here = _here(path)
        if not here.exists():
            found.append((backup / path, here))
        elif here.read_bytes() != (backup / path).read_bytes():
            raise FileExistsError(here)
    return found


def put_back_key(there: Path, here: Path) -> None:
    """Put a key in its place, for its owner's eyes alone."""
    write_once(here, there.read_bytes())


def _held() -> Iterator[tuple[Path, Path]]:
    """Every key file with its path in a backup; drafts of files that are being written are none."""
    secret = Path(settings.HOME) / SECRET
    if secret.is_file():
        yield secret, Path(SECRET)
    for name, folder in key_folders().items():
        for each in sorted(folder.rglob("*")):
            if each.is_file() and not each.name.startswith("."):
                yield each, Path(name) / each.relative_to(folder)


def _here(path: str) -> Path:
    """Where a file of a backup belongs."""
    if path == SECRET:
        return Path(settings.HOME) / SECRET
    name, _, rest = path.partition("/")
    # A desk that had a folder of its own for the keys of the log or of days may have none here.
    return key_folders().get(name, key_folders()["keys"]) / rest
