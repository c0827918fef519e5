"""Every Message ends once in the log, as its Case ended first; and anybody can count those that wait."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, transaction

from sangto.desk import actions
from sangto.desk.actions import ForeignRow
from sangto.desk.models import Case, Message, Outcome
from tests.desk.log_steps import commitment, digest, leaves
from tests.factories import (
    LAMP,
    NOW,
    make_answer,
    make_correction,
    make_member,
    make_withdrawal,
    send,
)

pytestmark = pytest.mark.django_db
GARLIC = "Ăn tỏi sống mỗi ngày có phòng được cúm không?"
CHANNELS = ("web", "api", "telegram", "console")


def refused(act) -> str:
    """What the database says to a write that it refuses."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        act()
    return str(refusal.value).split("\n")[0]


def test_answer_ends_every_message_of_its_case_once():
    messages = [send(), send(), send()]
    make_answer(messages[0].case)

    for n in range(3):
        actions.follow_up(now=NOW + timedelta(minutes=n))

    number = messages[0].case.number
    rows = Outcome.objects.order_by("message").values_list("message", "kind", "answer", "at")
    assert list(rows) == [(each.pk, "answered", number, NOW) for each in messages]
    assert {each["k"] for each in leaves("o")} == {"answered"}
    for message, leaf in zip(messages, leaves("o"), strict=True):
        opening = {"a": number, "k": "answered", "r": received_commitment(message)}
        assert leaf["c"] == commitment("desk/outcome/v1", opening, salt=message.opening.outcome_salt)


def received_commitment(message) -> str:
    said = {
        "ch": message.channel,
        "day": "2026-11-21",
        "files": [],
        "msg": digest(message.text),
        "place": digest(message.place),
        "rid": message.opening.rid,
    }
    return commitment("desk/receipt/v1", said, salt=message.opening.salt)


@pytest.mark.parametrize(
    ("verdict", "kind"),
    [("fixed", "answered"), ("planned", "answered"), ("forwarded", "forwarded"), ("declined", "declined")],
)
def test_problem_ends_as_its_answer_says(verdict, kind):
    case = send(LAMP, kind="problem").case
    make_answer(case, verdict=verdict)

    actions.follow_up(now=NOW)

    assert [(each.kind, each.answer) for each in Outcome.objects.all()] == [(kind, case.number)]
    assert [each["k"] for each in leaves("o")] == [kind]


@pytest.mark.parametrize("verdict", ["true", "mostly_true", "misleading", "false", "unproven"])
def test_claim_of_every_rating_ends_as_answered(verdict):
    make_answer(send().case, verdict=verdict)

    actions.follow_up(now=NOW)

    assert [each["k"] for each in leaves("o")] == ["answered"]


def test_case_that_cannot_be_checked_ends_its_messages_without_an_answer():
    message = send()
    actions.close_not_checkable(message.case, by=make_member(), now=NOW)

    actions.follow_up(now=NOW)

    assert [(each.kind, each.answer) for each in Outcome.objects.all()] == [("answered", "")]
    opening = {"a": "", "k": "answered", "r": received_commitment(message)}
    assert leaves("o")[0]["c"] == commitment("desk/outcome/v1", opening, salt=message.opening.outcome_salt)


def test_foreign_answer_ends_the_messages_that_join_it():
    row = ForeignRow(external_id="1", publisher="Tạp chí", question="Nước chanh nóng có chữa được ung thư không?")
    actions.import_answers([row], now=NOW)
    case = Case.objects.get()
    message = send("Nước chanh nóng có chữa được ung thư không?")
    assert message.case == case

    actions.follow_up(now=NOW)

    assert [(each.kind, each.answer) for each in Outcome.objects.all()] == [("answered", case.number)]


def test_message_that_joins_an_answered_case_ends_too():
    case = send().case
    make_answer(case)
    actions.follow_up(now=NOW)
    late = send()
    assert late.case == case

    actions.follow_up(now=NOW + timedelta(minutes=1))

    assert Outcome.objects.get(message=late).answer == case.number
    assert len(leaves("o")) == 2


def test_open_case_ends_nobody():
    send()

    actions.follow_up(now=NOW)

    assert (Outcome.objects.count(), leaves("o")) == (0, [])


def test_joining_a_case_is_no_outcome():
    kept, going = send().case, send(GARLIC).case
    actions.merge(going, into=kept, by=make_member(), now=NOW)

    actions.follow_up(now=NOW)

    assert leaves("o") == []


def reopen(message):
    actions.close_not_checkable(message.case, by=make_member(), now=NOW)
    actions.follow_up(now=NOW)
    actions.reopen(message.case, by=make_member(), now=NOW)
    actions.follow_up(now=NOW)
    make_answer(message.case)


def withdraw(message):
    make_answer(message.case)
    actions.follow_up(now=NOW)
    make_withdrawal(message.case)
    actions.follow_up(now=NOW)
    make_correction(message.case)


def move(message):
    send()
    make_answer(message.case)
    actions.follow_up(now=NOW)
    fresh = actions.split(message.case, messages=[message], by=make_member(), now=NOW)
    actions.follow_up(now=NOW)
    make_answer(fresh)


def decline(message):
    make_answer(message.case)
    actions.follow_up(now=NOW)
    actions.decline_answers(message, now=NOW)
    actions.follow_up(now=NOW)
    message.refresh_from_db()
    make_answer(message.case)


@pytest.mark.parametrize("turn", [reopen, withdraw, move, decline])
def test_message_ends_once_whatever_becomes_of_its_case(turn):
    message = send()
    turn(message)

    for _ in range(2):
        actions.follow_up(now=NOW)
    message.refresh_from_db()

    assert Outcome.objects.filter(message=message).count() == 1
    ended = Outcome.objects.get(message=message)
    opening = {"a": ended.answer, "k": "answered", "r": received_commitment(message)}
    mine = commitment("desk/outcome/v1", opening, salt=message.opening.outcome_salt)
    assert [each["c"] for each in leaves("o")].count(mine) == 1
    assert len(leaves("o")) == Message.objects.count()


def test_database_refuses_a_second_outcome_and_a_changed_one():
    message = send()
    make_answer(message.case)
    actions.follow_up(now=NOW)

    with pytest.raises(IntegrityError), transaction.atomic():
        Outcome.objects.create(message=message, kind="declined", at=NOW)
    for change in ({"kind": "declined"}, {"answer": "2026-000099"}, {"at": NOW + timedelta(days=1)}):
        says = refused(lambda change=change: Outcome.objects.update(**change))
        assert says == "how a message ended is never changed"
    assert refused(Outcome.objects.all().delete) == "how a message ended is never changed"


def test_message_whose_opening_is_gone_ends_without_a_leaf():
    message, other = send(), send()
    make_answer(message.case)
    message.opening.delete()

    actions.follow_up(now=NOW)

    assert set(Outcome.objects.values_list("message", "kind")) == {(each.pk, "answered") for each in (message, other)}
    assert len(leaves("o")) == 1


@pytest.mark.django_db(transaction=True)
def test_outcome_goes_with_the_transaction_that_fails(monkeypatch):
    module = import_module("sangto.desk.actions.follow_up")
    message = send()
    make_answer(message.case)
    end = module._end

    def fail(case, now):
        end(case, now=now)
        raise ZeroDivisionError

    with monkeypatch.context() as patch, pytest.raises(ZeroDivisionError):
        patch.setattr(module, "_end", fail)
        actions.follow_up(now=NOW)
    between = Outcome.objects.count(), len(leaves("o"))
    actions.follow_up(now=NOW)

    assert between == (0, 0)
    assert (Outcome.objects.count(), len(leaves("o"))) == (1, 1)


def test_open_messages_can_be_counted_in_the_log():
    messages = [send(), send(), send(LAMP), send(GARLIC)]
    make_answer(messages[0].case)
    actions.follow_up(now=NOW)

    assert len(leaves("r")) - len(leaves("o")) == 2
