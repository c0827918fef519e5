"""The private day keys: files in a folder of the worker's user, never in the database. X25519, one pair a day.

Where a wrapping key is set, each file is wrapped with it (AES key wrap, RFC 3394): a copy of the folder alone opens
nothing. No process that serves pages looks in here.
"""

from collections.abc import Set
from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from django.conf import settings

from sangto.engine.once import SECRET, remove, replace, write_once

KEY_BYTES, WRAPPED_BYTES = 32, 40
PREFIX, SUFFIX = "contact-", ".key"


class KeyGone(Exception):
    """The key of that day does not exist here (any more), so nothing sealed to it can be opened."""


class KeyLocked(Exception):
    """The key is there, and this process cannot open it: another user's file, or wrapped with another wrapping key."""


def folder() -> Path:
    """The keystore."""
    return settings.VAULT_KEYS or Path(settings.HOME) / "keys"


def path_of(day: date) -> Path:
    """Where a day's key lies."""
    return folder() / f"{PREFIX}{day.isoformat()}{SUFFIX}"


def days() -> Set[date]:
    """The days whose key is there; raises KeyLocked for a folder that this user may not read."""
    try:
        names = [each.name for each in folder().iterdir()] if folder().exists() else []
    except PermissionError as error:
        raise KeyLocked("the keystore") from error
    return {day for day in map(_day_of, names) if day}


def day_key(day: date) -> X25519PrivateKey:
    """The private key of a day; raises KeyGone when there is none or its file is damaged, and KeyLocked."""
    try:
        held = path_of(day).read_bytes()
    except FileNotFoundError as error:
        raise KeyGone(day.isoformat()) from error
    except PermissionError as error:
        raise KeyLocked(day.isoformat()) from error
    return X25519PrivateKey.from_private_bytes(_unwrapped(held, day))


def make_day_key(day: date) -> X25519PrivateKey:
    """The key of a day, made when it is missing or damaged; raises KeyLocked."""
    fresh = X25519PrivateKey.generate().private_bytes_raw()
    try:
        write_once(path_of(day), _wrapped(fresh, day))
        return day_key(day)
    except PermissionError as error:
        raise KeyLocked(day.isoformat()) from error
    except KeyGone:
        replace(path_of(day), _wrapped(fresh, day), mode=SECRET)
        return day_key(day)


def wrap_day_key(day: date) -> None:
    """Wrap a file that was written before there was a wrapping key; nothing happens to another."""
    held = path_of(day).read_bytes()
    if settings.VAULT_WRAPPING_KEY and len(held) == KEY_BYTES:
        replace(path_of(day), _wrapped(held, day), mode=SECRET)


def forget_day_key(day: date) -> None:
    """The key file is gone, and stays gone after a crash."""
    remove(path_of(day))


def is_wrapped(day: date) -> bool:
    """Whether the file of a day is wrapped; raises OSError."""
    return path_of(day).stat().st_size == WRAPPED_BYTES


def _wrapped(key: bytes, day: date) -> bytes:
    return aes_key_wrap(_wrapping_key(day), key) if settings.VAULT_WRAPPING_KEY else key


def _unwrapped(held: bytes, day: date) -> bytes:
    if len(held) == KEY_BYTES:
        return held
    if len(held) != WRAPPED_BYTES:
        raise KeyGone(day.isoformat())
    if not settings.VAULT_WRAPPING_KEY:
        raise KeyLocked(day.isoformat())
    try:
        return aes_key_unwrap(_wrapping_key(day), held)
    except InvalidUnwrap as error:
        raise KeyLocked(day.isoformat()) from error


def _wrapping_key(day: date) -> bytes:
    """A key for this day's file alone, so that no file passes for another day's."""
    derive = HKDF(SHA256(), length=32, salt=None, info=f"sangto day-key/v1|{day.isoformat()}".encode())
    return derive.derive(settings.VAULT_WRAPPING_KEY.encode())


def _day_of(name: str) -> date | None:
    if not (name.startswith(PREFIX) and name.endswith(SUFFIX)):
        return None
    try:
        return date.fromisoformat(name.removeprefix(PREFIX).removesuffix(SUFFIX))
    except ValueError:
        return None
