"""Keys, a checkpoint and a way to write notes, shared by the tests of what is signed."""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

import pytest
from hypothesis import strategies as st

from sangto.engine.merkle.checkpoints import Checkpoint
from sangto.engine.merkle.notes import LOG, WITNESS, Signer, is_name

ORIGIN = "answers.example.org/log/2026"
NOW = 1_795_256_100  # 2026-11-21T10:15:00Z


def signer(name: str, kind: int = WITNESS) -> Signer:
    """A key that is the same in every run."""
    return Signer(name, kind, sha256(name.encode()).digest())


DESK, OTHER_DESK = signer(ORIGIN, LOG), signer("other.example.org/log/2026", LOG)
NEIGHBOUR, CLUB, PAPER = signer("neighbour.example.org/w"), signer("club.example.org"), signer("báo.example.org")
ROOT = sha256(b"a root").digest()
CHECKPOINT = Checkpoint(ORIGIN, 70_000, ROOT)
TEXT = CHECKPOINT.text


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=[*map(chr, range(32))]))
names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40).filter(is_name)
signers = st.builds(Signer, names, st.sampled_from([LOG, WITNESS]), st.binary(min_size=32, max_size=32))


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


def line(name: str, blob: bytes) -> str:
    """A signature line with these bytes in it."""
    return f"\N{EM DASH} {name} {base64_of(blob)}"


def written(*lines: str, text: str = TEXT) -> str:
    """A note as it is sent."""
    return "\n".join([text, *lines, ""])


@contextmanager
def refused(error: type[Exception], message: str) -> Iterator[None]:
    """The block has to raise this class, no subclass of it, with this message word for word."""
    with pytest.raises(error) as raised:
        yield
    assert (type(raised.value), str(raised.value)) == (error, message)
