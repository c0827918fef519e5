"""The protocol of C2SP tlog-witness as a witness by other people speaks it, for the product's client to live up to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ledger.peers import __main__ as peers
from tests.ledger.peers.absence import or_skip, say_what_is_missing
from tests.ledger.peers.naive_log import Key, NaiveLog, write
from tests.ledger.peers.published import Published
from tests.ledger.peers.witness import Answer, WitnessPeer, witness_peer

pytestmark = pytest.mark.peers
SIZE = "text/x.tlog.size"
KEYS = [Key(f"desk{number}.example.org/log/2026") for number in range(30)]  # one for each test


@pytest.fixture(scope="module", autouse=True)
def loud(request: pytest.FixtureRequest) -> None:
    say_what_is_missing(request.config)


@pytest.fixture(scope="module")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WitnessPeer]:
    with or_skip(), witness_peer(tmp_path_factory.mktemp("witness"), *(key.vkey for key in KEYS)) as running:
        yield running


@pytest.fixture(scope="module")
def unused() -> Iterator[Key]:
    return iter(KEYS)


@pytest.fixture
def log(unused: Iterator[Key]) -> NaiveLog:
    """A log of 20 entries that the witness trusts and has not seen."""
    return grown(next(unused), 20)


def grown(key: Key, size: int, first: bytes = b"entry") -> NaiveLog:
    """A log without witnesses of its own; another first entry makes it a fork."""
    log = NaiveLog(key, [])
    for entry in [first, *(b"entry %d" % number for number in range(1, size))]:
        log.append(entry)
    return log


def add(peer: WitnessPeer, log: NaiveLog, old: int, new: int) -> Answer:
    """Have the witness cosign a size of the log, with the right proof."""
    return peer.add_checkpoint(old, log.consistency(old, new), log.checkpoint(new))


@pytest.mark.parametrize("verifier", peers.VERIFIERS)
def test_first_checkpoint_is_cosigned_and_meets_the_policy(peer, log, tmp_path, verifier):
    answer = add(peer, log, 0, 20)

    log.publish(tmp_path, 20)
    write(tmp_path / "vkey", log.key.vkey.encode())
    write(tmp_path / "policy", f"log {log.key.vkey}\nwitness peer {peer.vkey}\nquorum peer\n".encode())
    write(tmp_path / "checkpoint", (log.checkpoint(20) + answer.body).encode())
    with or_skip():
        verdict = peers.VERIFIERS[verifier](Published(tmp_path))
    assert (answer.status, answer.body.count("\n")) == (200, 1)
    assert verdict.refused == []


def test_cosignature_alone_is_not_the_logs_signature(peer, log):
    cosigned = f"{log.text(20)}\n{add(peer, log, 0, 20).body}"

    assert peer.add_checkpoint(20, [], cosigned).status == 403


def test_wrong_old_size_is_answered_with_the_right_one(peer, log):
    add(peer, log, 0, 5)

    assert [add(peer, log, old, 20) for old in (0, 3, 20)] == [Answer(409, SIZE, "5\n")] * 3


def test_proof_is_demanded(peer, log):
    add(peer, log, 0, 5)

    without, wrong, right = (
        peer.add_checkpoint(5, [], log.checkpoint(20)).status,
        peer.add_checkpoint(5, log.consistency(6, 20), log.checkpoint(20)).status,
        add(peer, log, 5, 20).status,
    )

    assert (without, wrong, right) == (422, 422, 200)


def test_proof_from_nothing_must_be_empty(peer, log):
    assert peer.add_checkpoint(0, log.consistency(5, 20), log.checkpoint(20)).status == 422


def test_rollback_is_a_conflict_and_a_contradiction_is_malformed(peer, log):
    add(peer, log, 0, 20)

    assert add(peer, log, 0, 7) == Answer(409, SIZE, "20\n")
    assert peer.add_checkpoint(20, [], log.checkpoint(7)).status == 400


def test_same_checkpoint_is_cosigned_again(peer, log):
    add(peer, log, 0, 20)

    assert add(peer, log, 20, 20).status == 200


def test_fork_is_refused_and_kept_as_evidence(peer, log):
    add(peer, log, 0, 20)
    fork = grown(log.key, 25, b"forged")

    same_size = peer.add_checkpoint(20, [], fork.checkpoint(20)).status
    larger = add(peer, fork, 20, 25).status

    kept = [each for each in peer.evidence() if each["origin"] == log.key.name]
    assert (same_size, larger, len(kept)) == (422, 422, 2)
    assert add(peer, log, 0, 7).body == "20\n"


def test_unknown_logs_and_strange_notes_are_refused(peer, log):
    text, line = log.text(20), log.key.line(log.text(20))
    extended = f"{text}extension\n"
    stranger = NaiveLog(Key("stranger.example.org/log/2026"), [], log.entries, log.levels)
    statuses = {
        "unknown origin": peer.add_checkpoint(0, [], stranger.checkpoint(20)).status,
        "no signature of the log": peer.add_checkpoint(0, [], f"{text}\n{Key('other').line(text)}").status,
        "the log's line twice": peer.add_checkpoint(0, [], f"{text}\n{line}{line}").status,
        "a stranger's line twice": peer.add_checkpoint(0, [], f"{text}\n{line}{Key('other').line(text) * 2}").status,
        "extension line": peer.add_checkpoint(0, [], f"{extended}\n{log.key.line(extended)}").status,
        "no newline at the end": peer.add_checkpoint(20, [], f"{text}\n{line.rstrip()}").status,
    }

    assert statuses == {
        "unknown origin": 404,
        "no signature of the log": 403,
        "the log's line twice": 403,
        "a stranger's line twice": 200,
        "extension line": 400,
        "no newline at the end": 400,
    }


def test_proof_may_have_63_lines(peer, log):
    add(peer, log, 0, 5)

    assert [peer.add_checkpoint(5, [bytes(32)] * count, log.checkpoint(20)).status for count in (63, 64)] == [422, 400]


def test_newest_checkpoint_can_be_fetched(peer, log):
    before = peer.checkpoint(log.key.name).status
    line = add(peer, log, 0, 20).body

    assert before == 404
    assert peer.checkpoint(log.key.name).body == log.checkpoint(20) + line


def test_witness_remembers_when_it_starts_again(tmp_path: Path):
    log = grown(KEYS[0], 20)
    with or_skip(), witness_peer(tmp_path, log.key.vkey) as first:
        add(first, log, 0, 5)
    with witness_peer(tmp_path, log.key.vkey) as second:
        forgotten = add(second, log, 0, 20)

    assert second.vkey == first.vkey
    assert forgotten == Answer(409, SIZE, "5\n")


def test_two_witnesses_are_two(tmp_path: Path):
    log = grown(KEYS[0], 20)
    one, two = (
        witness_peer(tmp_path / name, log.key.vkey, name=f"witness.example.org/{name}") for name in ("one", "two")
    )
    with or_skip(), one as first, two as second:
        lines = {add(each, log, 0, 20).body.split(" ")[1] for each in (first, second)}

    assert lines == {"witness.example.org/one", "witness.example.org/two"}
