"""What stands in a leaf instead of a content: HMAC-SHA256 under a salt that its holders alone know."""

import hashlib
import hmac
import json

SALT_BYTES = 32
RECEIPT, OUTCOME, ANSWER = b"desk/receipt/v1\0", b"desk/outcome/v1\0", b"desk/answer/v1\0"
RULING = b"desk/ruling/v1\0"
LARGEST_INTEGER = 2**53 - 1


class NotCanonical(ValueError):
    """The value has no canonical form here."""


def canonical(value: object) -> bytes:
    """The value as RFC 8785 writes it: objects with ASCII keys, lists, texts, and integers below 2^53 alone.

    Raises NotCanonical for anything else.
    """
    _check(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def commitment(purpose: bytes, value: object, *, salt: bytes) -> str:
    """64 hex digits that bind to the value and tell nothing of it. The salt has exactly 32 bytes.

    HMAC fills a shorter key up with zeros, so that two salts could give one commitment.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError("a salt has 32 bytes")
    return hmac.new(salt, purpose + canonical(value), hashlib.sha256).hexdigest()


def text_digest(text: str) -> str:
    """The SHA-256 of a text as UTF-8, in hex; raises NotCanonical for half a character."""
    return hashlib.sha256(_utf8(text)).hexdigest()


def _check(value: object) -> None:
    if isinstance(value, dict):
        for key, each in value.items():
            if not (isinstance(key, str) and key.isascii()):
                raise NotCanonical("a key is an ASCII text")
            _check(each)
    elif isinstance(value, list | tuple):
        for each in value:
            _check(each)
    elif isinstance(value, str):
        _utf8(value)
    elif isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST_INTEGER:
        raise NotCanonical(f"{type(value).__name__} or its size has no place here")


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise NotCanonical("half a character") from error
