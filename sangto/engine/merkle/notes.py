"""Signed notes and their keys (C2SP signed-note, tlog-cosignature): Ed25519 for logs and for witnesses."""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LOG, WITNESS = 0x01, 0x04  # signature types
MOST_LINES = 100
MOST_NOTE_BYTES = 64 * 1024
KEY_BYTES, ID_BYTES, TIME_BYTES, SIGNATURE_BYTES = 32, 4, 8, 64
_DASH = "\N{EM DASH} "
_NAME = re.compile(r"[^\s+\x00-\x1f\x7f]{1,255}")


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
    """A public key with its name and type, as a vkey says it."""

    name: str
    type: int
    public: bytes

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
        name, _, rest = vkey.partition("+")
        given, _, encoded = rest.partition("+")
        data = unbase64(encoded)
        if not is_name(name) or len(data) != 1 + KEY_BYTES or data[0] not in (LOG, WITNESS):
            raise BadNote("this is no key of a type that we know")
        key = cls(name, data[0], data[1:])
        if key.id.hex() != given:
            raise BadNote("the key and its id do not fit")
        return key

    def fits(self, signature: bytes, message: bytes) -> bool:
        """Whether the 64 bytes are this key's signature of the message."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Signer:
    """A private key with its name and type."""

    name: str
    type: int
    seed: bytes

    @property
    def key(self) -> Key:
        """Its public half."""
        return Key(self.name, self.type, self._private.public_key().public_bytes_raw())

    @property
    def skey(self) -> str:
        """The one line in which it is kept: PRIVATE+KEY+name+hex(id)+base64(type || seed)."""
        return f"PRIVATE+KEY+{self.name}+{self.key.id.hex()}+{_base64(bytes([self.type]) + self.seed)}"

    @classmethod
    def read(cls, skey: str) -> Self:
        """The signer that such a line holds; raises BadNote when it is none."""
        head, private, rest = skey[:12], *skey[12:].partition("+")[::2]
        given, _, encoded = rest.partition("+")
        data = unbase64(encoded)
        if (
            head != "PRIVATE+KEY+"
            or not is_name(private)
            or len(data) != 1 + KEY_BYTES
            or data[0] not in (LOG, WITNESS)
        ):
            raise BadNote("this is no private key of a type that we know")
        signer = cls(private, data[0], data[1:])
        if signer.key.id.hex() != given:
            raise BadNote("the private key and its id do not fit")
        return signer

    def signed(self, text: str) -> str:
        """The signature line of a log over a note's text, without its newline."""
        return self._line(self._private.sign(text.encode()))

    def cosigned(self, text: str, *, at: int) -> str:
        """The signature line of a witness that saw the checkpoint at this POSIX time, without its newline."""
        signature = self._private.sign(_cosigned_message(text, at))
        return self._line(at.to_bytes(TIME_BYTES, "big") + signature)

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
        lines = tail.split("\n")
        if len(note) > MOST_NOTE_BYTES or not blank or not text or lines.pop() or not 0 < len(lines) <= MOST_LINES:
            raise BadNote("this is no signed note")
        if any(ord(each) < 0x20 and each != "\n" for each in note):
            raise BadNote("a signed note has no control characters")
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
    """Whether a key may be called so: 1 to 255 characters, no space, no plus."""
    return bool(_NAME.fullmatch(name))


def _parts(line: str) -> tuple[str, bytes]:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    blob = unbase64(encoded)
    if not line.startswith(_DASH) or not is_name(name) or len(blob) <= ID_BYTES:
        raise BadNote("this is no signature line")
    return name, blob


def _checked(key: Key, signature: bytes, text: str) -> int:
    if key.type == LOG:
        at, message = 0, text.encode()
    else:
        at, signature = int.from_bytes(signature[:TIME_BYTES], "big"), signature[TIME_BYTES:]
        message = _cosigned_message(text, at)
    if len(signature) != SIGNATURE_BYTES or not key.fits(signature, message):
        raise BadNote("the signature of a known key does not fit")
    return at


def _cosigned_message(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
