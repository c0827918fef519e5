"""Proof files (C2SP tlog-proof): one entry's place in the log, with the checkpoint that vouches for it."""

import base64
import re
from dataclasses import dataclass
from typing import Self

from sangto.engine.merkle.checkpoints import Checkpoint
from sangto.engine.merkle.notes import BadNote, Note, unbase64
from sangto.engine.merkle.tree import HASH_BYTES, MOST_PROOF_HASHES, check_inclusion

FIRST_LINE = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True)
class ProofFile:
    """The parts of a `.tlog-proof`; `extra` is None where the file has no such line, and is never to be trusted."""

    index: int
    hashes: tuple[bytes, ...]
    note: Note
    extra: bytes | None = None

    def __str__(self) -> str:
        extra = [] if self.extra is None else [f"extra {base64.b64encode(self.extra).decode()}"]
        hashes = [base64.b64encode(each).decode() for each in self.hashes]
        return "\n".join([FIRST_LINE, *extra, f"index {self.index}", *hashes, "", str(self.note)])

    @classmethod
    def read(cls, text: str) -> Self:
        """The parts of the file; raises BadNote when it is none."""
        head, blank, note = text.partition("\n\n")
        lines = head.split("\n")
        if not blank or lines.pop(0) != FIRST_LINE:
            raise BadNote("this is no tlog-proof file")
        extra = unbase64(lines.pop(0).removeprefix("extra ")) if lines and lines[0].startswith("extra ") else None
        index = _INDEX.fullmatch(lines.pop(0)) if lines else None
        if index is None or len(lines) > MOST_PROOF_HASHES:
            raise BadNote("the file has no index, or too many hashes")
        return cls(int(index[1]), tuple(_hash(line) for line in lines), Note.read(note), extra)

    def check(self, leaf: bytes) -> Checkpoint:
        """The checkpoint whose tree holds the leaf hash; raises BadNote when there is none, BadProof when it does not.

        Who signed it is another question.
        """
        checkpoint = Checkpoint.read(self.note.text)
        check_inclusion(leaf=leaf, index=self.index, size=checkpoint.size, root=checkpoint.root, proof=self.hashes)
        return checkpoint


def _hash(line: str) -> bytes:
    data = unbase64(line)
    if len(data) != HASH_BYTES:
        raise BadNote("a line of the proof is not a hash")
    return data
