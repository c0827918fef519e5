"""Reads a published log's directory for peers that cannot: receipts, older checkpoints, the policy's quorum.

Nothing here verifies anything: that is left to the peers.
"""

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

HEAD = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True)
class Receipt:
    """A tlog-proof file taken apart (C2SP tlog-proof)."""

    name: str
    index: int
    hashes: tuple[str, ...]  # base64, as they stand
    checkpoint: str
    leaf: bytes | None  # the canonical JSON of the leaf in the extra line, None where there is no such line

    @property
    def leaf_hash(self) -> str | None:
        """The RFC 6962 leaf hash in hex; None without an extra line."""
        return None if self.leaf is None else hashlib.sha256(b"\0" + self.leaf).hexdigest()

    @property
    def without_extra(self) -> str:
        """The file as it would be without its extra line."""
        return "\n".join([HEAD, f"index {self.index}", *self.hashes, "", self.checkpoint])


def receipt(name: str, text: str) -> Receipt:
    """A tlog-proof file taken apart; raises ValueError when it does not have that shape."""
    head, separator, checkpoint = text.partition("\n\n")
    shape = re.fullmatch(rf"{re.escape(HEAD)}\n(?:extra (\S+)\n)?index (0|[1-9][0-9]*)((?:\n\S+)*)", head, re.ASCII)
    if not separator or not shape:
        raise ValueError("not a tlog-proof file")
    return Receipt(name, int(shape[2]), tuple(shape[3].split()), checkpoint, leaf(shape[1]) if shape[1] else None)


def leaf(extra: str) -> bytes:
    """The canonical JSON of the leaf in an extra line; raises ValueError when there is none."""
    told = json.loads(base64.b64decode(extra, validate=True))
    if not isinstance(told, dict) or "leaf" not in told:
        raise ValueError("no leaf in the extra line")
    return json.dumps(told["leaf"], sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@dataclass(frozen=True)
class Policy:
    """A policy file (C2SP tlog-policy) taken at its word: the Go verifier is the one that checks it."""

    witnesses: dict[str, str]  # name in the policy -> vkey
    groups: dict[str, tuple[int, list[str]]]
    quorum: str

    @property
    def terms(self) -> tuple[int, list[str]]:
        """How many cosignatures are needed at least, and the vkeys whose count: all that "k of n" can say of a quorum.

        That is exact unless groups are nested in other ways than "all".
        """
        return self._terms(self.quorum)

    def _terms(self, name: str) -> tuple[int, list[str]]:
        if name == "none":
            return 0, []
        if name in self.witnesses:
            return 1, [self.witnesses[name]]
        threshold, members = self.groups[name]
        terms = [self._terms(member) for member in members]
        least = sorted(needed for needed, _vkeys in terms)
        return sum(least[:threshold]), [vkey for _needed, vkeys in terms for vkey in vkeys]


def policy(text: str) -> Policy:
    """A policy file taken apart."""
    witnesses: dict[str, str] = {}
    groups: dict[str, tuple[int, list[str]]] = {}
    quorum = "none"
    for words in (line.split() for line in text.split("\n")):
        match words:
            case ["witness", name, vkey, *_]:
                witnesses[name] = vkey
            case ["group", name, threshold, *members]:
                count = {"any": 1, "all": len(members)}.get(threshold) or int(threshold)
                groups[name] = (count, members)
            case ["quorum", name]:
                quorum = name
    return Policy(witnesses, groups, quorum)


@dataclass(frozen=True)
class Published:
    """The directory of a published log."""

    directory: Path

    @property
    def vkey(self) -> str:
        return (self.directory / "vkey").read_text(encoding="utf-8").strip()

    @property
    def origin(self) -> str:
        """The log's origin, which is the name of its key."""
        return self.vkey.partition("+")[0]

    @property
    def policy(self) -> Policy:
        return policy((self.directory / "policy").read_text(encoding="utf-8"))

    @property
    def older(self) -> list[Path]:
        """Older checkpoints, the smallest first."""
        return sorted((self.directory / "checkpoints").glob("*"), key=lambda path: int(path.name))

    @property
    def receipts(self) -> list[Path]:
        """The files of receipts, by name."""
        return sorted((self.directory / "receipts").glob("*.tlog-proof"))
