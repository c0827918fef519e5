"""The proof of one leaf, whichever checkpoint it stands under, and what the log says of itself."""

from datetime import timedelta

import pytest
from django.db import transaction

from sangto.engine.merkle.policies import Policy
from sangto.engine.merkle.proofs import ProofFile
from sangto.ledger import queries
from sangto.ledger.actions import append, ask_witnesses, next_shard, sequence
from sangto.ledger.models import Leaf
from sangto.ledger.queries import Waiting, proof_of
from tests.ledger.steps import (
    BATCH,
    commitment_number,
    entries,
    folder,
    head,
    plain_root,
    published,
    put,
    put_days,
    run,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def check(digest) -> ProofFile:
    """The proof of a leaf, read again from its text and checked with the policy that everybody is given."""
    proof = ProofFile.read(str(proof_of(digest)))
    checkpoint, _seen = Policy.read(queries.policy_text()).check(proof.note)
    assert proof.check(bytes.fromhex(digest)) == checkpoint
    return proof


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 255, 256, 257, 300])
def test_every_leaf_has_its_proof(now, size):
    hashes = put(size, now=now)
    run(now)

    for digest in hashes[:: max(1, size // 20)]:
        proof = check(digest)
        assert proof.index == Leaf.objects.get(leaf_hash=digest).leaf_index
        assert proof.check(bytes.fromhex(digest)) == published()


def test_proof_moves_on_with_the_log(now):
    (digest,) = put(1, now=now)
    run(now)
    sizes = []
    for n in range(1, 4):
        put(100, now=now + n * HOUR, first=1000 * n)
        run(now + n * HOUR)
        sizes.append(check(digest).check(bytes.fromhex(digest)).size)

    assert sizes == [101, 201, 301]


def test_proof_waits_for_the_end_of_its_slot(now):
    at = now + timedelta(minutes=3)
    (digest,) = put(1, now=at)

    before = proof_of(digest)
    sequence(now=now + BATCH)

    assert before == Waiting(now + BATCH)
    assert isinstance(proof_of(digest), ProofFile)


def test_slot_may_be_longer(now, settings):
    settings.LEDGER_BATCH_MINUTES = 60
    (digest,) = put(1, now=now + timedelta(minutes=59))

    assert proof_of(digest) == Waiting(now + timedelta(minutes=60))


def test_leaf_that_is_placed_and_not_signed_yet_waits_too(now):
    (digest,) = put(1, now=now)
    sequence(now=now)
    Leaf.objects.update(origin=head().origin, leaf_index=0)

    assert proof_of(digest) == Waiting(now + BATCH)


def test_leaf_that_there_is_not_has_no_proof(now):
    put(1, now=now)
    run(now)

    assert proof_of("f" * 64) is None
    assert queries.leaf_body("f" * 64) is None


def test_proof_carries_what_it_is_given_and_is_checked_without_it(now):
    (digest,) = put(1, now=now)
    run(now)

    proof = proof_of(digest, extra=b'{"leaf":{}}')

    assert ProofFile.read(str(proof)).extra == b'{"leaf":{}}'
    assert proof.check(bytes.fromhex(digest)) == published()


def test_leaf_of_an_old_shard_keeps_its_proof(now):
    old = put(5, now=now)
    run(now)
    next_shard(head(), now=now + HOUR)
    new = put(3, now=now + HOUR, first=10)
    run(now + HOUR)

    assert {check(each).check(bytes.fromhex(each)).origin for each in old} == {head("2026").origin}
    assert {check(each).check(bytes.fromhex(each)).origin for each in new} == {head("2026-2").origin}


@pytest.fixture
def net(net):
    return net("w1", "w2", quorum="two")


def batch(net, n, now, *, away=()):
    """Batch number n, shown to the witnesses that are there; the hash of its leaf."""
    at = now + n * HOUR
    (digest,) = put(1, now=at, first=100 + n)
    run(at)
    for name in ("w1", "w2"):
        net[name].be_away() if name in away else net[name].be_right()
    net.now = at
    ask_witnesses(net.post, now=at + BATCH)
    return digest


def test_proof_stands_under_the_newest_checkpoint_that_enough_have_seen(now, net):
    first = batch(net, 0, now)
    second = batch(net, 1, now)
    third = batch(net, 2, now, away=("w2",))
    fourth = batch(net, 3, now, away=("w1", "w2"))

    sizes = {digest: proof_of(digest).check(bytes.fromhex(digest)).size for digest in (first, second, third, fourth)}

    assert sizes == {first: 2, second: 2, third: 4, fourth: 4}
    assert {len(proof_of(digest).note.lines) for digest in (first, second)} == {3}
    check(first)
    check(second)


def test_proof_gets_the_witnesses_when_they_come_back(now, net):
    digest = batch(net, 0, now, away=("w1", "w2"))
    bare = proof_of(digest)
    batch(net, 1, now)

    assert (len(bare.note.lines), bare.check(bytes.fromhex(digest)).size) == (1, 1)
    assert check(digest).check(bytes.fromhex(digest)).size == 2


def test_one_witness_is_enough_where_the_policy_says_so(now, net, settings):
    settings.LEDGER_WITNESSES = net.policy.replace("group two 2", "group two any")
    first = batch(net, 0, now)
    second = batch(net, 1, now, away=("w2",))
    batch(net, 2, now, away=("w1", "w2"))

    assert [check(each).check(bytes.fromhex(each)).size for each in (first, second)] == [2, 2]


def test_leaf_has_the_body_it_was_put_in_with(now):
    with transaction.atomic():
        digest = append("o", now=now, c=commitment_number(1), k="forwarded")

    assert queries.leaf_body(digest) == {"c": commitment_number(1), "k": "forwarded", "t": "o", "v": 1}


def test_log_that_was_not_begun_says_so():
    standing = queries.standing()

    assert (standing.origin, standing.shards, standing.checkpoint, standing.size) == ("", (), "", 0)
    assert (standing.signed_at, standing.received, standing.ended, standing.versions) == (None, 0, 0, 0)
    assert (queries.shards(), queries.current_shard()) == ([], None)
    assert queries.policy_text() == "quorum none\n"


def test_log_says_how_many_messages_wait_for_an_outcome(now):
    put(5, now=now)
    put_days(1, now=now)
    with transaction.atomic():
        for n in range(2):
            append("o", now=now, c=commitment_number(50 + n), k="answered")
        common = {"a": "2026-000001", "h": "0" * 64, "ts": "2026-11-21T10:15:00Z", "u": "desk"}
        append("p", now=now, n=1, **common)
        append("c", now=now, n=2, pv="1" * 64, **common)
        append("w", now=now, n=3, pv="2" * 64, rs="stated", **common)
    before = queries.standing()
    run(now)
    put(3, now=now + HOUR, first=10)

    standing = queries.standing()

    assert (before.received, before.ended, before.versions) == (0, 0, 0)  # nothing is public yet
    assert (standing.received, standing.ended, standing.versions) == (5, 2, 3)
    assert (standing.size, standing.signed_at) == (11, now + BATCH)
    assert queries.waiting_leaves(before=now + 2 * HOUR) == 3
    assert queries.waiting_leaves(before=now) == 0


def test_log_counts_over_all_its_shards(now):
    put(5, now=now)
    run(now)
    next_shard(head(), now=now + HOUR)
    put(2, now=now + HOUR, first=10)
    run(now + HOUR)

    standing = queries.standing()

    assert (standing.received, standing.size) == (7, 3)
    assert [(each.name, each.size, each.is_open) for each in standing.shards] == [
        ("2026", 6, False),
        ("2026-2", 3, True),
    ]
    assert standing.origin == head("2026-2").origin
    assert queries.current_shard() == "2026-2"


def test_checkpoint_it_shows_is_the_published_one(now, net):
    batch(net, 0, now)

    standing = queries.standing()

    assert standing.checkpoint == (folder() / "checkpoint").read_text()
    assert [(each.name, each.size, each.trouble) for each in standing.witnesses] == [
        ("w1.example.org/w", 1, ""),
        ("w2.example.org/w", 1, ""),
    ]


def test_policy_holds_the_witnesses_the_operator_names(now, net):
    batch(net, 0, now)

    policy = Policy.read(queries.policy_text())

    assert [key.vkey for key in policy.logs] == [head().vkey]
    assert {key for key, _url in policy.witnesses.values()} == {net["w1"].key, net["w2"].key}
    assert policy.quorum == "two"
    assert published().root == plain_root(entries())
