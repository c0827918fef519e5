"""The private keys of the log: one file a shard, outside the database, readable by their owner alone."""

import secrets
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from sangto.engine.merkle.notes import LOG, MOST_NAME_BYTES, WITNESS, BadNote, Signer
from sangto.engine.once import write_once

SEED_BYTES = 32
OUR_WITNESS = "witness"


class KeyLost(Exception):
    """The key of a shard that was begun is not here, or its file is damaged: nothing can be signed with it."""


def make_signer(shard: str, *, origin: str) -> Signer:
    """The key of a shard that is about to begin, made when it is missing."""
    return _made(f"log-{shard}", origin, LOG)


def signer_of(shard: str) -> Signer:
    """The key of a shard that was begun; raises KeyLost."""
    try:
        return Signer.read(path_of(f"log-{shard}").read_text().strip())
    except (OSError, ValueError) as error:
        raise KeyLost(shard) from error


def shards_with_keys() -> set[str]:
    """The names of the shards that have a key here, whether they were begun or not."""
    return {each.stem.removeprefix("log-") for each in path_of("").parent.glob("log-*.skey")}


def our_witness(name: str) -> Signer:
    """The key with which this desk cosigns its neighbours' checkpoints, made on first use under this name."""
    return _made(OUR_WITNESS, name, WITNESS)


def path_of(key: str) -> Path:
    """Where a key of the log lies."""
    return Path(settings.LEDGER_KEYS or Path(settings.HOME) / "keys") / f"{key}.skey"


def _made(key: str, name: str, type_: int) -> Signer:
    try:
        fresh = Signer(name, type_, secrets.token_bytes(SEED_BYTES))
    except BadNote as error:
        raise ImproperlyConfigured(
            f"{name!r} cannot name a key of the log: no spaces, no plus, at most {MOST_NAME_BYTES} bytes. The name of "
            "a log begins with the host of SANGTO_URL"
        ) from error
    held = write_once(path_of(key), f"{fresh.skey}\n".encode()).decode(errors="replace").strip()
    try:
        return Signer.read(held)
    except BadNote as error:
        raise KeyLost(key) from error
