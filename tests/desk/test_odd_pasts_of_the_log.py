"""Pasts of their own: each desk is taken back before there was a log and brought here again."""

from datetime import timedelta

import pytest

from sangto.desk.models import AnswerVersion, Message
from sangto.ledger.models import Leaf
from sangto.vault.models import Opening
from tests.desk.before_the_log import GARLIC, hours, there_and_back
from tests.desk.log_steps import commitment, digest, leaf_hash, leaves
from tests.factories import LAMP, NOW, make_answer, make_correction, send
from tests.ledger.steps import without_guards

pytestmark = pytest.mark.django_db(transaction=True)
CHANNELS = ("web", "api", "telegram", "console")


def test_every_message_gets_its_leaf_and_opening():
    messages = [
        send(channel=channel, place="Ngõ 5", now=hours(9 * n), address="777000111" if channel == "telegram" else None)
        for n, channel in enumerate(CHANNELS)
    ]
    there_and_back()

    days = ["2026-11-21", "2026-11-22", "2026-11-22", "2026-11-22"]  # 18:00 UTC is 01:00 of the next day in Hà Nội
    found = leaves()
    assert [set(each) for each in found] == [{"c", "t", "v"}] * 4
    for message, leaf, day in zip(messages, found, days, strict=True):
        fresh = Message.objects.get(pk=message.pk)
        said = {"ch": message.channel, "day": day, "files": [], "msg": digest(message.text), "place": digest("Ngõ 5")}
        opening = {**said, "rid": fresh.opening.rid}
        assert leaf["c"] == commitment("desk/receipt/v1", opening, salt=fresh.opening.salt)
    assert [len(each.opening.outcome_salt) for each in Message.objects.all()] == [64] * 4
    assert Opening.objects.count() == 4
    assert list(Leaf.objects.order_by("pk").values_list("created_at", flat=True)) == [hours(9 * n) for n in range(4)]


def test_clock_that_was_put_back_in_the_past_breaks_no_chain():
    case = send(GARLIC).case
    make_answer(case, now=hours(1))
    make_correction(case, now=hours(3))
    make_answer(send(LAMP).case, now=hours(2))
    with without_guards():
        AnswerVersion.objects.filter(answer__case=case, n=2).update(published_at=hours(0))
    there_and_back()

    found = [each for each in leaves("pc") if each["a"] == case.number]
    assert [each["n"] for each in found] == [1, 2]
    assert [each.get("pv") for each in found] == [None, leaf_hash(found[0])]
    times = [each["ts"] for each in leaves("pc")]
    assert len(times) == 3
    assert times == sorted(times)


def test_parts_of_a_second_are_left_out_and_keep_their_order():
    first, second = send(GARLIC).case, send(LAMP).case
    make_answer(first, now=NOW + timedelta(milliseconds=900))
    make_answer(second, now=NOW + timedelta(milliseconds=100))
    there_and_back()

    assert [(each["a"], each["ts"]) for each in leaves("p")] == [
        (second.number, "2026-11-21T09:00:00Z"),
        (first.number, "2026-11-21T09:00:00Z"),
    ]


def test_desk_without_rows_is_migrated():
    there_and_back()

    assert leaves() == []
    send()
    assert len(leaves("r")) == 1
