"""What a sender takes along: proof that a Message was logged, what it said, and how it ended."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.core import serializers

from sangto.desk import actions
from sangto.desk.models import Message, Outcome
from sangto.desk.queries.receipts import Receipt, outcome_receipt_of, receipt_of
from sangto.engine.merkle.commitments import commitment as committed
from sangto.engine.merkle.policies import Policy
from sangto.engine.merkle.proofs import ProofFile
from sangto.ledger import queries as log
from sangto.ledger.models import Leaf
from sangto.vault.models import Opening
from tests.desk.log_steps import commitment, digest, leaf_hash, leaves, put_others, sequence
from tests.factories import LAMP, NOW, make_answer, make_member, send

pytestmark = pytest.mark.django_db
SLOT_END = NOW + timedelta(minutes=10)
CHANNELS = ("web", "api", "telegram", "console")


def opened(file: str) -> dict:
    """What a Receipt says, once everything in it was checked as its holder does: offline, with the policy."""
    proof = ProofFile.read(file)
    extra = json.loads(proof.extra)
    leaf, opening, salt = extra["leaf"], extra["opening"], extra["salt"]
    checkpoint, _seen = Policy.read(log.policy_text()).check(proof.note)
    assert proof.check(bytes.fromhex(leaf_hash(leaf))) == checkpoint
    prefix = {"r": "desk/receipt/v1", "o": "desk/outcome/v1"}[leaf["t"]]
    assert leaf["c"] == commitment(prefix, opening, salt=salt)
    assert set(extra) == {"leaf", "opening", "salt"}
    assert len(bytes.fromhex(salt)) == 32
    return extra


def ended(message) -> None:
    make_answer(message.case)
    actions.follow_up(now=NOW)


@pytest.mark.parametrize("channel", CHANNELS)
def test_receipt_proves_that_the_message_was_logged_and_what_it_said(channel):
    message = send(LAMP, channel=channel, place="Ngõ 5", address="777000111" if channel == "telegram" else None)
    put_others(NOW)
    sequence(NOW)

    receipt = receipt_of(message)
    found = opened(receipt.file)

    assert (receipt.kind, receipt.ready_at, receipt.is_ready) == ("r", None, True)
    assert set(found["leaf"]) == {"c", "t", "v"}
    assert found["opening"] == {
        "ch": channel,
        "day": "2026-11-21",
        "files": [],
        "msg": digest(message.text),
        "place": digest("Ngõ 5"),
        "rid": message.opening.rid,
    }


@pytest.mark.parametrize("channel", CHANNELS)
def test_receipt_proves_how_the_message_ended(channel):
    message = send(channel=channel)
    ended(message)
    put_others(NOW)
    sequence(NOW)

    receipt = outcome_receipt_of(message)
    found = opened(receipt.file)

    received = opened(receipt_of(message).file)
    assert receipt.kind == "o"
    assert found["leaf"] == {"c": found["leaf"]["c"], "k": "answered", "t": "o", "v": 1}
    assert found["opening"] == {"a": message.case.number, "k": "answered", "r": received["leaf"]["c"]}
    assert found["salt"] != received["salt"]


@pytest.mark.parametrize(("verdict", "kind"), [("forwarded", "forwarded"), ("declined", "declined")])
def test_receipt_says_the_outcome_of_a_problem(verdict, kind):
    message = send(LAMP, kind="problem")
    make_answer(message.case, verdict=verdict)
    actions.follow_up(now=NOW)
    sequence(NOW)

    found = opened(outcome_receipt_of(message).file)

    assert (found["leaf"]["k"], found["opening"]["k"]) == (kind, kind)


def test_receipt_of_a_case_that_could_not_be_checked_names_no_answer():
    message = send()
    actions.close_not_checkable(message.case, by=make_member(), now=NOW)
    actions.follow_up(now=NOW)
    sequence(NOW)

    assert opened(outcome_receipt_of(message).file)["opening"]["a"] == ""


def test_receipt_is_ready_at_the_end_of_the_slot():
    message = send(now=NOW + timedelta(minutes=3))
    make_answer(message.case)
    actions.follow_up(now=NOW + timedelta(minutes=12))

    before = receipt_of(message), outcome_receipt_of(message)
    sequence(NOW)
    between = receipt_of(message), outcome_receipt_of(message)
    sequence(NOW + timedelta(minutes=10))

    assert before == (Receipt("r", "", SLOT_END), Receipt("o", "", NOW + timedelta(minutes=20)))
    assert not before[0].is_ready
    assert (between[0].is_ready, between[1]) == (True, before[1])
    assert outcome_receipt_of(message).is_ready


def test_message_that_has_not_ended_has_one_receipt():
    message = send()
    sequence(NOW)

    assert opened(receipt_of(message).file)["leaf"]["t"] == "r"
    assert outcome_receipt_of(message) is None


def test_receipt_that_is_taken_later_stands_under_a_newer_checkpoint():
    message = send()
    sequence(NOW)
    first = receipt_of(message).file
    put_others(NOW + timedelta(hours=1), count=300)
    sequence(NOW + timedelta(hours=1))
    second = receipt_of(message).file

    assert opened(first) == opened(second)
    sizes = [
        ProofFile.read(file).check(bytes.fromhex(leaf_hash(opened(file)["leaf"]))).size for file in (first, second)
    ]
    assert sizes == [1, 301]


def test_two_senders_of_one_text_have_receipts_that_share_nothing():
    first, second = send(), send()
    sequence(NOW)

    found = [opened(receipt_of(message).file) for message in (first, second)]

    assert found[0]["opening"]["msg"] == found[1]["opening"]["msg"]
    assert {found[0]["salt"], found[0]["leaf"]["c"], found[0]["opening"]["rid"]}.isdisjoint(
        {found[1]["salt"], found[1]["leaf"]["c"], found[1]["opening"]["rid"]}
    )


def test_outcome_receipt_stays_what_it_was_whatever_becomes_of_the_case():
    message = send()
    actions.close_not_checkable(message.case, by=make_member(), now=NOW)
    actions.follow_up(now=NOW)
    sequence(NOW)
    before = opened(outcome_receipt_of(message).file)
    actions.reopen(message.case, by=make_member(), now=NOW)
    make_answer(message.case)
    actions.follow_up(now=NOW)
    sequence(NOW + timedelta(minutes=10))

    assert opened(outcome_receipt_of(message).file) == before


def forget(message) -> None:
    """Delete what opens the Message's leaves, as the retention limit will."""
    message.opening.delete()


def fresh(message) -> Message:
    return Message.objects.select_related("opening").get(pk=message.pk)


def test_without_its_opening_there_is_no_receipt_and_every_other_proof_holds():
    message, other = send(), send()
    ended(message)
    sequence(NOW)
    files = [receipt_of(message).file, outcome_receipt_of(message).file]
    held = list(Leaf.objects.values_list("leaf_hash", "leaf_index"))
    forget(message)

    assert (receipt_of(fresh(message)), outcome_receipt_of(fresh(message))) == (None, None)
    assert list(Leaf.objects.values_list("leaf_hash", "leaf_index")) == held
    assert opened(receipt_of(other).file)["opening"]["msg"] == digest(other.text)
    assert opened(outcome_receipt_of(other).file)["leaf"]["k"] == "answered"
    put_others(NOW + timedelta(hours=1))
    sequence(NOW + timedelta(hours=1))
    assert opened(receipt_of(other).file)
    # Whoever has the Receipt can prove it for ever: the salt is in it.
    assert [opened(file)["leaf"]["t"] for file in files] == ["r", "o"]


def test_outcome_that_came_after_the_opening_was_deleted_has_no_receipt():
    message = send()
    forget(message)
    ended(message)
    sequence(NOW)

    assert Outcome.objects.get().message == message
    assert outcome_receipt_of(fresh(message)) is None
    assert leaves("o") == []


def test_nothing_of_a_deleted_opening_is_left_in_the_database():
    message = send()
    ended(message)
    opening = message.opening
    secrets = [opening.salt, opening.outcome_salt, opening.rid, str(opening.pk)]
    before = rows()
    forget(message)

    assert [each for each in secrets if each in before] == secrets
    assert [each for each in secrets if each in rows()] == []


def rows() -> str:
    """Every row of the database, as text."""
    return "".join(serializers.serialize("json", model.objects.all()) for model in apps.get_models())


def test_guess_of_a_deleted_text_cannot_be_confirmed():
    """Whoever reads the log and the database, and guesses the text, the channel and the day, is told nothing."""
    message, other = send(), send()
    sequence(NOW)
    sure = opened(receipt_of(message).file)
    salt, others = message.opening.salt, list(Opening.objects.exclude(pk=message.opening_id))
    forget(message)
    mine = sure["leaf"]["c"]
    assert mine in {leaf["c"] for leaf in leaves("r")}

    others_secrets = [each for row in others for each in (row.salt, row.outcome_salt, row.rid + row.rid)]
    known = [*others_secrets, *(leaf["c"] for leaf in leaves("r")), "0" * 64, "f" * 64, digest(message.text)]
    guesses = {commitment("desk/receipt/v1", sure["opening"], salt=each) for each in known}
    guesses |= {digest(message.text), digest(json.dumps(sure["opening"])), hashlib.sha256(b"").hexdigest()}

    assert mine not in guesses
    assert commitment("desk/receipt/v1", sure["opening"], salt=salt) == mine
    assert commitment("desk/receipt/v1", {**sure["opening"], "msg": digest(other.text + "?")}, salt=salt) != mine


@pytest.mark.parametrize("length", [0, 16, 31, 33, 64])
def test_salt_has_exactly_32_bytes(length):
    with pytest.raises(ValueError, match="32 bytes"):
        committed(b"desk/receipt/v1\0", {}, salt=bytes(length))
