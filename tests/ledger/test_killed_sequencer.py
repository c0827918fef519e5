"""Four sequencers and three writers as real processes, killed at random: one log, no leaf lost, no fork."""

import os
import signal
import subprocess
import sys
from collections import Counter
from contextlib import suppress

import pytest
from django.conf import settings as configured

from sangto.engine.merkle.checkpoints import Checkpoint
from sangto.engine.merkle.notes import Key, Note
from sangto.engine.merkle.tiles import node_reader
from sangto.engine.merkle.tree import check_consistency, consistency_proof, leaf_hash
from sangto.ledger import actions
from sangto.ledger.local import LocalLog
from sangto.ledger.models import Leaf, SignedCheckpoint
from sangto.ledger.queries import current_shard
from tests.jobs.test_killed_worker import database_url
from tests.ledger.steps import entries, files, head, plain_root, plain_tiles, published
from tests.ledger.swarm import LEAVES, WRITERS

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_S = 120


@pytest.fixture
def swarm(settings, tmp_path):
    environment = {
        **os.environ,
        "SANGTO_HOME": str(settings.HOME),
        "SANGTO_SECRET_KEY": configured.SECRET_KEY,
        "SANGTO_DATABASE_URL": database_url(),
        "SANGTO_LEDGER_BATCH_MAX": "7",
    }
    command = [sys.executable, "-m", "tests.ledger.swarm", str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=environment, start_new_session=True, **pipes) as program:
        yield program
        with suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)  # all that it forked


def test_killed_sequencers_make_one_log_and_lose_no_leaf(swarm, tmp_path):
    ready = swarm.stdout.readline()
    said, errors = swarm.communicate(timeout=PATIENCE_S)
    written = [line for file in tmp_path.glob("writer-*") for line in file.read_text().split()]

    assert (ready, said, errors, swarm.returncode) == ("ready\n", "done\n", "", 0)
    assert len(written) == WRITERS * LEAVES
    now = Leaf.objects.latest("created_at").created_at
    actions.sequence(now=now, everything=True)  # what the last of them left behind
    assert_one_log(current_shard(), written)


def assert_one_log(shard, written):
    """Every leaf once, places without a gap, one root, and every signed checkpoint the beginning of the next."""
    placed, found = entries(shard), files(shard)
    assert Counter(leaf_hash(each).hex() for each in placed) == Counter(written)
    assert published(shard) == head(shard).checkpoint == Checkpoint(head(shard).origin, len(placed), plain_root(placed))
    assert {path: found[path] for path in plain_tiles(placed)} == plain_tiles(placed)
    key, read = Key.read(head(shard).vkey), LocalLog(shard).read
    notes = [Note.read(row.note) for row in SignedCheckpoint.objects.order_by("size")]
    signed = [Checkpoint.read(note.text) for note in notes]
    assert [set(note.signed_by([key])) for note in notes] == [{key}] * len(notes)
    assert [each.root for each in signed] == [plain_root(placed[: each.size]) for each in signed]
    for old, new in zip(signed, signed[1:], strict=False):
        proof = consistency_proof(old.size, new.size, node_reader(new.size, read))
        check_consistency(old=old.size, old_root=old.root, size=new.size, root=new.root, proof=proof)
    assert len(signed) == len({each.size for each in signed}) > 1
