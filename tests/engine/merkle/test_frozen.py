"""What was read, and so was checked, cannot be changed afterwards."""

from dataclasses import FrozenInstanceError, fields

import pytest

from sangto.engine.merkle.notes import Note
from sangto.engine.merkle.policies import Group, Policy
from sangto.engine.merkle.proofs import ProofFile
from sangto.engine.merkle.tiles import Tile
from sangto.engine.merkle.tree import Edge
from tests.engine.merkle.signing import CHECKPOINT, DESK, TEXT

NOTE = Note(TEXT, (DESK.signed(TEXT),))


@pytest.mark.parametrize(
    "value",
    [DESK, DESK.key, NOTE, CHECKPOINT, ProofFile(0, (), NOTE), Group(1, ("a",)), Policy(), Tile(0, 0), Edge()],
    ids=lambda value: type(value).__name__,
)
def test_nothing_that_was_read_can_be_changed(value):
    for field in fields(value):
        with pytest.raises(FrozenInstanceError):
            setattr(value, field.name, getattr(value, field.name))
