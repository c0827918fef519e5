"""Everybody who asked is owed each version once, whatever happens in between."""

from datetime import timedelta
from importlib import import_module

import pytest

from sangto.desk import actions
from sangto.desk.models import Case, Outcome, Reply
from sangto.desk.queries.replies import letter_for, replies_due
from tests.factories import NOW, make_answer, make_correction, make_member, make_withdrawal, send

pytestmark = pytest.mark.django_db
module = import_module("sangto.desk.actions.follow_up")  # the package shows the function of this name
GARLIC = "Ăn tỏi sống mỗi ngày có phòng được cúm không?"


def deliver_all(now=NOW) -> list[tuple[str, int]]:
    """Follow up and send everything that is due; which Message was told which version (0: no answer)."""
    actions.follow_up(now=now)
    sent = []
    for reply in replies_due(now=now, limit=100):
        token = actions.claim(reply, now=now)
        actions.finish(reply, token=token, now=now)
        sent.append((reply.message_id, reply.version.n if reply.version else 0))
    return sent


def test_everyone_is_told_each_version_exactly_once():
    askers = [send(), send(), send()]
    assert sorted(deliver_all()) == [(each.pk, 0) for each in askers]

    make_answer(askers[0].case)
    first = sorted(deliver_all())
    make_correction(askers[0].case)
    second = sorted(deliver_all())
    make_withdrawal(askers[0].case)
    third = sorted(deliver_all())

    assert first == [(each.pk, 1) for each in askers]
    assert second == [(each.pk, 2) for each in askers]
    assert third == [(each.pk, 3) for each in askers]
    assert deliver_all() == []


def test_overtaken_version_is_not_sent():
    message = send()
    deliver_all()
    make_answer(message.case)
    actions.follow_up(now=NOW)
    make_correction(message.case)

    assert deliver_all() == [(message.pk, 2)]
    assert Reply.objects.filter(void_at__isnull=False).count() == 1


def test_withdrawal_is_not_told_to_somebody_who_never_had_the_answer():
    told = send()
    deliver_all()
    make_answer(told.case)
    deliver_all()
    make_withdrawal(told.case)
    later = send()

    assert sorted(deliver_all()) == [(told.pk, 3 - 1), (later.pk, 0)]


def test_message_that_joins_an_answered_case_by_merging_is_told():
    answered = send()
    make_answer(answered.case)
    other = send(GARLIC)
    deliver_all()

    actions.merge(other.case, into=answered.case, by=make_member(), now=NOW)

    assert deliver_all() == [(other.pk, 1)]


def test_closing_is_told_once():
    message = send("Phở ngon hơn bún, đúng không?")
    deliver_all()
    actions.close_not_checkable(message.case, by=make_member(), now=NOW)

    assert deliver_all() == [(message.pk, 0)]
    assert deliver_all() == []


def test_new_question_owes_nothing_that_follows_up():
    message = send()

    assert not Case.objects.get(pk=message.case_id).owes


def test_follow_up_can_run_twice():
    message = send()
    make_answer(message.case)

    made = [actions.follow_up(now=NOW), actions.follow_up(now=NOW)]
    Case.objects.update(owes=True)

    assert made == [1, 0]
    assert actions.follow_up(now=NOW) == 0


def test_claim_is_won_by_one_worker():
    send()
    reply = replies_due(now=NOW, limit=1)[0]

    tokens = [actions.claim(reply, now=NOW), actions.claim(reply, now=NOW)]

    assert tokens[0] is not None
    assert tokens[1] is None
    assert replies_due(now=NOW, limit=1) == []


def test_reply_of_a_dead_worker_comes_back_and_its_late_mark_counts_for_nothing():
    send()
    reply = replies_due(now=NOW, limit=1)[0]
    dead = actions.claim(reply, now=NOW)

    later = NOW + timedelta(seconds=121)
    again = replies_due(now=later, limit=1)[0]
    alive = actions.claim(again, now=later)

    assert actions.finish(reply, token=dead, now=later) is False
    assert actions.finish(again, token=alive, now=later) is True


def test_failing_reply_pauses_longer_each_time_and_is_given_up_after_twelve_tries():
    send()
    pauses, at = [], NOW
    for _ in range(12):
        reply = replies_due(now=at, limit=1)[0]
        actions.retry(reply, token=actions.claim(reply, now=at), error="timeout", now=at)
        due = Reply.objects.get().due_at
        pauses.append((due - at).total_seconds())
        at = max(at, due) + timedelta(seconds=1)

    expected = [min(30 * 2**n, 6 * 3600) for n in range(11)]
    assert [0.8 * aim <= pause <= 1.2 * aim for aim, pause in zip(expected, pauses, strict=False)] == [True] * 11
    assert (Reply.objects.get().gave_up_at is not None, replies_due(now=at, limit=1)) == (True, [])


def test_letter_holds_the_address_that_was_sealed():
    message = send(channel="telegram", address="777000111")

    letter = letter_for(message.replies.get())

    assert letter.address == "777000111"
    assert b"777000111" not in bytes(message.contact.sealed)


def test_withdrawal_reaches_who_was_being_told_when_the_worker_died():
    message = send()
    deliver_all()
    make_answer(message.case)
    actions.follow_up(now=NOW)
    actions.claim(replies_due(now=NOW, limit=1)[0], now=NOW)

    make_withdrawal(message.case)

    assert deliver_all(NOW + timedelta(seconds=200)) == [(message.pk, 2)]


def test_reopened_case_sends_no_closing_that_was_still_waiting():
    message = send("Phở ngon hơn bún, đúng không?")
    deliver_all()
    member = make_member()
    actions.close_not_checkable(message.case, by=member, now=NOW)
    actions.follow_up(now=NOW)

    actions.reopen(message.case, by=member, now=NOW)

    assert deliver_all() == []


def test_message_that_comes_back_is_told_after_all():
    message, member = send(GARLIC), make_member()
    answered = send()
    make_answer(answered.case)
    deliver_all()
    actions.merge(message.case, into=answered.case, by=member, now=NOW)
    actions.follow_up(now=NOW)
    actions.undo(member.regrouping_set.get(), by=member, now=NOW)
    message.refresh_from_db()

    actions.merge(message.case, into=answered.case, by=member, now=NOW)

    assert deliver_all() == [(message.pk, 1)]


def test_acknowledgement_never_comes_after_the_answer():
    message = send()

    make_answer(message.case)

    assert deliver_all() == [(message.pk, 1)]


def test_pause_that_a_channel_asked_for_counts_as_no_try():
    send()
    reply = replies_due(now=NOW, limit=1)[0]

    actions.retry(reply, token=actions.claim(reply, now=NOW), error="rate_limited", now=NOW, wait=timedelta(seconds=7))

    assert (Reply.objects.get().tries, Reply.objects.get().due_at) == (0, NOW + timedelta(seconds=7))


def test_outcomes_of_a_case_that_many_asked_are_written_over_several_rounds(monkeypatch):
    monkeypatch.setattr(module, "AT_ONCE", 2)
    case = [send() for _ in range(5)][0].case
    make_answer(case)

    ended = []
    for _ in range(4):
        actions.follow_up(now=NOW)
        ended.append(Outcome.objects.count())

    assert ended == [2, 4, 5, 5]
    assert not Case.objects.get(pk=case.pk).owes
