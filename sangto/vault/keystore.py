"""Day keys as files beside the database, never in it: X25519, one pair a day, readable by their owner alone."""

from datetime import date
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings

from sangto.engine.once import remove, write_once


class KeyGone(Exception):
    """The key of that day does not exist here (any more), so nothing sealed to it can be opened."""


def day_key(day: date) -> X25519PrivateKey:
    """The private key of a day; raises KeyGone when there is none, or its file is damaged."""
    try:
        return X25519PrivateKey.from_private_bytes(_path(day).read_bytes())
    except (FileNotFoundError, ValueError) as error:
        raise KeyGone(day.isoformat()) from error


def make_day_key(day: date) -> X25519PrivateKey:
    """The key of a day, made when it is missing."""
    made = X25519PrivateKey.generate().private_bytes_raw()
    return X25519PrivateKey.from_private_bytes(write_once(_path(day), made))


def forget_day_key(day: date) -> None:
    """The key file is gone, and stays gone after a crash."""
    remove(_path(day))


def days_with_keys() -> set[date]:
    """The days whose key file is here."""
    names = (each.name for each in _folder().glob("contact-*.key"))
    return {date.fromisoformat(name.removeprefix("contact-").removesuffix(".key")) for name in names}


def _path(day: date) -> Path:
    return _folder() / f"contact-{day.isoformat()}.key"


def _folder() -> Path:
    return Path(settings.HOME) / "keys"
