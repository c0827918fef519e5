"""The log's page, the receipts on a message's page, and the verifier to take along."""

from datetime import timedelta

import pytest

from sangto.desk import actions as desk
from sangto.desk.queries.messages import follow_token
from sangto.engine.merkle.policies import Policy
from sangto.engine.merkle.proofs import ProofFile
from sangto.ledger import actions
from sangto.ledger.local import LocalLog
from sangto.ledger.models import Witness
from sangto.vault.models import DayKey
from tests.factories import HOSPITAL, NOW, make_answer, send

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=10)


def link(message, then: str = "") -> str:
    return f"/en/f/{follow_token(message)}{then}"


def test_page_counts_what_waits(client):
    make_answer(send().case)
    send()
    send("Đèn đường hỏng ba hôm nay ở ngõ 5", kind="problem")
    desk.follow_up(now=NOW)
    actions.sequence(now=LATER)

    html = client.get("/en/log").content.decode()

    for name, count in (("received", 3), ("with an outcome", 2), ("Still waiting", 1), ("Versions of answers", 1)):
        assert f"{name}</dt><dd>{count}</dd>" in html
    assert "6 entries, signed" in html
    assert "localhost:8000/log/2026\n6\n" in html


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_page_opens_before_anything_was_logged(client, prefix):
    assert client.get(f"{prefix}/log").status_code == 200


def test_page_shows_who_cosigned_and_older_shards(client):
    send()
    actions.sequence(now=LATER)
    actions.next_shard(actions.open_shard(now=LATER), now=LATER)
    actions.sequence(now=LATER)
    Witness.objects.create(origin="localhost:8000/log/2026-2", vkey="witness.example/w1+00000000+AAAA", size=1)

    html = client.get("/en/log").content.decode()

    assert "chained to the one before" in html
    assert "localhost:8000/log/2026</a>: 2 entries" in html


@pytest.mark.parametrize("shards", [1, 3])
def test_page_asks_the_same_however_long_the_log_is(client, django_assert_max_num_queries, shards):
    for _ in range(shards - 1):
        actions.next_shard(actions.open_shard(now=NOW), now=NOW)

    with django_assert_max_num_queries(10):
        client.get("/log")


def test_receipt_is_offered_when_it_is_ready_and_said_to_come_before(client):
    message = send(now=NOW + timedelta(minutes=3))

    before = client.get(link(message)).content.decode()

    assert "The receipt will be ready at" in before
    assert "16:10" in before  # the desk's clock is seven hours ahead of NOW
    assert client.get(link(message, "/receipt.tlog-proof")).status_code == 404
    actions.sequence(now=LATER)
    assert "Download the receipt" in client.get(link(message)).content.decode()


def test_receipt_and_text_are_files_that_nobody_keeps(client):
    message = send()
    actions.sequence(now=LATER)

    receipt, text = client.get(link(message, "/receipt.tlog-proof")), client.get(link(message, "/message.txt"))

    assert ProofFile.read(receipt.content.decode()).index == 0
    assert text.content.decode() == HOSPITAL
    for response, name in ((receipt, f"{message.number}.tlog-proof"), (text, f"{message.number}.txt")):
        assert response["Content-Disposition"] == f'attachment; filename="{name}"'
        assert (response["Cache-Control"], response["Referrer-Policy"]) == ("no-store", "same-origin")


def test_outcome_has_a_receipt_of_its_own(client):
    message = send()
    assert client.get(link(message, "/outcome.tlog-proof")).status_code == 404
    make_answer(message.case)
    desk.follow_up(now=LATER)
    actions.sequence(now=LATER)
    assert "The receipt of the outcome will be ready at" in client.get(link(message)).content.decode()

    actions.sequence(now=LATER + timedelta(minutes=10))

    assert client.get(link(message, "/outcome.tlog-proof")).status_code == 200
    assert "Download the receipt of the outcome" in client.get(link(message)).content.decode()


@pytest.mark.parametrize("file", ["receipt.tlog-proof", "outcome.tlog-proof", "message.txt"])
def test_other_links_open_nothing(client, file):
    token = follow_token(send())
    actions.sequence(now=LATER)

    for wrong in (token[:-1] + ("A" if token[-1] != "A" else "B"), "1", "x.y"):
        assert client.get(f"/en/f/{wrong}/{file}").status_code == 404
    assert client.post(f"/en/f/{token}/{file}").status_code == 405


def test_receipt_goes_with_what_opens_it_and_the_page_says_so_kindly(client):
    message = send()
    make_answer(message.case)
    desk.follow_up(now=LATER)
    actions.sequence(now=LATER)
    message.opening.delete()

    html = client.get(link(message)).content.decode()

    for file in ("receipt", "outcome"):
        assert client.get(link(message, f"/{file}.tlog-proof")).status_code == 404
    assert "A receipt that you have kept stays valid." in html
    assert "Download the receipt" not in html


def test_message_without_opening_and_outcome_says_nothing_of_proofs(client):
    message = send()
    message.opening.delete()

    assert "Proof for yourself" not in client.get(link(message)).content.decode()


def test_page_counts_destroyed_days_and_addresses_that_moved_on(client):
    before = client.get("/en/log").content.decode()
    for n in (1, 2):
        day = NOW.date() - timedelta(days=n)
        DayKey.objects.create(day=day, public=b"", sealed_again=n)
        desk.destroy_contacts_of(day, now=NOW)
    actions.sequence(now=LATER)

    after = client.get("/en/log").content.decode()

    assert "Days whose addresses are destroyed</dt><dd>0</dd>" in before
    assert "Days whose addresses are destroyed</dt><dd>2</dd>" in after
    assert "locked with a newer key first" not in before
    assert "Addresses that were still needed and were locked with a newer key first: 3." in after


def test_verifier_comes_with_this_desks_keys(client):
    actions.sequence(now=NOW)

    response = client.get("/log/verify_desk.py")

    names: dict[str, object] = {"__name__": "downloaded"}
    exec(compile(response.content, "verify_desk.py", "exec"), names)  # noqa: S102 - it is our own
    policy = Policy.read(names["PINNED_POLICY"])
    assert [key.name for key in policy.logs] == ["localhost:8000/log/2026"]
    assert response["Content-Disposition"] == 'attachment; filename="verify_desk.py"'


@pytest.mark.parametrize(
    "path", ["/log/2026/tile/", "/log/..%2Fkeys/checkpoint", "/log/2026/.lock", "/log/2026", "/log/"]
)
def test_beside_the_log_there_is_nothing(client, path):
    send()
    actions.sequence(now=LATER)

    assert client.get(path).status_code == 404


def test_page_says_so_when_the_log_stands_still(client):
    send()
    actions.sequence(now=LATER)
    assert "stands still" not in client.get("/en/log").content.decode()
    (LocalLog("2026").folder / "checkpoint").write_text("nonsense")

    assert "The log stands still at the moment" in client.get("/en/log").content.decode()
