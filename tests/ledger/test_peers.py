"""Software by other people reads a log: what is sound is accepted by all of it, what is not is refused by all of it.

The log is the naive one here; the product's own meets the same peers where it is made.
"""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.ledger.peers import __main__ as peers
from tests.ledger.peers import environment
from tests.ledger.peers.absence import or_skip, say_what_is_missing
from tests.ledger.peers.aics import aics
from tests.ledger.peers.damage import DAMAGES, RECEIPT, flip, other_salt, small
from tests.ledger.peers.naive_log import Key, NaiveLog, build, steps, write
from tests.ledger.peers.published import Published, policy
from tests.ledger.peers.verdict import Verdict

pytestmark = pytest.mark.peers
BIG = 70_000
QUORUMS = {  # and whether a cosignature by w1 alone meets it
    "quorum none": True,
    "quorum w1": True,
    "quorum w2": False,
    "group any-of-it any {}\nquorum any-of-it": True,
    "group enough 2 {}\nquorum enough": False,
    "group two 2 w1 w2\ngroup all-of-it all two w3\nquorum all-of-it": False,
}
every_peer = pytest.mark.parametrize("peer", peers.VERIFIERS)


@pytest.fixture(scope="module", autouse=True)
def loud(request: pytest.FixtureRequest) -> None:
    say_what_is_missing(request.config)


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("big")
    build(directory, steps(BIG), receipts=12)
    return directory


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, NaiveLog]:
    directory = tmp_path_factory.mktemp("small")
    return directory, small(directory)


@pytest.fixture
def log(pristine: tuple[Path, NaiveLog]) -> NaiveLog:
    return pristine[1]


@pytest.fixture
def directory(pristine: tuple[Path, NaiveLog], tmp_path: Path) -> Path:
    """A copy of the small log, to be damaged."""
    return shutil.copytree(pristine[0], tmp_path / "log")


def verdict_of(peer: str, directory: Path) -> Verdict:
    with or_skip():
        return peers.VERIFIERS[peer](Published(directory))
    raise AssertionError


class Quiet(SimpleHTTPRequestHandler):
    """Serves a directory and says nothing of it."""

    def log_message(self, *_arguments: object) -> None:
        pass


@contextmanager
def served(directory: Path) -> Iterator[str]:
    """The address at which a directory is served."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(directory))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


@every_peer
def test_log_of_70000_is_accepted(big, peer):
    older, proofs = len(steps(BIG)), len(steps(BIG)) - 1 + 12 + 1
    sizes = f"{older} older checkpoints, {proofs} proofs"
    said = {
        "go": f"size {BIG}, 277 tiles and {BIG} entries recomputed, {sizes}",
        "aics": f"size {BIG}, 3 cosignatures, 277 tiles and 274 bundles walked, {sizes}",
        "scales": f"size {BIG}, {BIG} entries in their tiles, {sizes} byte for byte",
    }

    verdict = verdict_of(peer, big)

    assert (verdict.said, verdict.refused) == (said[peer], [])


@every_peer
def test_log_to_be_damaged_is_sound(directory, peer):
    assert verdict_of(peer, directory).refused == []


@every_peer
@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_refused(directory, log, peer, damage):
    DAMAGES[damage].do(directory, log)

    verdict = verdict_of(peer, directory)

    assert [line for line in verdict.refused if line.startswith(f"refused: {DAMAGES[damage].refused}")] != []


def test_go_refuses_salt_that_does_not_open(directory):
    other_salt(directory)

    verdict = verdict_of("go", directory)

    assert verdict.refused == [f"refused: {RECEIPT}: the opening does not open the leaf's commitment"]


@every_peer
@pytest.mark.parametrize("quorum", QUORUMS)
def test_quorum_that_is_met_is_accepted(directory, log, peer, quorum):
    write(directory / "policy", log.policy(quorum).encode())

    assert verdict_of(peer, directory).refused == []


@every_peer
@pytest.mark.parametrize(("quorum", "met"), QUORUMS.items())
def test_quorum_decides_about_one_cosignature(directory, log, peer, quorum, met):
    write(directory / "policy", log.policy(quorum).encode())
    write(directory / "checkpoint", log.checkpoint(700, log.witnesses[:1]).encode())

    verdict = verdict_of(peer, directory)

    assert [line for line in verdict.refused if line.startswith("refused: checkpoint")] != [] or met
    assert verdict.accepted == met


STRANGE = {  # additions to a sound checkpoint, and who accepts it then: a log that wants all of them avoids the rest
    "line of a stranger, twice": (lambda log: Key("stranger").line(log.text(700)) * 2, {"go", "aics", "scales"}),
    "line of the log, twice": (lambda log: log.key.line(log.text(700)), {"go", "scales"}),
    "line of a witness, twice": (lambda log: log.witnesses[0].line(log.text(700), time=1), {"go", "scales"}),
    "100 lines": (lambda log: strangers(log, 96), {"go", "aics", "scales"}),
    "101 lines": (lambda log: strangers(log, 97), {"aics", "scales"}),
    "empty line": (lambda _log: "\n", set()),
}


def strangers(log: NaiveLog, count: int) -> str:
    return "".join(Key(f"stranger{number}").line(log.text(700)) for number in range(count))


@every_peer
@pytest.mark.parametrize("addition", STRANGE)
def test_strange_checkpoints(directory, log, peer, addition):
    added, accepting = STRANGE[addition]
    write(directory / "checkpoint", (log.checkpoint(700) + added(log)).encode())

    assert verdict_of(peer, directory).accepted == (peer in accepting)


def test_quorum_as_k_of_n():
    log = NaiveLog()
    one, two, three = (witness.vkey for witness in log.witnesses)

    assert [policy(log.policy(quorum)).terms for quorum in QUORUMS] == [
        (0, []),
        (1, [one]),
        (1, [two]),
        (1, [one, two, three]),
        (2, [one, two, three]),
        (3, [one, two, three]),
    ]


def test_aics_reads_what_is_served(directory, tmp_path):
    with served(directory) as sound, or_skip():
        accepted = aics(Published(directory), url=sound)
    elsewhere = shutil.copytree(directory, tmp_path / "elsewhere")
    shutil.copy(directory / "checkpoints/300", elsewhere / "checkpoint")
    flip(elsewhere / "tile/entries/002.p/188", at=10)
    with served(elsewhere) as damaged:
        refused = aics(Published(directory), url=damaged)

    assert accepted.refused == []
    assert [line.split(": ")[1] for line in refused.refused] == [
        "tiles",
        "checkpoint as served",
        "checkpoints/700",
        "receipts/699.tlog-proof by tiles",
    ]


def test_command_tells_by_its_exit_status(directory, log, capsys):
    with or_skip():
        environment.go_verifier()
    sound = peers.main(str(directory))
    DAMAGES["proof"].do(directory, log)
    damaged = peers.main(str(directory))

    lines = capsys.readouterr().out.splitlines()

    assert (sound, damaged) == (0, 1)
    assert [line for line in lines if line.startswith("go: ")][1:] == [
        f"go: refused: {RECEIPT}: invalid transparency proof"
    ]


def test_command_says_loudly_what_is_absent(directory, monkeypatch, capsys):
    def absent(_published: Published) -> Verdict:
        raise environment.Absent("no such peer here")

    for peer in peers.VERIFIERS:
        monkeypatch.setitem(peers.VERIFIERS, peer, absent)

    status = peers.main(str(directory))

    assert status == 2
    assert capsys.readouterr().out.count("!!  no such peer here") == len(peers.VERIFIERS)
