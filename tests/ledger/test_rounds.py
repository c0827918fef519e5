"""What a round makes good besides its own batch."""

import shutil
from datetime import timedelta

import pytest

from sangto.ledger import actions
from sangto.ledger.guard import StandsStill
from tests.ledger.steps import BATCH, backup, files, folder, head, published, put, run

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_lost_folder_of_a_closed_shard_is_made_anew(now):
    put(3, now=now)
    run(now)
    actions.next_shard(head(), now=now + HOUR)
    run(now + HOUR)
    kept = files("2026")
    shutil.rmtree(folder("2026"))

    run(now + 2 * HOUR)

    newest = {path: data for path, data in kept.items() if ".p/3" not in path}
    assert {path: data for path, data in files("2026").items() if path in newest} == newest
    assert published("2026").size == 4


def test_files_are_looked_through_again_after_a_recovery(now, monkeypatch):
    put(3, now=now)
    run(now)
    restore = backup()
    put(2, now=now + BATCH, first=3)
    run(now + BATCH)
    monkeypatch.setattr(actions, "forget_looks", lambda: None)  # restored under a process that goes on
    restore()
    with pytest.raises(StandsStill):
        run(now + 2 * BATCH)
    actions.recover(now=now + 2 * BATCH)
    tile = folder() / "tile/0/000.p/3"
    right = tile.read_bytes()
    tile.write_bytes(b"\0" * 96)

    run(now + 3 * BATCH)

    assert tile.read_bytes() == right
