"""Builds Receipts, versions of answers and policies the plain way, from the formats alone, to be checked in a browser.

Nothing here is shared with the desk's own code: a mistake in it cannot hide in both.
"""

import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ORIGIN = "answers.example.org/log/2026"
SALT = bytes(range(31)) + b"\0"  # ends in a zero: HMAC takes it for its own 31 bytes
TEXT = "Nước chanh có chữa được bệnh gan không?\n"
PLACE = "12 Lê Lợi"
INDEX, SIZE = 4, 13
COSIGNED_AT = 1_795_255_200  # 2026-11-21 10:00 UTC
Json = dict[str, Any]


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def b64(data: bytes) -> str:
    return b64encode(data).decode()


def jcs(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True)
class Signer:
    """A key of a log (type 1) or a witness (type 4), the same in every run."""

    name: str
    kind: int
    seed: int = 1

    @property
    def key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(bytes([self.seed]) * 32)

    @property
    def material(self) -> bytes:
        return bytes([self.kind]) + self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + self.material)[:4]

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64(self.material)}"

    def line(self, text: str, *, at: int = COSIGNED_AT) -> str:
        """The signature line for a checkpoint's text."""
        if self.kind == 1:
            body = self.key.sign(text.encode())
        else:
            body = at.to_bytes(8, "big") + self.key.sign(f"cosignature/v1\ntime {at}\n{text}".encode())
        return f"— {self.name} {b64(self.id + body)}\n"


LOG = Signer(ORIGIN, 1, seed=1)
OTHER_LOG = Signer("answers.example.org/log/2027", 1, seed=2)
FIRST = Signer("witness.example.org/w1", 4, seed=3)
SECOND = Signer("neighbour.example.net/desk", 4, seed=4)
STRANGER = Signer("unknown.example.com/w", 4, seed=5)
LOG_LINES = f"log {LOG.vkey} https://answers.example.org/log/2026\nlog {OTHER_LOG.vkey}\n"
WITNESS_LINES = f"witness first {FIRST.vkey}\nwitness second {SECOND.vkey} https://neighbour.example.net/\n"
POLICY = f"# The desk\n{LOG_LINES}\n{WITNESS_LINES}group both all first second\nquorum both\n"
ALONE = f"{LOG_LINES}{WITNESS_LINES}quorum none\n"


def root_of(hashes: list[bytes]) -> bytes:
    """The Merkle tree hash of RFC 6962, section 2.1, word for word; no hash at all is not asked for."""
    if len(hashes) == 1:
        return hashes[0]
    half = half_of(hashes)
    return sha256(b"\1" + root_of(hashes[:half]) + root_of(hashes[half:]))


def path_of(index: int, hashes: list[bytes]) -> list[bytes]:
    """The audit path of RFC 6962, section 2.1.1."""
    if len(hashes) == 1:
        return []
    half = half_of(hashes)
    if index < half:
        return [*path_of(index, hashes[:half]), root_of(hashes[half:])]
    return [*path_of(index - half, hashes[half:]), root_of(hashes[:half])]


def half_of(hashes: list[bytes]) -> int:
    """The largest power of two below the number of hashes."""
    return 1 << ((len(hashes) - 1).bit_length() - 1)


def commitment(prefix: str, salt: bytes, value: object) -> str:
    return hmac.new(salt, prefix.encode() + jcs(value).encode(), "sha256").hexdigest()


MESSAGE: Json = {
    "ch": "web", "day": "2026-11-21", "files": [sha256(b"photo").hex()], "msg": sha256(TEXT.encode()).hex(),
    "place": sha256(PLACE.encode()).hex(), "rid": "0123456789abcdef" * 2,
}  # fmt: skip
OUTCOME: Json = {"a": "2026-000123", "k": "answered", "r": commitment("desk/receipt/v1\0", SALT, MESSAGE)}
ANSWER: Json = {
    "answer": "2026-000123", "n": 2, "step": "correct", "kind": "claim", "lang": "vi",
    "question": "Nước chanh có chữa được bệnh gan không?", "rating": "false", "outcome": "",
    "summary": "Không. Nước chanh không chữa được bệnh gan. 🍋", "text": "Chưa có \"bằng chứng\" nào.\nXem nguồn.",
    "change": "Thêm nguồn.", "published": "2026-11-21T10:15:00Z", "unit": "desk",
    "sources": [{"title": "Gan", "publisher": "Bộ Y tế", "url": "https://example.org/", "dated": "2026-11-20"}],
}  # fmt: skip


def message_leaf(opening: Json = MESSAGE, salt: bytes = SALT) -> Json:
    return {"c": commitment("desk/receipt/v1\0", salt, opening), "t": "r", "v": 1}


def outcome_leaf(opening: Json = OUTCOME, salt: bytes = SALT) -> Json:
    return {"c": commitment("desk/outcome/v1\0", salt, opening), "k": opening["k"], "t": "o", "v": 1}


def version_leaf(answer: Json = ANSWER, salt: bytes = SALT, **change: object) -> Json:
    kind = {"publish": "p", "correct": "c", "withdraw": "w"}[answer["step"]]
    leaf = {
        "a": answer["answer"], "h": commitment("desk/answer/v1\0", salt, answer), "n": answer["n"], "t": kind,
        "ts": answer["published"], "u": answer["unit"], "v": 1,
    }  # fmt: skip
    leaf |= {} if kind == "p" else {"pv": sha256(b"previous").hex()}
    leaf |= {"rs": "wrong_source"} if kind == "w" else {}
    return leaf | change


def everybody(text: str) -> str:
    """The lines of the log, a stranger and both witnesses."""
    return "".join(signer.line(text) for signer in (LOG, FIRST, STRANGER, SECOND))


def checkpoint_text(*, origin: str, size: object, root: bytes, extension: str = "") -> str:
    return f"{origin}\n{size}\n{b64(root)}\n{extension}"


def proof(
    leaf_text: str,
    *,
    index: int = INDEX,
    size: int = SIZE,
    lines: Callable[[str], str] = everybody,
    extra: str = "",
    shown: Json | None = None,
) -> str:
    """A tlog-proof of an entry among others; `shown` puts other things where index, origin, size or hashes stand."""
    hashes = [sha256(b"\0" + f"entry {n}".encode()) for n in range(size)]
    hashes[index] = sha256(b"\0" + leaf_text.encode())
    told = {"index": index, "origin": ORIGIN, "size": size, "hashes": path_of(index, hashes), "root": root_of(hashes)}
    told |= {"extension": ""} | (shown or {})
    text = checkpoint_text(**{name: told[name] for name in ("origin", "size", "root", "extension")})
    path = "".join(f"{b64(each)}\n" for each in told["hashes"])
    return f"c2sp.org/tlog-proof@v1\n{extra}index {told['index']}\n{path}\n{text}\n{lines(text)}"


def receipt(opening: Json = MESSAGE, leaf: Json | None = None, *, salt: bytes = SALT, **change: Any) -> str:
    """A Receipt of a message, or of an outcome where the opening is one; `change` goes to `proof`."""
    if leaf is None:
        leaf = message_leaf(opening, salt) if "rid" in opening else outcome_leaf(opening, salt)
    extra = jcs({"leaf": leaf, "opening": opening, "salt": salt.hex()})
    return proof(jcs(leaf), **({"extra": f"extra {b64(extra.encode())}\n"} | change))


def version(answer: Json = ANSWER, leaf: Json | None = None, *, change: Json | None = None, **proof_change: Any) -> str:
    """A version's file; `change` replaces its members, the rest goes to `proof`."""
    leaf = leaf or version_leaf(answer)
    file = {"answer": answer, "salt": SALT.hex(), "leaf": leaf, "proof": proof(jcs(leaf), **proof_change)}
    return json.dumps(file | (change or {}))


def folded(leaf_text: str, index: int, size: int, beside: list[bytes]) -> bytes:
    """The root above an entry of a tree too large to build, from the hashes beside its path, first the lowest."""
    if size == 1:
        return sha256(b"\0" + leaf_text.encode())
    half = 1 << ((size - 1).bit_length() - 1)
    if index < half:
        return sha256(b"\1" + folded(leaf_text, index, half, beside[:-1]) + beside[-1])
    return sha256(b"\1" + beside[-1] + folded(leaf_text, index - half, size - half, beside[:-1]))


def path_length(index: int, size: int) -> int:
    if size == 1:
        return 0
    half = 1 << ((size - 1).bit_length() - 1)
    return 1 + (path_length(index, half) if index < half else path_length(index - half, size - half))


def huge_receipt(index: int, size: int) -> str:
    """A valid Receipt from a log of any size."""
    leaf = message_leaf()
    beside = [sha256(f"beside {n}".encode()) for n in range(path_length(index, size))]
    root = folded(jcs(leaf), index, size, beside)
    return receipt(leaf=leaf, shown={"index": index, "size": size, "hashes": beside, "root": root})
