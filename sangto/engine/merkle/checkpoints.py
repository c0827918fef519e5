"""Checkpoints (C2SP tlog-checkpoint): a log's name, its size and its root, in three lines."""

import base64
import re
from dataclasses import dataclass
from typing import Self

from sangto.engine.merkle.notes import BadNote, is_name, unbase64
from sangto.engine.merkle.tree import EMPTY_ROOT, HASH_BYTES

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True)
class Checkpoint:
    """What a log says of itself. Our logs never have extension lines: nobody audits those."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def read(cls, text: str) -> Self:
        """The checkpoint of a note's text; raises BadNote for anything else, extension lines too."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3] or not is_name(lines[0]) or not _SIZE.fullmatch(lines[1]):
            raise BadNote("this is no checkpoint of three lines")
        root = unbase64(lines[2])
        checkpoint = cls(lines[0], int(lines[1]), root)
        if len(root) != HASH_BYTES or (checkpoint.size == 0 and root != EMPTY_ROOT) or checkpoint.size >> 63:
            raise BadNote("the size and the root of the checkpoint do not fit")
        return checkpoint
