"""A log of 70,000 leaves that the product built, and its witness client, before software by other people."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction

from sangto.channels.witnesses import post
from sangto.desk import actions as desk
from sangto.desk.queries.receipts import outcome_receipt_of, receipt_of
from sangto.engine.merkle.checkpoints import Checkpoint
from sangto.engine.merkle.notes import Note
from sangto.engine.merkle.tree import leaf_hash
from sangto.ledger import actions
from sangto.ledger.guard import FORK, WITNESS_DISAGREES, StandsStill
from sangto.ledger.keystore import signer_of
from sangto.ledger.local import LocalLog
from sangto.ledger.models import Head, Leaf, SignedCheckpoint, Witness
from tests.factories import NOW, make_answer, send
from tests.ledger.exported import exported, without_triggers
from tests.ledger.peers import __main__ as peers
from tests.ledger.peers.absence import or_skip, say_what_is_missing
from tests.ledger.peers.published import Published
from tests.ledger.peers.witness import WitnessPeer, witness_peer

SIZE, PARTS = 70_000, 7
pytestmark = [pytest.mark.peers, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module", autouse=True)
def loud(request: pytest.FixtureRequest) -> None:
    say_what_is_missing(request.config)


@pytest.fixture
def peer(tmp_path: Path, settings) -> Iterator[WitnessPeer]:
    """A witness by other people that trusts this desk's log, named in the desk's policy with the quorum on it."""
    head = actions.open_shard(now=NOW)
    with or_skip(), witness_peer(tmp_path / "peer", head.vkey) as running:
        settings.LEDGER_WITNESSES = f"witness peer {running.vkey} {running.url}\nquorum peer\n"
        yield running


def fill(count: int, *, part: int) -> None:
    with transaction.atomic():
        for n in range(count):
            actions.append("r", now=NOW, c=f"{part:032x}{n:032x}")


def grow(count: int, *, part: int) -> None:
    """So many leaves more, published and shown to the witness."""
    fill(count, part=part)
    actions.sequence(now=NOW, post=post, everything=True)
    actions.ask_witnesses(post, now=NOW)


def test_log_of_70000_leaves_is_accepted_by_three_verifiers_and_a_witness_by_other_people(peer, settings, tmp_path):
    settings.LEDGER_WITNESS_MINUTES = 0
    messages = [send(f"Câu hỏi số {n}: giá vé xe buýt có tăng không?") for n in range(6)]
    make_answer(messages[0].case)
    desk.follow_up(now=NOW)
    for part in range(PARTS):
        grow(SIZE // PARTS - (Leaf.objects.count() if part == 0 else 0), part=part)
    ended = [each for each in messages if outcome_receipt_of(each)]
    receipts = [(f"r{each.pk}", receipt_of(each).file) for each in messages]
    receipts += [(f"o{each.pk}", outcome_receipt_of(each).file) for each in ended]

    published = Published(exported(tmp_path / "out", receipts=receipts))
    verdicts = {name: verify(published) for name, verify in peers.VERIFIERS.items()}

    assert Head.objects.get().size == SIZE
    assert ended
    assert {name: verdict.refused for name, verdict in verdicts.items()} == dict.fromkeys(peers.VERIFIERS, [])
    assert Witness.objects.get().size == SIZE
    print({name: verdict.said for name, verdict in verdicts.items()})


def test_fork_of_one_size_is_refused_by_the_witness_and_stops_us(peer, settings):
    settings.LEDGER_WITNESS_MINUTES = 0
    grow(300, part=0)
    forge(size=300, root=leaf_hash(b"another"))
    Witness.objects.update(size=299)

    assert actions.ask_witnesses(post, now=NOW) == 0

    assert Witness.objects.get().trouble == FORK
    assert [each["reason"] for each in peer.evidence()] != []
    with pytest.raises(StandsStill, match=WITNESS_DISAGREES):
        actions.sequence(now=NOW)


def test_rollback_behind_what_the_witness_saw_is_refused(peer, settings):
    settings.LEDGER_WITNESS_MINUTES = 0
    grow(40, part=0)
    kept = Head.objects.get()
    grow(60, part=1)
    roll_back(to=kept)
    fill(5, part=2)

    with pytest.raises(StandsStill, match=WITNESS_DISAGREES):
        actions.sequence(now=NOW, post=post, everything=True)

    assert (Head.objects.get().size, Leaf.objects.filter(origin__isnull=True).count()) == (40, 5)


def forge(*, size: int, root: bytes) -> None:
    """Another root at a size that was signed before, as whoever holds the key and the database could make it."""
    text = Checkpoint(Head.objects.get().origin, size, root).text
    with without_triggers("ledger_signedcheckpoint"):
        note = Note(text, (signer_of("2026").signed(text),))
        SignedCheckpoint.objects.filter(size=size).update(note=str(note))


def roll_back(*, to: Head) -> None:
    """The database and the files as they were: an old backup of both, in a process that was started anew."""
    with without_triggers("ledger_leaf", "ledger_signedcheckpoint", "ledger_head"):
        Leaf.objects.filter(leaf_index__gte=to.size).delete()
        SignedCheckpoint.objects.filter(size__gt=to.size).delete()
        to.save()
    Witness.objects.update(size=to.size)
    shutil.rmtree(LocalLog(to.shard).folder)
    actions.forget_looks()
