"""The rows of the jobs and of the workers: made when missing, honest about failures, never in the way."""

from datetime import timedelta

import pytest

from sangto.desk import actions
from sangto.desk.models import Beat, Reply, Turn
from tests.factories import NOW, make_member, send

pytestmark = pytest.mark.django_db
JOBS = {"sweep": 60, "deliver": 0}
MINUTE = timedelta(minutes=1)


def known(jobs=JOBS, now=NOW):
    return actions.jobs_known(jobs, now=now)


def fail(name="sweep", *, at=NOW, error="OSError"):
    turn = Turn.objects.get(pk=name)
    Turn.objects.update(due_at=at)
    actions.fail_turn(turn, token=actions.claim(turn, now=at), error=error, now=at)
    return Turn.objects.get(pk=name)


def test_jobs_get_their_rows_and_get_them_back():
    known()
    Turn.objects.get(pk="sweep").delete()

    rows = known(now=NOW + MINUTE)

    assert {name: (row.every_s, row.due_at) for name, row in rows.items()} == {
        "sweep": (60, NOW + MINUTE),
        "deliver": (0, NOW),
    }


def test_known_jobs_are_read_and_not_written(django_assert_num_queries):
    known()

    with django_assert_num_queries(1):
        known()


def test_new_period_is_taken_over_and_a_job_of_an_older_release_is_forgotten():
    known({"sweep": 60, "gone": 60})

    rows = known({"sweep": 30}, now=NOW + timedelta(days=8))

    assert {row.name: (row.every_s, row.due_at) for row in rows.values()} == {"sweep": (30, NOW)}
    assert set(Turn.objects.values_list("name", flat=True)) == {"sweep"}


def test_job_that_was_done_comes_again_after_its_period_with_a_clean_slate():
    known()
    failed = fail()
    later = failed.due_at

    ended = actions.end_turn(failed, token=actions.claim(failed, now=later), now=later)

    row = Turn.objects.get(pk="sweep")
    assert ended is True
    assert (row.due_at, row.done_at, row.tries, row.last_error) == (later + MINUTE, later, 0, "")
    assert (row.failing_since, row.gave_up_at, row.lease_token) == (None, None, None)


def test_failing_job_says_since_when_and_how_often():
    known()

    rows = [fail(at=NOW + n * timedelta(hours=1)) for n in range(9)]

    assert [row.tries for row in rows] == list(range(1, 10))
    assert {row.failing_since for row in rows} == {NOW}
    assert [row.gave_up_at for row in rows] == [None] * 7 + [NOW + timedelta(hours=7)] * 2
    assert all(row.due_at - (NOW + n * timedelta(hours=1)) <= 1.2 * timedelta(minutes=15) for n, row in enumerate(rows))


def test_seldom_job_that_fails_is_not_tried_more_seldom_than_it_comes():
    known({"sweep": 3600})
    Turn.objects.update(tries=20)

    row = fail()

    assert timedelta(minutes=48) <= row.due_at - NOW <= timedelta(minutes=72)


def test_failure_of_a_job_of_each_worker_is_noted_and_cleared_by_who_saw_it():
    known()
    for n in range(8):
        actions.note_failure("deliver", error="KeyError", now=NOW + n * MINUTE)
    failing = Turn.objects.get(pk="deliver")
    later = NOW + timedelta(hours=1)
    actions.note_success({"deliver"}, recovered=set(), now=later)  # another worker, whose own disk is well
    still = Turn.objects.get(pk="deliver")

    actions.note_success({"deliver"}, recovered={"deliver"}, now=later)

    fine = Turn.objects.get(pk="deliver")
    assert (failing.tries, failing.last_error, failing.failing_since) == (8, "KeyError", NOW)
    assert failing.gave_up_at == NOW + 7 * MINUTE
    assert (still.last_error, still.done_at) == ("KeyError", later)
    assert (fine.last_error, fine.tries, fine.failing_since, fine.gave_up_at) == ("", 0, None, None)


def test_worker_is_seen_from_its_first_beat_to_its_last():
    actions.beat("a", now=NOW)
    actions.beat("b", now=NOW)
    actions.beat("a", now=NOW + MINUTE)

    actions.stop_beating("b")

    assert list(Beat.objects.values_list("worker", "began_at", "seen_at")) == [("a", NOW, NOW + MINUTE)]


def test_worker_that_was_killed_is_forgotten_in_the_end():
    actions.beat("killed", now=NOW)

    actions.beat("new", now=NOW + timedelta(days=8))

    assert set(Beat.objects.values_list("worker", flat=True)) == {"new"}


def test_member_has_a_failing_job_tried_at_once_and_no_other():
    known()
    fail()
    by = make_member()

    tried = [actions.try_job_again(name, by=by, now=NOW) for name in ("sweep", "deliver", "unknown", "")]

    assert tried == [True, False, False, False]
    assert Turn.objects.get(pk="sweep").due_at == NOW


def test_job_that_is_being_tried_is_left_alone():
    known()
    failed = fail()
    actions.claim(failed, now=failed.due_at)

    assert actions.try_job_again("sweep", by=make_member(), now=NOW) is False


def test_member_has_replies_of_one_reason_tried_again_with_all_their_tries():
    rows = [send(text).replies.get() for text in ("Một câu hỏi", "Câu hỏi khác hẳn", "Và một điều nữa", "Điều cuối")]
    Reply.objects.update(tries=12, last_error="unreachable", gave_up_at=NOW)
    Reply.objects.filter(pk=rows[1].pk).update(last_error="blocked")
    Reply.objects.filter(pk=rows[2].pk).update(void_at=NOW)
    later = NOW + timedelta(days=1)

    again = actions.try_replies_again("unreachable", by=make_member(), now=later)

    states = Reply.objects.order_by("pk").values_list("gave_up_at", "tries", "due_at")
    assert again == 2
    assert list(states) == [(None, 0, later), (NOW, 12, NOW), (NOW, 12, NOW), (None, 0, later)]
