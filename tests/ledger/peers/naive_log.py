"""A log made the plain way, from RFC 6962 and the C2SP pages, for the peers to read: nothing here is the product's.

`python -m tests.ledger.peers.naive_log DIR [SIZE]` writes one in the layout of `tests.ledger.peers`.
"""

import base64
import functools
import hashlib
import hmac
import json
import sys
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

LOG, COSIGNER = b"\x01", b"\x04"  # C2SP signed-note and tlog-cosignature: the types of an Ed25519 key
TILE = 256
TIME = 1_795_250_000  # when the naive witnesses sign
RECEIPTS = 40


def jcs(value: object) -> bytes:
    """Canonical JSON (RFC 8785) of objects with ASCII keys, strings and integers."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@dataclass(frozen=True)
class Key:
    """A signing key with its name: of a log or of a witness, told apart by `kind`."""

    name: str
    kind: bytes = LOG

    @functools.cached_property
    def secret(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(self.name.encode()).digest())

    @functools.cached_property
    def id(self) -> bytes:
        return hashlib.sha256(
            self.name.encode() + b"\n" + self.kind + self.secret.public_key().public_bytes_raw()
        ).digest()[:4]

    @property
    def vkey(self) -> str:
        """The verifier key: name+id+base64 of type and key."""
        return f"{self.name}+{self.id.hex()}+{b64(self.kind + self.secret.public_key().public_bytes_raw())}"

    def line(self, text: str, time: int = TIME) -> str:
        """The signature line under a checkpoint's text; a witness's also states the time."""
        if self.kind == LOG:
            signature = self.secret.sign(text.encode())
        else:
            signed = f"cosignature/v1\ntime {time}\n{text}"
            signature = time.to_bytes(8, "big") + self.secret.sign(signed.encode())
        return f"\u2014 {self.name} {b64(self.id + signature)}\n"


@dataclass
class NaiveLog:
    """Entries and the hashes of all complete subtrees: `levels[k][i]` is the root of 2^k leaves from i * 2^k."""

    key: Key = Key("answers.example.org/log/2026")
    witnesses: list[Key] = field(
        default_factory=lambda: [Key(f"witness.example.org/w{n}", COSIGNER) for n in (1, 2, 3)]
    )
    entries: list[bytes] = field(default_factory=list)
    levels: list[list[bytes]] = field(default_factory=lambda: [[]])

    def append(self, entry: bytes) -> None:
        """Add one entry and the subtrees that it completes."""
        self.entries.append(entry)
        node, level = hashlib.sha256(b"\0" + entry).digest(), 0
        self.levels[0].append(node)
        while len(self.levels[level]) % 2 == 0:
            node, level = hashlib.sha256(b"\1" + self.levels[level][-2] + node).digest(), level + 1
            if level == len(self.levels):
                self.levels.append([])
            self.levels[level].append(node)

    def root(self, start: int, end: int) -> bytes:
        """MTH of the entries from start to end, where start suits the size (RFC 6962, 2.1)."""
        size = end - start
        if size == 0:
            return hashlib.sha256(b"").digest()
        if size & (size - 1) == 0:
            return self.levels[size.bit_length() - 1][start // size]
        half = 1 << ((size - 1).bit_length() - 1)
        return hashlib.sha256(b"\1" + self.root(start, start + half) + self.root(start + half, end)).digest()

    def inclusion(self, index: int, start: int, end: int) -> list[bytes]:
        """PATH: the audit path of an entry (RFC 6962, 2.1.1)."""
        if end - start == 1:
            return []
        half = start + (1 << ((end - start - 1).bit_length() - 1))
        if index < half:
            return [*self.inclusion(index, start, half), self.root(half, end)]
        return [*self.inclusion(index, half, end), self.root(start, half)]

    def consistency(self, old: int, new: int) -> list[bytes]:
        """PROOF: that the first `new` entries start with the first `old` ones (RFC 6962, 2.1.2)."""
        return [] if old in (0, new) else self._subproof(old, 0, new, whole=True)

    def _subproof(self, old: int, start: int, end: int, whole: bool) -> list[bytes]:
        if old == end:
            return [] if whole else [self.root(start, end)]
        half = start + (1 << ((end - start - 1).bit_length() - 1))
        if old <= half:
            return [*self._subproof(old, start, half, whole), self.root(half, end)]
        return [*self._subproof(old, half, end, whole=False), self.root(start, half)]

    def text(self, size: int) -> str:
        """A checkpoint's text: origin, size, root (C2SP tlog-checkpoint)."""
        return f"{self.key.name}\n{size}\n{b64(self.root(0, size))}\n"

    def checkpoint(self, size: int, cosigners: list[Key] | None = None) -> str:
        """A signed checkpoint, cosigned by every witness or by these."""
        text = self.text(size)
        cosigners = self.witnesses if cosigners is None else cosigners
        return f"{text}\n{self.key.line(text)}{''.join(cosigner.line(text) for cosigner in cosigners)}"

    def proof(self, index: int, size: int, extra: str = "") -> str:
        """A tlog-proof file of an entry in the checkpoint of a size, with an extra line on demand."""
        path = [b64(node) for node in self.inclusion(index, 0, size)]
        lines = ["c2sp.org/tlog-proof@v1", *([f"extra {extra}"] if extra else []), f"index {index}", *path]
        return "\n".join([*lines, "", self.checkpoint(size)])

    def policy(self, quorum: str = "group enough 2 {}\nquorum enough") -> str:
        """A tlog-policy file: by default two of the three witnesses."""
        names = [f"w{n}" for n, _witness in enumerate(self.witnesses, start=1)]
        lines = [f"witness {name} {witness.vkey}" for name, witness in zip(names, self.witnesses, strict=True)]
        return "\n".join(["# naive", f"log {self.key.vkey}", *lines, quorum.format(" ".join(names)), ""])

    def tiles(self, size: int) -> dict[str, bytes]:
        """Every tile and entry bundle of the tree of a size, by path (C2SP tlog-tiles); nothing narrower."""
        made = {}
        for first in range(0, size, TILE):
            bundle = self.entries[first : min(first + TILE, size)]
            data = b"".join(len(entry).to_bytes(2, "big") + entry for entry in bundle)
            made[tile_path("entries", first // TILE, len(bundle))] = data
        level = 0
        while width := size >> (8 * level):
            hashes = self.levels[8 * level][:width]
            for first in range(0, width, TILE):
                tile = hashes[first : first + TILE]
                made[tile_path(str(level), first // TILE, len(tile))] = b"".join(tile)
            level += 1
        return made

    def publish(self, directory: Path, size: int) -> None:
        """Write tiles, the checkpoint and its copy among the older ones; tiles that are there are left alone."""
        for path, data in self.tiles(size).items():
            if not (directory / path).exists():
                write(directory / path, data)
        write(directory / "checkpoint", self.checkpoint(size).encode())
        write(directory / "checkpoints" / str(size), self.checkpoint(size).encode())


def tile_path(level: str, index: int, width: int) -> str:
    """Where a tile lies: 1234067 is x001/x234/067, and a partial one ends in .p/<width>."""
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    path = "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])
    return f"tile/{level}/{path}" + (f".p/{width}" if width < TILE else "")


def write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def opening(index: int) -> tuple[dict, bytes]:
    """What the commitment of the receipt at an index commits to, and its salt; made up from the index."""
    rid = hashlib.sha256(f"rid {index}".encode()).hexdigest()
    opened = {"ch": "web", "day": "2026-11-21", "files": [], "msg": rid, "place": rid[::-1], "rid": rid[:32]}
    return opened, hashlib.sha256(f"salt {index}".encode()).digest()


def leaf(index: int) -> dict:
    """The `r` leaf at an index."""
    opened, salt = opening(index)
    commitment = hmac.new(salt, b"desk/receipt/v1\0" + jcs(opened), "sha256").hexdigest()
    return {"c": commitment, "t": "r", "v": 1}


def extra(index: int) -> str:
    """The extra line of the receipt at an index."""
    opened, salt = opening(index)
    return b64(jcs({"leaf": leaf(index), "opening": opened, "salt": salt.hex()}))


def build(directory: Path, sizes: list[int], receipts: int = RECEIPTS) -> NaiveLog:
    """Write a log published at each of the sizes, with receipts of the last and one, without an extra line, of each."""
    log = NaiveLog()
    for size in sizes:
        for index in range(len(log.entries), size):
            log.append(jcs(leaf(index)))
        log.publish(directory, size)
        if size:
            write(directory / "receipts" / f"plain-{size}.tlog-proof", log.proof(size // 2, size).encode())
    last = sizes[-1]
    for index in sorted({*(last * step // receipts for step in range(receipts)), last - 1}):
        write(directory / "receipts" / f"{index}.tlog-proof", log.proof(index, last, extra(index)).encode())
    write(directory / "policy", log.policy().encode())
    write(directory / "vkey", f"{log.key.vkey}\n".encode())
    return log


def steps(size: int) -> list[int]:
    """Sizes to publish on the way to a size: small, at the edges of tiles, and in between."""
    return [*(step for step in (0, 1, 2, 255, 256, 257, 1000, 4711, 65535, 65536, 65793) if step < size), size]


if __name__ == "__main__":
    build(Path(sys.argv[1]), steps(int(sys.argv[2]) if len(sys.argv) > 2 else 70_000))
