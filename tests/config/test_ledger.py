"""`sangto ledger` and `sangto erase`: what they print, and their exit codes."""

import io
import shutil
from datetime import timedelta
from hashlib import sha256

import pytest
from click.testing import CliRunner

from sangto.config import checks, ledger
from sangto.config.cli import main
from sangto.config.erase import REFUSED
from sangto.config.witness import REASONS, Witness
from sangto.desk.actions import destroy_contacts_of
from sangto.engine.merkle.notes import LOG, WITNESS, Note, Signer
from sangto.engine.merkle.policies import Policy
from sangto.ledger import actions, queries
from sangto.ledger.actions.recover import CannotRecover
from sangto.ledger.guard import TROUBLES
from sangto.ledger.keystore import our_witness, path_of
from sangto.ledger.local import LocalLog
from sangto.ledger.models import Leaf
from tests.factories import NOW, make_answer, make_correction, make_member, send

LATER = NOW + timedelta(minutes=10)


def run(*words: str):
    return CliRunner().invoke(main, list(words))


@pytest.fixture
def published(db):
    """A message and a version in the log, another message that waits."""
    version = make_answer(send().case)
    actions.sequence(now=LATER)
    send()
    return version


# --- where it stands --------------------------------------------------------------------------------------------------


def test_status_says_how_far_the_log_is(published):
    result = run("ledger", "status")

    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "localhost:8000/log/2026: 2 leaves committed",
        "published: 2 leaves, 2026-11-21 09:10 UTC; waiting: 1",
        "messages: 1 received, 0 with an outcome",
    ]


@pytest.mark.django_db
def test_status_speaks_before_the_first_round():
    result = run("ledger", "status")

    assert (result.exit_code, result.output) == (
        0,
        "published: 0 leaves, never; waiting: 0\nmessages: 0 received, 0 with an outcome\n",
    )


def test_status_of_a_log_that_stands_still_says_what_to_do(published):
    (LocalLog("2026").folder / "checkpoint").write_text("nonsense")

    result = run("ledger", "status")

    assert result.exit_code == 1
    assert f"(unreadable). {ledger.WHAT_TO_DO['unreadable']}" in result.output
    lines = dict((said, state) for state, said in checks.all_checks())
    assert lines["the log stands still (unreadable): `sangto ledger status` says what to do"] == checks.BAD


def test_every_trouble_and_refusal_has_its_words():
    assert set(ledger.WHAT_TO_DO) == set(TROUBLES)
    assert set(ledger.REFUSED) == set(
        CannotRecover.__doc__.partition("`code`: ")[2].rstrip(".\n ").replace(" or ", ", ").split(", ")
    )


def test_check_mends_a_damaged_file(published):
    tile = LocalLog("2026").folder / "tile/0/000.p/2"
    kept = tile.read_bytes()
    tile.write_bytes(b"\0" * 64)

    result = run("ledger", "check")

    assert (result.exit_code, result.stdout) == (
        0,
        "mended 2026/tile/0/000.p/2\nrows, files and signed checkpoints agree\n",
    )
    assert tile.read_bytes() == kept
    assert run("ledger", "check").output == "rows, files and signed checkpoints agree\n"


def test_desk_check_tells_of_leaves_that_nobody_places(published):
    lines = dict((said, state) for state, said in checks.all_checks())

    assert lines["the log goes on: 2 leaves published"] == checks.OK
    assert lines["1 leaves have waited for longer than three batches: is the worker running?"] == checks.WARN


# --- what to do -------------------------------------------------------------------------------------------------------


def test_rotate_begins_a_shard_and_prints_its_key(published):
    result = run("ledger", "rotate", "--yes")

    assert result.exit_code == 0
    name, key = result.output.splitlines()
    shard = name.split()[0]
    assert shard.startswith("localhost:8000/log/20")
    assert key == queries.shards()[-1].vkey


def test_rotate_needs_the_old_key_unless_it_is_lost(published):
    path_of("log-2026").unlink()

    refused, done = run("ledger", "rotate", "--yes"), run("ledger", "rotate", "--key-is-lost", "--yes")

    assert (refused.exit_code, ledger.WHAT_TO_DO["key_lost"] in refused.output) == (1, True)
    assert done.exit_code == 0
    assert [leaf for leaf in Leaf.objects.values_list("kind", flat=True) if leaf in "ks"] == ["s"]


def test_rotate_asks_first(published):
    assert CliRunner().invoke(main, ["ledger", "rotate"], input="n\n").exit_code == 1
    assert len(queries.shards()) == 1


def test_policy_is_the_one_that_is_served(published, client):
    assert run("ledger", "policy").output == client.get("/log/policy").content.decode()


def test_publish_takes_what_waits_at_once(published):
    assert run("ledger", "publish").output == "1 leaves placed\n"
    assert queries.standing().size == 3


def test_recover_without_files_changes_nothing(published):
    shutil.rmtree(LocalLog("2026").folder)

    result = run("ledger", "recover")

    assert (result.exit_code, result.output) == (
        1,
        "sangto: nothing was changed: there are no published files in the log's folder\n",
    )


def test_recover_of_a_whole_log_takes_nothing(published):
    assert run("ledger", "recover").output.splitlines()[0] == "2026: 0 leaves taken back in"


# --- erasing ----------------------------------------------------------------------------------------------------------


def erase(number: str, n: int, **changes: str):
    said = {"ground": "court_order", "by": "thu", "approved-by": "binh", **changes}
    options = [word for name, value in said.items() for word in (f"--{name}", value)]
    return run("erase", number, str(n), *options, "--yes")


@pytest.fixture
def corrected(db):
    """An answer with two versions, of which the first may be erased; Thu and Bình are members."""
    make_member("thu")
    make_member("binh", role="approver")
    case = send().case
    make_answer(case)
    make_correction(case)
    return case.number


def test_erase_blanks_a_version(corrected):
    result = erase(corrected, 1)

    assert (result.exit_code, result.output) == (
        0,
        f"{corrected}, version 1: erased. The log says that it was, and on which ground.\n",
    )
    assert erase(corrected, 1).output == f"sangto: nothing was erased: {REFUSED['erased']}\n"


@pytest.mark.parametrize(
    ("n", "changes", "why"),
    [
        (2, {}, REFUSED["current"]),
        (3, {}, REFUSED["not_published"]),
        (1, {"ground": "because"}, REFUSED["unknown_ground"]),
        (1, {"by": "binh"}, REFUSED["own_proposal"]),
        (1, {"approved-by": "thu"}, REFUSED["not_allowed"]),
        (1, {"approved-by": "nobody"}, "there is no active member nobody"),
        (1, {"by": "nobody"}, "there is no active member nobody"),
    ],
)
def test_erase_is_refused_with_a_reason(corrected, n, changes, why):
    result = erase(corrected, n, **changes)

    assert (result.exit_code, result.output) == (1, f"sangto: nothing was erased: {why}\n")


@pytest.mark.django_db
def test_day_whose_key_is_destroyed_is_in_the_log_once():
    send(address="7770", channel="telegram")
    for _ in range(2):
        destroy_contacts_of(NOW.date(), now=NOW)

    assert Leaf.objects.filter(kind="x").values_list("body", flat=True).get() == ('{"day":"2026-11-21","t":"x","v":1}')
    assert not list(path_of("x").parent.glob("contact-2026-11-21*"))


# --- being a witness --------------------------------------------------------------------------------------------------

NEIGHBOUR = Signer("neighbour.example/log/2026", LOG, b"\1" * 32)


def ask(witness: Witness, path: str, body: bytes = b"", method: str = "POST") -> tuple[str, str, str]:
    """Status, content type and body of one request."""
    said: list[tuple[str, str]] = []

    def start(status: str, headers: list[tuple[str, str]]) -> None:
        said.append((status, dict(headers)["Content-Type"]))

    environ = {"PATH_INFO": path, "REQUEST_METHOD": method, "wsgi.input": io.BytesIO(body)}
    parts = b"".join(witness(environ, start))
    return *said[0], parts.decode()


def checkpoint(size: int) -> str:
    from sangto.engine.merkle.checkpoints import Checkpoint
    from sangto.engine.merkle.tree import leaf_hash, root_of

    text = Checkpoint(NEIGHBOUR.name, size, root_of([leaf_hash(b"%d" % n) for n in range(size)])).text
    return str(Note(text, (NEIGHBOUR.signed(text),)))


@pytest.fixture
def witness(transactional_db) -> Witness:
    return Witness(Policy.read(f"log {NEIGHBOUR.key.vkey}\nquorum none"), our_witness("witness.example/w1"))


def test_witness_cosigns_and_shows_what_it_cosigned(witness):
    note = checkpoint(3)
    page = f"/{sha256(NEIGHBOUR.name.encode()).hexdigest()}/checkpoint"
    assert ask(witness, page, method="GET")[0] == "404 Not Found"

    status, kind, line = ask(witness, "/add-checkpoint", f"old 0\n\n{note}".encode())

    assert (status, kind) == ("200 OK", "text/plain; charset=utf-8")
    cosigned = Note.read(note + line)
    assert [(key.name, key.type) for key in cosigned.signed_by([witness.signer.key])] == [
        ("witness.example/w1", WITNESS)
    ]
    assert ask(witness, page, method="GET") == ("200 OK", kind, note + line)


def test_witness_refuses_what_is_no_request(witness):
    assert ask(witness, "/add-checkpoint", method="GET")[0] == f"405 {REASONS[405]}"
    assert ask(witness, "/add-checkpoint", b"x" * 70_000)[0] == f"413 {REASONS[413]}"
    assert ask(witness, "/add-checkpoint", b"\xff\xfe")[0] == f"400 {REASONS[400]}"
    assert ask(witness, "/other")[0] == f"404 {REASONS[404]}"
    assert ask(witness, "/add-checkpoint", f"old 1\n\n{checkpoint(3)}".encode()) == (
        "409 Conflict",
        "text/x.tlog.size",
        "0\n",
    )


@pytest.mark.django_db
def test_witness_command_says_what_is_missing(settings):
    named = ("ledger", "witness", "--name", "witness.example/w1")
    assert "name the neighbours' logs" in run(*named).output
    settings.LEDGER_NEIGHBOURS = f"log {NEIGHBOUR.key.vkey}\nquorum none\n"
    assert "has no space and no plus" in run("ledger", "witness", "--name", "two words").output
    assert "cannot listen on nowhere" in run(*named, "--bind", "nowhere").output
    assert "called witness.example/w1, for good" in run("ledger", "witness", "--name", "other.example/w1").output
    path_of("witness").write_text("nonsense")
    assert "the witness's key is damaged" in run(*named).output
