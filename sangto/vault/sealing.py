"""HPKE (RFC 9180: X25519, HKDF-SHA256, AES-256-GCM) around one return address."""

import uuid
from datetime import date

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def enclose(address: str, *, key: X25519PublicKey, day: date, row: uuid.UUID) -> bytes:
    """The ciphertext, bound to its day and row so that none can be swapped."""
    return SUITE.encrypt(address.encode(), key, info=_purpose(day, row))


def unseal(sealed: bytes, *, key: X25519PrivateKey, day: date, row: uuid.UUID) -> str:
    """The address; raises cryptography's InvalidTag for another day, row or key."""
    return SUITE.decrypt(sealed, key, info=_purpose(day, row)).decode()


def _purpose(day: date, row: uuid.UUID) -> bytes:
    return f"contact/v1|{day.isoformat()}|{row}".encode()
