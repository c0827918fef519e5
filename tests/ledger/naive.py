"""A desk and its log, built straight from RFC 6962 and the C2SP pages: slow, small, and sharing no code with ours.

`NaiveLog` holds leaves and makes checkpoints, proofs, receipts, tiles and bundles; `NaiveDesk` lives a desk's life on
one or more such logs and writes the folder that a desk would serve: `log/<shard>/…`, `log/policy`, `answers/…`.
Everything is the same in every run: keys come from names, salts from counters.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ORIGIN = "answers.example.org/log/2026"
SEEN_AT = 1795342500  # 2026-11-22T10:15:00Z, when a witness signs if the test does not say
LOG, WITNESS = 1, 4
DASH = "\N{EM DASH}"


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def jcs(value: object) -> bytes:
    """RFC 8785 for what leaves and openings hold: ASCII keys, texts, integers."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def commitment(prefix: str, salt: str, value: object) -> str:
    return hmac.new(bytes.fromhex(salt), prefix.encode() + b"\0" + jcs(value), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class NaiveKey:
    """A note key of a log (kind 1) or a witness (kind 4), made from its name."""

    name: str
    kind: int = LOG
    seed: str = ""

    @property
    def private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"{self.name}{self.seed}".encode()).digest())

    @property
    def public(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)

    @property
    def id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64(bytes([self.kind]) + self.public)}"

    def line(self, text: str, at: int = SEEN_AT) -> str:
        """The signature line for a note's text; a witness says when."""
        if self.kind == LOG:
            return f"{DASH} {self.name} {b64(self.id + self.private.sign(text.encode()))}\n"
        signature = self.private.sign(f"cosignature/v1\ntime {at}\n{text}".encode())
        return f"{DASH} {self.name} {b64(self.id + at.to_bytes(8, 'big') + signature)}\n"


def witness(number: int) -> NaiveKey:
    return NaiveKey(f"witness.example.org/w{number}", WITNESS)


@dataclass
class NaiveLog:
    """An RFC 6962 tree of leaves, with the key that signs its heads."""

    origin: str = ORIGIN
    entries: list[bytes] = field(default_factory=list)
    known: dict[tuple[int, int], bytes] = field(default_factory=dict)

    @property
    def key(self) -> NaiveKey:
        return NaiveKey(self.origin)

    @property
    def size(self) -> int:
        return len(self.entries)

    def add(self, leaf: object) -> int:
        """Append a leaf (an object, or bytes as they are); its index."""
        self.entries.append(leaf if isinstance(leaf, bytes) else jcs(leaf))
        return self.size - 1

    def mth(self, start: int, end: int) -> bytes:
        """MTH(D[start:end]) of RFC 6962 section 2.1."""
        if start == end:
            return hashlib.sha256(b"").digest()
        if (start, end) not in self.known:
            if end - start == 1:
                found = hashlib.sha256(b"\0" + self.entries[start]).digest()
            else:
                middle = start + largest_power_below(end - start)
                found = hashlib.sha256(b"\1" + self.mth(start, middle) + self.mth(middle, end)).digest()
            self.known[start, end] = found
        return self.known[start, end]

    def leaf_hash(self, index: int) -> bytes:
        return self.mth(index, index + 1)

    def root(self, size: int | None = None) -> bytes:
        return self.mth(0, self.size if size is None else size)

    def inclusion(self, m: int, start: int, end: int) -> list[bytes]:
        """PATH(m, D[start:end]) of RFC 6962 section 2.1.1."""
        if end - start == 1:
            return []
        k = largest_power_below(end - start)
        if m < k:
            return [*self.inclusion(m, start, start + k), self.mth(start + k, end)]
        return [*self.inclusion(m - k, start + k, end), self.mth(start, start + k)]

    def consistency(self, old: int, new: int) -> list[bytes]:
        """PROOF(old, D[new]) of RFC 6962 section 2.1.2."""
        return self.subproof(old, 0, new, True)

    def subproof(self, m: int, start: int, end: int, whole: bool) -> list[bytes]:
        if m == end - start:
            return [] if whole else [self.mth(start, end)]
        k = largest_power_below(end - start)
        if m <= k:
            return [*self.subproof(m, start, start + k, whole), self.mth(start + k, end)]
        return [*self.subproof(m - k, start + k, end, False), self.mth(start, start + k)]

    def text(self, size: int | None = None) -> str:
        """The text of a checkpoint."""
        size = self.size if size is None else size
        return f"{self.origin}\n{size}\n{b64(self.root(size))}\n"

    def checkpoint(self, size: int | None = None, witnesses: Iterable[NaiveKey] = (), more: str = "") -> str:
        """A signed checkpoint, with cosignatures and then any lines the test wants in it."""
        text = self.text(size)
        return f"{text}\n{self.key.line(text)}{''.join(each.line(text) for each in witnesses)}{more}"

    def proof(self, index: int, note: str, size: int | None = None, extra: bytes | None = None) -> str:
        """A .tlog-proof file (C2SP tlog-proof) over a note."""
        hashes = "".join(f"{b64(each)}\n" for each in self.inclusion(index, 0, self.size if size is None else size))
        box = "" if extra is None else f"extra {b64(extra)}\n"
        return f"c2sp.org/tlog-proof@v1\n{box}index {index}\n{hashes}\n{note}"

    def write(self, folder: Path, size: int | None = None, witnesses: Iterable[NaiveKey] = (), more: str = "") -> None:
        """Tiles and bundles of a size (C2SP tlog-tiles), and last the checkpoint."""
        size = self.size if size is None else size
        level = 0
        while size >> 8 * level:
            for n, width in tiles(size >> 8 * level):
                spans = [((n * 256 + i) << 8 * level, (n * 256 + i + 1) << 8 * level) for i in range(width)]
                put(folder / f"tile/{level}" / tile_name(n, width), b"".join(self.mth(*span) for span in spans))
            level += 1
        for n, width in tiles(size):
            bundle = [len(each).to_bytes(2, "big") + each for each in self.entries[n * 256 : n * 256 + width]]
            put(folder / "tile/entries" / tile_name(n, width), b"".join(bundle))
        put(folder / "checkpoint", self.checkpoint(size, witnesses, more).encode())


def largest_power_below(n: int) -> int:
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def tiles(hashes: int) -> list[tuple[int, int]]:
    """Number and width of the tiles that hold so many hashes."""
    full = [(n, 256) for n in range(hashes // 256)]
    return [*full, (hashes // 256, hashes % 256)] if hashes % 256 else full


def tile_name(n: int, width: int) -> str:
    """1234067 is x001/x234/067; a partial tile adds .p/<width>."""
    digits = str(n).zfill((len(str(n)) + 2) // 3 * 3)
    groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    path = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
    return path if width == 256 else f"{path}.p/{width}"


def put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def policy(logs: Iterable[NaiveKey], witnesses: Sequence[NaiveKey] = (), quorum: str = "") -> str:
    """A policy of logs and witnesses w1, w2, …; all of them make the quorum unless the test says otherwise."""
    lines = [f"log {key.vkey}" for key in logs]
    names = [f"w{number}" for number, _key in enumerate(witnesses, start=1)]
    lines += [f"witness {name} {key.vkey}" for name, key in zip(names, witnesses, strict=True)]
    if names and not quorum:
        lines.append(f"group everybody all {' '.join(names)}")
    return "\n".join([*lines, f"quorum {quorum or ('everybody' if names else 'none')}", ""])


@dataclass
class NaiveReceipt:
    """What the holder of a receipt is given: leaf, opening and salt, and where the leaf is."""

    log: NaiveLog
    index: int
    leaf: dict
    opening: dict
    salt: str

    def file(
        self, witnesses: Iterable[NaiveKey] = (), size: int | None = None, more: str = "", **changed: object
    ) -> str:
        """The .tlog-proof file; `changed` replaces parts of its extra line (leaf, opening, salt)."""
        extra = jcs({"leaf": self.leaf, "opening": self.opening, "salt": self.salt, **changed})
        return self.log.proof(self.index, self.log.checkpoint(size, witnesses, more), size, extra)


@dataclass
class NaiveDesk:
    """A desk that receives, answers and logs. Times are given by the test, or go on a minute at a time."""

    origin: str = ORIGIN
    witnesses: tuple[NaiveKey, ...] = ()
    logs: list[NaiveLog] = field(default_factory=list)
    pages: dict[tuple[str, int], dict] = field(default_factory=dict)
    places: dict[tuple[str, int], tuple[NaiveLog, int]] = field(default_factory=dict)
    salts: int = 0
    minutes: int = 0

    def __post_init__(self) -> None:
        self.logs = self.logs or [NaiveLog(self.origin)]

    @property
    def log(self) -> NaiveLog:
        return self.logs[-1]

    def salt(self) -> str:
        self.salts += 1
        return hashlib.sha256(f"salt {self.salts}".encode()).hexdigest()

    def now(self) -> str:
        self.minutes += 1
        return f"2026-11-21T{self.minutes // 60:02}:{self.minutes % 60:02}:00Z"

    def receive(
        self, text: str = "Có đúng là nước sông tăng?", place: str = "Phường 1", files: Sequence[str] = ()
    ) -> NaiveReceipt:
        """Log a message; its receipt."""
        opening = {
            "ch": "web", "day": "2026-11-21", "files": list(files), "msg": hashlib.sha256(text.encode()).hexdigest(),
            "place": hashlib.sha256(place.encode()).hexdigest(), "rid": self.salt()[:32],
        }  # fmt: skip
        salt = self.salt()
        leaf = {"c": commitment("desk/receipt/v1", salt, opening), "t": "r", "v": 1}
        return NaiveReceipt(self.log, self.log.add(leaf), leaf, opening, salt)

    def settle(self, receipt: NaiveReceipt, outcome: str = "answered", a: str = "") -> NaiveReceipt:
        """Log the outcome of a message; its receipt."""
        opening = {"a": a, "k": outcome, "r": receipt.leaf["c"]}
        salt = self.salt()
        leaf = {"c": commitment("desk/outcome/v1", salt, opening), "k": outcome, "t": "o", "v": 1}
        return NaiveReceipt(self.log, self.log.add(leaf), leaf, opening, salt)

    def version(self, a: str, step: str, ts: str | None = None, text: str = "Không đúng.") -> dict:
        """Log and serve the next version of an answer: step publish, correct or withdraw."""
        n = max((m for b, m in self.pages if b == a), default=0) + 1
        ts = ts or self.now()
        answer = {
            "answer": a, "n": n, "step": step, "kind": "claim", "lang": "vi", "question": "Nước sông tăng?",
            "rating": "false", "outcome": "", "summary": "Không.", "text": text, "change": "" if n == 1 else "Sửa số.",
            "published": ts, "unit": "desk",
            "sources": [{"title": "Bản tin", "publisher": "Đài", "url": "https://example.org", "dated": "2026-11-20"}],
        }  # fmt: skip
        salt, kind = self.salt(), {"publish": "p", "correct": "c", "withdraw": "w"}[step]
        leaf = {
            "a": a,
            "h": commitment("desk/answer/v1", salt, answer),
            "n": n,
            "t": kind,
            "ts": ts,
            "u": "desk",
            "v": 1,
        }
        if kind != "p":
            leaf["pv"] = self.leaf_hash(a, n - 1)
        if kind == "w":
            leaf["rs"] = "wrong_source"
        self.places[a, n] = (self.log, self.log.add(leaf))
        self.pages[a, n] = {"answer": answer, "salt": salt, "leaf": leaf}
        return self.pages[a, n]

    def publish(self, a: str, ts: str | None = None) -> dict:
        return self.version(a, "publish", ts)

    def correct(self, a: str, ts: str | None = None) -> dict:
        return self.version(a, "correct", ts, text="Không đúng, như đã đính chính.")

    def withdraw(self, a: str, ts: str | None = None) -> dict:
        return self.version(a, "withdraw", ts)

    def leaf_hash(self, a: str, n: int) -> str:
        log, index = self.places[a, n]
        return log.leaf_hash(index).hex()

    def hide(self, a: str, n: int, ts: str | None = None) -> None:
        """Log that a page is hidden, and serve it no more."""
        leaf = {"a": a, "n": n, "pv": self.leaf_hash(a, n), "t": "h", "ts": ts or self.now(), "v": 1}
        self.log.add(leaf)
        self.pages[a, n] = {**self.pages[a, n], "hidden": True}

    def erase(self, a: str, n: int) -> None:
        """Log that a version is erased, and serve what is left of it."""
        leaf = {"a": a, "lg": "court_order", "n": n, "pv": self.leaf_hash(a, n), "t": "e", "v": 1}
        self.log.add(leaf)
        self.pages[a, n] = {"erased": True, "leaf": leaf}

    def destroy_key(self, day: str) -> None:
        self.log.add({"day": day, "t": "x", "v": 1})

    def announce(self, origin: str) -> None:
        """Close the log with the key of the next one."""
        self.log.add({"t": "k", "v": 1, "vk": NaiveKey(origin).vkey})

    def open(self, origin: str) -> None:
        """Begin the next log where this one ended."""
        old = self.log
        self.logs.append(NaiveLog(origin))
        self.log.add({"o": old.origin, "r": old.root().hex(), "t": "s", "v": 1, "z": old.size})

    def served(self, a: str, n: int) -> dict:
        """A version's file: its proof is null until the log has it."""
        page = self.pages[a, n]
        if "erased" in page:
            return page
        log, index = self.places[a, n]
        proof = log.proof(index, log.checkpoint(witnesses=self.witnesses))
        return {"answer": page["answer"], "salt": page["salt"], "leaf": page["leaf"], "proof": proof}

    def write(self, folder: Path) -> None:
        """Everything that the desk serves, as files: logs, policy, pages, the list of pages."""
        for log in self.logs:
            log.write(folder / "log" / log.origin.split("/log/")[1], witnesses=self.witnesses)
        put(folder / "log/policy", policy([log.key for log in self.logs], self.witnesses).encode())
        shown = {key: page for key, page in self.pages.items() if "hidden" not in page}
        for a, n in self.pages:
            path = folder / f"answers/{a}/v{n}.json"
            if (a, n) in shown:
                put(path, json.dumps(self.served(a, n), ensure_ascii=False).encode())
            else:
                path.unlink(missing_ok=True)
        listed = [{"answer": a, "n": n, "erased": "erased" in page} for (a, n), page in shown.items()]
        put(folder / "answers/index.json", json.dumps({"versions": listed}).encode())
