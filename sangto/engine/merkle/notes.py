"""Signed notes and their keys (C2SP signed-note, tlog-cosignature): Ed25519 for logs and for witnesses."""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LOG, WITNESS = 0x01, 0x04  # signature types
MOST_LINES = 100
MOST_NOTE_BYTES = 256 * 1024  # 16 lines have to be read, and a line of a key of the years to come may have 7 kB
MOST_NAME_BYTES = 255
KEY_BYTES, ID_BYTES, TIME_BYTES, SIGNATURE_BYTES = 32, 4, 8, 64
_DASH = "\N{EM DASH} "
_PRIVATE = "PRIVATE+KEY+"
_NAME = re.compile(r"[^\s+\x00-\x1f\x7f\ud800-\udfff]+")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


class BadNote(ValueError):
    """The note, key or signature line is not one, or a known key's signature does not fit."""


def unbase64(text: str) -> bytes:
    """The bytes of standard base64; raises BadNote unless it is the one way to write them."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadNote("this is not base64") from error
    if base64.b64encode(data).decode() != text:
        raise BadNote("this is not the one way to write it in base64")
    return data


@dataclass(frozen=True)
class Key:
    """A public key with its name and type, as a vkey says it; raises BadNote for a name or type that is none."""

    name: str
    type: int
    public: bytes

    def __post_init__(self) -> None:
        if not _is_key(self.name, self.type, self.public):
            raise BadNote("this is no key of a type that we know")

    @property
    def id(self) -> bytes:
        """The first 4 bytes of SHA-256(name || 0x0A || type || public key)."""
        return sha256(self.name.encode() + b"\n" + bytes([self.type]) + self.public).digest()[:ID_BYTES]

    @property
    def vkey(self) -> str:
        """name+hex(id)+base64(type || public key)."""
        return f"{self.name}+{self.id.hex()}+{_base64(bytes([self.type]) + self.public)}"

    @classmethod
    def read(cls, vkey: str) -> Self:
        """The key of a vkey; raises BadNote for a name with a space or a plus, a wrong id or an unknown type."""
        name, given, data = _key_parts(vkey)
        key = cls(name, int.from_bytes(data[:1]), data[1:])
        if key.id.hex() != given:
            raise BadNote("the key and its id do not fit")
        return key

    def fits(self, signature: bytes, message: bytes) -> bool:
        """Whether the 64 bytes are this key's signature of the message."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class Signer:
    """A private key with its name and type; raises BadNote for a name or type that is none."""

    name: str
    type: int
    seed: bytes = field(repr=False)  # no traceback and no log shows it

    def __post_init__(self) -> None:
        if not _is_key(self.name, self.type, self.seed):
            raise BadNote("this is no private key of a type that we know")

    @property
    def key(self) -> Key:
        """Its public half."""
        return Key(self.name, self.type, self._private.public_key().public_bytes_raw())

    @property
    def skey(self) -> str:
        """The one line in which it is kept: PRIVATE+KEY+name+hex(id)+base64(type || seed)."""
        return f"{_PRIVATE}{self.name}+{self.key.id.hex()}+{_base64(bytes([self.type]) + self.seed)}"

    @classmethod
    def read(cls, skey: str) -> Self:
        """The signer that such a line holds; raises BadNote when it is none."""
        if not skey.startswith(_PRIVATE):
            raise BadNote("this is no private key of a type that we know")
        name, given, data = _key_parts(skey.removeprefix(_PRIVATE))
        signer = cls(name, int.from_bytes(data[:1]), data[1:])
        if signer.key.id.hex() != given:
            raise BadNote("the private key and its id do not fit")
        return signer

    def signed(self, text: str) -> str:
        """The signature line of a log over a note's text, without its newline; raises BadNote for another text."""
        return self._line(self._private.sign(_text_bytes(text)))

    def cosigned(self, text: str, *, at: int) -> str:
        """The signature line of a witness that saw the checkpoint at this POSIX time, without its newline.

        Raises BadNote for a text that is none of a note, and for a time that is not from 0 to 2^63 - 1.
        """
        signature = self._private.sign(_cosigned_message(text, at))
        return self._line(at.to_bytes(TIME_BYTES) + signature)

    def _line(self, blob: bytes) -> str:
        return f"{_DASH}{self.name} {_base64(self.key.id + blob)}"

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


@dataclass(frozen=True)
class Note:
    """A text that ends in a newline, and its signature lines without theirs."""

    text: str
    lines: tuple[str, ...]

    @classmethod
    def read(cls, note: str) -> Self:
        """The parts of a signed note; raises BadNote when it is none."""
        text, blank, tail = note.rpartition("\n\n")
        lines = tail.split("\n")[:-1]
        if len(_text_bytes(note)) > MOST_NOTE_BYTES or not blank or not 0 < len(lines) <= MOST_LINES:
            raise BadNote("this is no signed note")
        for line in lines:
            _parts(line)
        return cls(text + "\n", tuple(lines))

    def __str__(self) -> str:
        return self.text + "\n" + "".join(f"{line}\n" for line in self.lines)

    def signed_by(self, keys: Iterable[Key]) -> dict[Key, int]:
        """The known keys that signed, each with the POSIX time it says (0 for a log); unknown keys' lines are ignored.

        Raises BadNote when a known key's line does not fit, or one key has two lines that differ.
        """
        known = {(key.name, key.id): key for key in keys}
        seen: dict[Key, str] = {}
        found: dict[Key, int] = {}
        for line in self.lines:
            name, blob = _parts(line)
            key = known.get((name, blob[:ID_BYTES]))
            if key is None:
                continue
            if seen.setdefault(key, line) != line:
                raise BadNote("one key signed twice, and differently")
            found[key] = _checked(key, blob[ID_BYTES:], self.text)
        return found


def is_name(name: str) -> bool:
    """Whether a key may be called so: 1 to 255 bytes of UTF-8, no space, no plus, no control character."""
    return bool(_NAME.fullmatch(name)) and len(name.encode()) <= MOST_NAME_BYTES


def _is_key(name: str, kind: int, data: bytes) -> bool:
    return is_name(name) and kind in (LOG, WITNESS) and len(data) == KEY_BYTES


def _key_parts(key: str) -> tuple[str, str, bytes]:
    name, _, rest = key.partition("+")
    given, _, encoded = rest.partition("+")
    return name, given, unbase64(encoded)


def _parts(line: str) -> tuple[str, bytes]:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    blob = unbase64(encoded)
    if not line.startswith(_DASH) or not is_name(name) or len(blob) <= ID_BYTES:
        raise BadNote("this is no signature line")
    return name, blob


def _checked(key: Key, signature: bytes, text: str) -> int:
    if key.type == LOG:
        at, message = 0, _text_bytes(text)
    else:
        at, signature = int.from_bytes(signature[:TIME_BYTES]), signature[TIME_BYTES:]
        message = _cosigned_message(text, at)
    if len(signature) != SIGNATURE_BYTES or not key.fits(signature, message):
        raise BadNote("the signature of a known key does not fit")
    return at


def _cosigned_message(text: str, at: int) -> bytes:
    if not 0 <= at < 1 << 63:
        raise BadNote("a witness's time is from 0 to 2^63 - 1")
    return f"cosignature/v1\ntime {at}\n".encode() + _text_bytes(text)


def _text_bytes(text: str) -> bytes:
    """The text as it is signed; raises BadNote unless it is UTF-8, ends in a newline and has no control characters."""
    if not text.endswith("\n") or _CONTROL.search(text):
        raise BadNote("a note ends in a newline and has no control characters")
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise BadNote("a note is UTF-8") from error


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
