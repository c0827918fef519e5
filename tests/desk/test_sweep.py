"""The sweep: a row is deleted as no action of ours would delete it, and the desk is whole again."""

from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sangto.desk import actions
from sangto.desk.models import Message, Outcome, Reply
from sangto.desk.queries.receipts import outcome_receipt_of, receipt_of
from sangto.ledger.models import Leaf
from tests.factories import NOW, make_answer, make_member, make_withdrawal, send

pytestmark = pytest.mark.django_db
module = import_module("sangto.desk.actions.sweep")
LATER = NOW + timedelta(minutes=1)
FOREIGN = {"text": "Bão số chín đổ bộ tối nay có đúng không?"}


@contextmanager
def without_guards():
    """Somebody works on the database by hand."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            yield
            cursor.execute("SET session_replication_role = DEFAULT")
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        guards = cursor.fetchall()
        for name, _sql in guards:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _name, sql in guards:
            cursor.execute(sql)


def lose(rows):
    with without_guards():
        rows._raw_delete(rows.db)


def leaves():
    return sorted(Leaf.objects.values_list("leaf_hash", flat=True))


def settled():
    """A Message that was told its answer."""
    message = send()
    make_answer(message.case)
    actions.follow_up(now=NOW)
    return message


def sweep(after=0, now=LATER):
    return actions.sweep(after=after, now=now)


def test_lost_leaves_of_messages_come_back():
    settled()
    send(**FOREIGN)
    before = leaves()
    lose(Leaf.objects.filter(kind__in=("r", "o")))

    sweep()

    assert leaves() == before
    assert set(Leaf.objects.filter(kind__in=("r", "o")).values_list("created_at", flat=True)) == {LATER}


def test_receipt_is_there_again_with_its_leaf():
    message = settled()
    lose(Leaf.objects.filter(kind__in=("r", "o")))
    gone = receipt_of(message)

    sweep()

    assert gone is None
    assert receipt_of(message) is not None
    assert outcome_receipt_of(message) is not None


def test_message_whose_opening_is_gone_gets_no_new_leaf():
    message = send()
    lose(Leaf.objects.filter(kind="r"))
    message.opening.delete()

    sweep()

    assert leaves() == []


@pytest.mark.parametrize("hour", [0, 23])
def test_leaf_is_not_doubled_when_the_desk_moves_to_another_time_zone(settings, hour):
    settings.TIME_ZONE = "Asia/Ho_Chi_Minh"
    at = NOW.replace(hour=hour)
    send(now=at)
    before = leaves()

    for zone in ("America/Los_Angeles", "Pacific/Kiritimati", "UTC"):
        settings.TIME_ZONE = zone
        sweep(now=at + timedelta(minutes=1))

    assert leaves() == before


@pytest.mark.parametrize("kept", [0, 2])
def test_lost_reply_with_an_answer_is_owed_again(kept):
    message = send()
    for _ in range(kept):
        send()
    make_answer(message.case)
    actions.follow_up(now=NOW)
    lose(Reply.objects.filter(message=message, kind="answer"))

    sweep()
    actions.follow_up(now=LATER)

    assert set(message.replies.filter(kind="answer").values_list("due_at", flat=True)) == {LATER}
    assert Reply.objects.filter(kind="answer").count() == 1 + kept


def test_lost_reply_of_a_closing_is_owed_again():
    message = send("Phở ngon hơn bún, đúng không?")
    actions.close_not_checkable(message.case, by=make_member(), now=NOW)
    actions.follow_up(now=NOW)
    lose(Reply.objects.filter(kind="closing"))

    sweep()
    actions.follow_up(now=LATER)

    assert message.replies.filter(kind="closing").exists()


def test_lost_word_of_a_withdrawal_is_owed_again():
    message = settled()
    Reply.objects.filter(kind="answer").update(done_at=NOW, tries=1)
    make_withdrawal(message.case)
    actions.follow_up(now=NOW)
    withdrawn = Reply.objects.filter(version__step="withdraw")
    lose(withdrawn.all())

    sweep()
    actions.follow_up(now=LATER)

    assert [reply.message for reply in withdrawn] == [message]


def test_lost_outcome_is_written_again():
    message = settled()
    lose(Outcome.objects.all())

    sweep()
    actions.follow_up(now=LATER)

    assert [(ended.message, ended.kind) for ended in Outcome.objects.all()] == [(message, "answered")]


def test_lost_acknowledgement_is_owed_again():
    message = send(channel="telegram", address="7770")
    lose(Reply.objects.all())

    sweep()

    assert list(Reply.objects.values_list("message", "kind", "due_at")) == [(message.pk, "acknowledged", LATER)]


def test_case_that_forgot_that_it_owes_is_reminded():
    message = send()
    make_answer(message.case)
    type(message.case).objects.update(owes=False)

    sweep()
    actions.follow_up(now=LATER)

    assert message.replies.filter(kind="answer").exists()
    assert Outcome.objects.count() == 1


def test_healthy_desk_is_left_as_it_is():
    settled()
    send(**FOREIGN)
    withdrawn = send("Ăn tỏi sống mỗi ngày có phòng được cúm không?")
    make_answer(withdrawn.case)
    actions.follow_up(now=NOW)
    make_withdrawal(withdrawn.case)
    actions.follow_up(now=NOW)

    with CaptureQueriesContext(connection) as queries:
        sweep()

    assert [each["sql"] for each in queries if each["sql"].split()[0] in ("INSERT", "UPDATE", "DELETE")] == []


@pytest.mark.parametrize("messages", [2, 8])
def test_sweep_asks_the_same_number_of_questions_however_many_messages(messages, django_assert_num_queries):
    for n in range(messages):
        send(f"Câu hỏi số {n}: uống nước chanh nóng có tốt không?")

    with django_assert_num_queries(11):
        sweep()


def test_old_messages_are_looked_at_in_portions_and_then_from_the_beginning(monkeypatch):
    monkeypatch.setattr(module, "PORTION", 2)
    ids = [send(f"Câu hỏi số {n}: uống nước chanh nóng có tốt không?").pk for n in range(7)]
    before = leaves()
    lose(Leaf.objects.all())
    places, healed = [0], []

    for _ in range(4):
        places.append(sweep(after=places[-1]))
        healed.append(Leaf.objects.count())

    assert places == [0, ids[1], ids[3], ids[5], 0]
    assert healed == [4, 6, 7, 7]
    assert leaves() == before


def test_empty_desk_has_nothing_to_sweep():
    assert sweep() == 0
    assert not Message.objects.exists()
