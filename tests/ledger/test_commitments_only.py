"""Nothing that anybody wrote, and nothing about who, where, when and how, is in any byte of the log."""

import json
import re
import unicodedata
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.models import Model

from sangto.desk import actions as desk
from sangto.desk.actions import Reference
from sangto.desk.models import AnswerVersion, Case, Message, Source
from sangto.engine.folding import bare
from sangto.ledger.models import Leaf
from sangto.ledger.rules import entry_kind
from sangto.people.models import User
from sangto.vault.models import Opening
from tests.factories import (
    TICKS,
    make_answer,
    make_correction,
    make_member,
    make_unit,
    make_version,
    make_withdrawal,
    send,
)
from tests.ledger.steps import entries, files, run

pytestmark = pytest.mark.django_db
RECEIVED = datetime(2026, 11, 19, 10, 43, 27, tzinfo=UTC)
PUBLISHED = datetime(2026, 11, 21, 9, 15, tzinfo=UTC)
CHANNELS = ("web", "api", "telegram", "console")
CANARIES = {
    "text": ("Đầmsenvàng", "nướcgừngtươi"),
    "place": ("Ngõ Hoàngyến", "Hoàngyến"),
    "address": ("777000111", "canary@example.org"),
    "answer": ("Kếtluậnhoànglan", "Tómtắtbạchdương"),
    "change": ("Sửalạitrúcđào",),
    "source": ("Nguồnphonglan", "https://canary.example.org/tulip"),
    "member": ("canaryeditor", "canaryapprover"),
}


def forms(text: str) -> set[str]:
    """The ways in which a text might stand somewhere."""
    written = {text, unicodedata.normalize("NFD", text), bare(text), json.dumps(text)[1:-1]}
    return {each.casefold() for each in written}


def found_in(data: str) -> set[str]:
    """The canaries that are in these bytes."""
    held = data.casefold()
    return {each for words in CANARIES.values() for each in words if any(form in held for form in forms(each))}


def rows(*models: type[Model]) -> str:
    return json.dumps([list(model.objects.values()) for model in models], default=str, ensure_ascii=False)


@pytest.fixture
def log() -> str:
    """Every byte of a log: Messages came by every channel, an Answer was published, corrected and withdrawn."""
    text = f"{CANARIES['text'][0]} có chữa được {CANARIES['text'][1]} không?"
    for at, channel in enumerate(CHANNELS):
        address = CANARIES["address"][at % 2] if channel == "telegram" else None
        send(text, channel=channel, place=CANARIES["place"][0], address=address, now=RECEIVED)
    case = Case.objects.get()
    writer, approver = make_member("canaryeditor"), make_member("canaryapprover", role="approver")
    reference = Reference(CANARIES["source"][0], "Bộ Y tế", CANARIES["source"][1], date(2026, 11, 10))
    said = {"summary": CANARIES["answer"][1], "text": CANARIES["answer"][0], "sources": [reference]}
    desk.publish(make_version(case, by=writer, now=PUBLISHED, **said), by=approver, now=PUBLISHED, ticks=TICKS)
    make_correction(case, now=PUBLISHED + timedelta(minutes=1), change=CANARIES["change"][0], **said)
    make_withdrawal(case, now=PUBLISHED + timedelta(minutes=2), change=CANARIES["change"][0])
    make_correction(case, now=PUBLISHED + timedelta(minutes=3), change=CANARIES["change"][0], **said)
    desk.follow_up(now=PUBLISHED + timedelta(minutes=4))
    run(PUBLISHED)
    return "".join(data.decode(errors="replace") for data in files().values())


def test_the_desk_holds_every_canary_where_it_may(log):
    held = rows(Message, AnswerVersion, Source, User)

    assert found_in(held) == {each for words in CANARIES.values() for each in words} - set(CANARIES["address"])
    assert RECEIVED.isoformat(sep=" ") in held


def test_no_canary_is_in_any_byte_of_the_log(log):
    assert found_in(log) == set()


def test_every_kind_of_leaf_of_the_desk_is_in_the_log_that_was_scanned(log):
    kinds = [entry_kind(each) for each in entries()]

    assert {kind: kinds.count(kind) for kind in set(kinds)} == {"r": 4, "o": 4, "p": 1, "c": 2, "w": 1}


def test_leaves_of_messages_hold_a_commitment_and_nothing_else(log):
    leaves = [json.loads(each) for each in entries()]
    received = [each for each in leaves if each["t"] == "r"]
    ended = [each for each in leaves if each["t"] == "o"]

    assert {frozenset(each) for each in received} == {frozenset({"c", "t", "v"})}
    assert {frozenset(each) for each in ended} == {frozenset({"c", "k", "t", "v"})}
    assert {each["k"] for each in ended} == {"answered"}
    commitments = [each["c"] for each in received + ended]
    assert len(set(commitments)) == 8  # the same text by four people shares nothing
    assert all(re.fullmatch("[0-9a-f]{64}", each) for each in commitments)


def test_leaves_of_versions_hold_what_is_public_and_nothing_else(log):
    number = Case.objects.get().number
    leaves = [each for each in map(json.loads, entries()) if each["t"] in "pcw"]
    public = [{name: each[name] for name in each if name not in ("h", "pv")} for each in leaves]

    minutes = [f"2026-11-21T09:{15 + n}:00Z" for n in range(4)]
    common = {"a": number, "u": "", "v": 1}
    assert public == [
        {**common, "n": 1, "t": "p", "ts": minutes[0]},
        {**common, "n": 2, "t": "c", "ts": minutes[1]},
        {**common, "n": 3, "rs": "stated", "t": "w", "ts": minutes[2]},
        {**common, "n": 4, "t": "c", "ts": minutes[3]},
    ]


def test_neither_channel_nor_time_of_receipt_is_in_a_leaf(log):
    leaves = b"".join(entries()).decode()

    # Hex digits and the codes of the leaves cannot make these by chance; in tiles and signatures they might.
    secrets = ("10:43", "17:43", "2026-11-19", "19/11", *CHANNELS)
    assert [each for each in secrets if each in leaves] == []


def test_no_secret_of_an_opening_is_in_the_log(log):
    secrets = [each for row in Opening.objects.values_list("salt", "outcome_salt", "rid", "id") for each in row]

    assert len(secrets) == 16
    assert [each for each in secrets if str(each) in log or str(each).replace("-", "") in log] == []


def test_order_of_arrival_is_not_in_the_log(now):
    """Message 1 is not leaf 1: the chance that 40 stay where they were is one in 40!."""
    for n in range(40):
        send(f"Câu hỏi số {n} về cây xanh ngoài phố có đúng không?", now=now + timedelta(seconds=n))
    run(now)

    arrived = list(Leaf.objects.order_by("pk").values_list("leaf_hash", flat=True))
    assert list(Leaf.objects.order_by("leaf_index").values_list("leaf_hash", flat=True)) != arrived


def test_unit_of_a_message_is_in_no_leaf_until_its_answer_is_public(now):
    case = send(now=now).case
    Case.objects.filter(pk=case.pk).update(unit=make_unit("canary-unit"))
    run(now)
    before = b"".join(entries())
    make_answer(Case.objects.get(), now=now + timedelta(hours=1))
    run(now + timedelta(hours=1))

    assert b"canary-unit" not in before
    assert [json.loads(each)["u"] for each in entries() if entry_kind(each) == "p"] == ["canary-unit"]
