"""The log as machines read it: exact files, exact headers, and nothing for a path that is none."""

import gzip
import json
from datetime import timedelta

import pytest

from sangto.desk import actions as desk
from sangto.engine.merkle.checkpoints import Checkpoint
from sangto.engine.merkle.commitments import ANSWER, canonical, commitment
from sangto.engine.merkle.notes import Note
from sangto.engine.merkle.policies import Policy
from sangto.engine.merkle.proofs import ProofFile
from sangto.engine.merkle.tiles import entries_in
from sangto.engine.merkle.tree import leaf_hash
from sangto.ledger import actions, queries
from sangto.ledger.local import LocalLog
from tests.factories import NOW, make_answer, make_correction, make_member, make_withdrawal, send

pytestmark = pytest.mark.django_db
NONSENSE = [
    "/log/2026/tile/0/../checkpoint", "/log/2026/tile/0/..%2F..%2Fcheckpoint", "/log/2026/tile/0/000.p/256",
    "/log/2026/tile/0/000.p/0", "/log/2026/tile/0/001", "/log/2026/tile/64/000", "/log/2026/tile/0/0",
    "/log/2026/tile/0/" + "x999/" * 300 + "999", "/log/2026/tile/0/%00", "/log/2025/checkpoint", "/log/2025/tile/0/000",
    "/log/" + "a" * 300 + "/checkpoint", "/log/" + "2" * 300 + "/tile/0/000",
    "/log/2026/tile/entries/000.p/4", "/log/2026/tile/1/000.p/1",
    "/answers/2026-000123/v1.json", "/answers/x/v1.json", "/answers/2026-000001/v0.json",
    "/answers/2026-000001/v99999999999999999999.json",
]  # fmt: skip


@pytest.fixture
def published():
    """Three leaves (two messages, one version), published as the current shard."""
    version = make_answer(send().case)
    send()
    actions.sequence(now=NOW + timedelta(minutes=10))
    return version


def test_checkpoint_is_the_file_and_hardly_cached(client, published):
    response = client.get("/log/checkpoint")

    assert response.content == (LocalLog("2026").folder / "checkpoint").read_bytes()
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=5"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert client.get("/log/2026/checkpoint").content == response.content
    assert Checkpoint.read(Note.read(response.content.decode()).text).size == 3


def test_tiles_are_the_files_and_cached_for_ever_below_their_shard(client, published):
    mine, current = client.get("/log/2026/tile/0/000.p/3"), client.get("/log/tile/0/000.p/3")

    assert mine.content == current.content == (LocalLog("2026").folder / "tile/0/000.p/3").read_bytes()
    assert mine["Content-Type"] == "application/octet-stream"
    assert mine["Cache-Control"] == "public, max-age=31536000, immutable"
    assert current["Cache-Control"] == "public, max-age=60"


def test_bundles_are_pressed_for_whoever_takes_it(client, published):
    plain = client.get("/log/2026/tile/entries/000.p/3")
    pressed = client.get("/log/2026/tile/entries/000.p/3", headers={"accept-encoding": "gzip"})

    assert (plain.has_header("Content-Encoding"), pressed["Content-Encoding"]) == (False, "gzip")
    assert gzip.decompress(pressed.content) == plain.content
    assert "Accept-Encoding" in plain["Vary"]
    kinds = [json.loads(entry)["t"] for entry in entries_in(plain.content, width=3)]
    assert sorted(kinds) == ["p", "r", "r"]


def test_narrower_tile_is_cut_out_of_a_full_one(client, published):
    folder = LocalLog("2026").folder
    (folder / "tile/0/000").write_bytes(bytes(range(256)) * 32)

    assert client.get("/log/2026/tile/0/000.p/2").content == (bytes(range(256)) * 32)[:64]
    assert client.get("/log/2026/tile/entries/000.p/2").status_code == 404


@pytest.mark.parametrize("path", NONSENSE)
def test_path_that_is_none_is_not_found(client, published, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/log/checkpoint", "/log/tile/0/000", "/log/policy", "/answers/index.json"])
def test_nothing_but_reading(client, published, path):
    assert client.post(path).status_code == 405


def test_before_the_first_batch_there_is_no_checkpoint(client):
    assert client.get("/log/checkpoint").status_code == 404
    actions.sequence(now=NOW)
    assert client.get("/log/checkpoint").status_code == 404
    assert Policy.read(client.get("/log/policy").content.decode()).quorum == "none"


def test_damaged_checkpoint_is_not_passed_on(client, published):
    (LocalLog("2026").folder / "checkpoint").write_bytes(b"\xff\xfe nonsense")

    assert client.get("/log/checkpoint").status_code == 404


def test_policy_names_every_shard_and_checks_the_checkpoint(client, published):
    later = NOW + timedelta(minutes=20)
    actions.next_shard(actions.open_shard(now=later), now=later)
    actions.sequence(now=later)

    policy = Policy.read(client.get("/log/policy").content.decode())

    assert [key.name for key in policy.logs] == [each.origin for each in queries.shards()]
    assert [url for url in policy.logs.values()] == [
        f"https://desk.example/log/{each.name}/" for each in queries.shards()
    ]
    for address, size in (("/log/2026/checkpoint", 4), ("/log/2026-2/checkpoint", 1)):
        checkpoint, seen = policy.check(Note.read(client.get(address).content.decode()))
        assert (checkpoint.size, seen) == (size, {})


def test_version_comes_with_what_opens_its_leaf_and_its_proof(client, published):
    case = published.answer.case

    file = client.get(f"/answers/{case.number}/v1.json").json()

    assert file["leaf"]["h"] == commitment(ANSWER, file["answer"], salt=bytes.fromhex(file["salt"]))
    assert (file["answer"]["answer"], file["answer"]["published"]) == (case.number, file["leaf"]["ts"])
    policy = Policy.read(client.get("/log/policy").content.decode())
    proof = ProofFile.read(file["proof"])
    assert proof.check(leaf_hash(canonical(file["leaf"]))) == policy.check(proof.note)[0]


def test_version_waits_for_its_proof(client):
    case = make_answer(send().case).answer.case

    assert client.get(f"/answers/{case.number}/v1.json").json()["proof"] is None


def test_draft_is_no_version(client):
    case = send().case
    desk.draft(case, content=desk.Content("?", "false", "s", "t"), by=make_member(), now=NOW)

    assert client.get(f"/answers/{case.number}/v1.json").status_code == 404
    assert client.get("/answers/index.json").json() == {"versions": []}


def test_index_lists_every_version_and_the_erased_one_is_gone(client):
    case = send().case
    first = make_answer(case)
    make_correction(case)
    make_withdrawal(case)
    desk.erase_version(first, ground="court_order", by=make_member(), approved_by=make_member(role="approver"), now=NOW)

    gone = client.get(f"/answers/{case.number}/v1.json")

    assert client.get("/answers/index.json").json() == {
        "versions": [{"answer": case.number, "n": n, "erased": n == 1} for n in (1, 2, 3)]
    }
    assert gone.status_code == 410
    assert gone.json()["erased"] is True
    assert gone.json()["leaf"]["t"] == "e"


@pytest.mark.parametrize("versions", [1, 3])
def test_index_asks_the_same_whatever_there_is(client, django_assert_num_queries, versions):
    for n in range(versions):
        make_answer(send(f"Câu hỏi {n} về nước chanh và ung thư").case)

    with django_assert_num_queries(1):
        client.get("/answers/index.json")
