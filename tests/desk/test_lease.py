"""One lease for all work: whatever the row is, one worker has it, and a dead one has it for two minutes."""

import threading
from datetime import timedelta

import pytest
from django.db import connections, transaction

from sangto.desk import actions
from sangto.desk.actions.lease import FIRST_PAUSE, LEASE, LONGEST_PAUSE
from sangto.desk.models import Beat, Reply, Turn
from tests.factories import NOW, send

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def a_reply():
    return send().replies.get()


def a_turn():
    return Turn.objects.create(name="sweep", every_s=60, due_at=NOW)


ROWS = pytest.mark.parametrize("make", [a_reply, a_turn])


def again(row):
    return type(row).objects.get(pk=row.pk)


@ROWS
def test_row_is_claimed_by_one(make):
    row = make()

    tokens = [actions.claim(row, now=NOW), actions.claim(row, now=NOW), actions.claim(again(row), now=NOW)]

    assert tokens[0]
    assert tokens[1:] == [None, None]
    assert (again(row).tries, again(row).lease_until) == (1, NOW + LEASE)


@ROWS
def test_row_is_not_claimed_before_it_is_due(make):
    assert actions.claim(make(), now=NOW - SECOND) is None


@ROWS
def test_lease_of_a_killed_worker_ends_by_itself_and_its_late_mark_counts_for_nothing(make):
    row, later = make(), NOW + LEASE + SECOND
    dead = actions.claim(row, now=NOW)

    within, after = (actions.claim(again(row), now=at) for at in (NOW + LEASE, later))
    late = [
        actions.finish(row, token=dead, now=later),
        actions.retry(row, token=dead, error="timeout", now=later),
        actions.give_up(row, token=dead, error="blocked", now=later),
        actions.hold(row, token=dead, now=later),
    ]

    assert (within, late) == (None, [False] * 4)
    assert (again(row).lease_token, again(row).done_at, again(row).last_error) == (after, None, "")
    assert actions.finish(row, token=after, now=later) is True


@ROWS
def test_who_read_a_row_before_it_failed_does_not_try_it_again_at_once(make):
    row = make()
    actions.retry(row, token=actions.claim(row, now=NOW), error="timeout", now=NOW)

    assert actions.claim(row, now=NOW) is None


@ROWS
def test_lease_that_is_held_goes_on(make):
    row, later = make(), NOW + LEASE - SECOND
    token = actions.claim(row, now=NOW)

    held = actions.hold(row, token=token, now=later)

    assert held is True
    assert actions.claim(again(row), now=NOW + LEASE + SECOND) is None
    assert actions.claim(again(row), now=later + LEASE + SECOND)


@ROWS
@pytest.mark.parametrize("longest", [LONGEST_PAUSE, timedelta(minutes=15)])
def test_pauses_double_up_to_the_longest_with_jitter(make, longest):
    row, pauses = make(), []
    for tries in range(40):
        row.tries = tries
        row.save()
        token = actions.claim(row, now=NOW)
        actions.retry(row, token=token, error="timeout", now=NOW, longest=longest)
        pauses.append(again(row).due_at - NOW)
        type(row).objects.update(due_at=NOW, gave_up_at=None)
        row = again(row)

    aims = [min(FIRST_PAUSE * 2**n, longest) for n in range(40)]
    assert all(0.8 * aim <= pause <= 1.2 * aim for aim, pause in zip(aims, pauses, strict=True))
    assert len(set(pauses[-20:])) > 1


@ROWS
def test_pause_that_was_asked_for_counts_as_no_try(make):
    row = make()

    actions.retry(row, token=actions.claim(row, now=NOW), error="rate_limited", now=NOW, wait=7 * SECOND)

    assert (again(row).tries, again(row).due_at, again(row).last_error) == (0, NOW + 7 * SECOND, "rate_limited")


@pytest.mark.parametrize(("make", "tries", "goes_on"), [(a_reply, 12, False), (a_turn, 8, True)])
def test_after_its_most_tries_a_row_is_given_up_visibly_and_a_job_goes_on(make, tries, goes_on):
    row, at, marks = make(), NOW, []
    for _ in range(tries):
        token = actions.claim(row, now=at)
        actions.retry(row, token=token, error="timeout", now=at)
        row = again(row)
        marks.append(row.gave_up_at)
        at = row.due_at

    assert marks == [None] * (tries - 1) + [marks[-1]]
    assert marks[-1] is not None
    assert (actions.claim(row, now=at) is not None) is goes_on


@ROWS
def test_effect_is_undone_where_the_lease_had_passed_on(make):
    row = make()
    dead = actions.claim(row, now=NOW)
    alive = actions.claim(again(row), now=NOW + LEASE + SECOND)

    kept = []
    for token in (dead, alive):
        with transaction.atomic():
            Beat.objects.create(worker=token, began_at=NOW, seen_at=NOW)  # stands for any effect in rows
            kept.append(actions.finish(row, token=token, now=NOW))
            transaction.set_rollback(not kept[-1])

    assert kept == [False, True]
    assert list(Beat.objects.values_list("worker", flat=True)) == [alive]


@pytest.mark.parametrize("end", ["done_at", "void_at", "gave_up_at"])
def test_reply_that_is_over_is_not_claimed(end):
    reply = a_reply()
    Reply.objects.update(**{end: NOW})

    assert actions.claim(reply, now=NOW) is None


@pytest.mark.django_db(transaction=True)
@ROWS
def test_many_workers_at_once_get_one_token(make):
    row, start, tokens = make(), threading.Barrier(8), []

    def work():
        mine = again(row)
        start.wait()
        tokens.append(actions.claim(mine, now=NOW))
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert len(tokens) == 8
    assert [token for token in tokens if token] == [again(row).lease_token]


@ROWS
def test_what_a_false_clock_dated_does_not_wait_for_it(make):
    row, false, back = make(), NOW + timedelta(days=3650), NOW + timedelta(minutes=1)
    token = actions.claim(row, now=false)

    taken_over = actions.claim(again(row), now=back)
    actions.retry(again(row), token=taken_over, error="timeout", now=false)

    assert token
    assert taken_over
    assert again(row).due_at > false
    assert again(row).is_due(back)
    assert actions.claim(again(row), now=back)


@ROWS
def test_pause_of_some_hours_is_not_taken_for_a_false_date(make):
    row = make()
    actions.retry(row, token=actions.claim(row, now=NOW), error="rate", now=NOW, wait=LONGEST_PAUSE)

    assert not again(row).is_due(NOW + SECOND)
    assert actions.claim(again(row), now=NOW + SECOND) is None
