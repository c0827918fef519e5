"""When jobs are done and by whom: two workers, failures, a database that goes away, and nothing written for nothing."""

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, connections
from django.test.utils import CaptureQueriesContext

from sangto.desk import actions
from sangto.desk.actions.lease import LEASE
from sangto.desk.models import Beat, Reply, Turn
from sangto.jobs import pulse, rota, worker
from sangto.jobs.clock import database_now
from sangto.jobs.pulse import Pulse
from sangto.jobs.rota import Job, Rota
from tests.factories import send

pytestmark = pytest.mark.django_db
WRITES = ("INSERT", "UPDATE", "DELETE")
PATIENCE_S = 20
SOMEBODYS_WORDS = " ".join(["private", "words"])  # put together: a trace shows the line that raises


class Steady:
    """A steady clock that goes on when a test says so."""

    def __init__(self) -> None:
        self.at = 1000.0

    def monotonic(self) -> float:
        return self.at


@pytest.fixture
def clock(monkeypatch):
    steady = Steady()
    monkeypatch.setattr(rota, "time", steady)
    return steady


def fails(error=ValueError):
    def run(now):
        raise error(SOMEBODYS_WORDS)

    return run


def row(name):
    return Turn.objects.get(pk=name)


def writes(queries):
    return [each["sql"] for each in queries if each["sql"].split()[0] in WRITES]


def due_now(name):
    Turn.objects.filter(pk=name).update(due_at=database_now())


# --- turns ---------------------------------------------------------------------------------------------------------


def test_periodic_job_is_done_by_one_of_two_workers(clock):
    done = []
    first, second = (Rota([Job("purge", 60, lambda now, who=who: done.append(who))]) for who in "ab")

    for _ in range(3):
        first.tick()
        second.tick()
        clock.at += rota.LOOK_S

    assert done == ["a"]
    assert (row("purge").tries, row("purge").lease_token) == (0, None)
    assert row("purge").due_at - row("purge").done_at == timedelta(seconds=60)


def test_periodic_job_comes_again_for_whoever_looks_first(clock):
    done = []
    first, second = (Rota([Job("purge", 60, lambda now, who=who: done.append(who))]) for who in "ab")
    first.tick()
    due_now("purge")

    second.tick()

    assert done == ["a", "b"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_do_a_periodic_job_at_once():
    at_once, most, done = [], [], threading.Event()
    start = threading.Barrier(2)

    def run(now):
        at_once.append(1)
        most.append(len(at_once))
        done.wait(0.2)  # long enough for the other to look
        at_once.pop()

    def work():
        mine = Rota([Job("purge", 60, run)])
        start.wait(PATIENCE_S)
        for _ in range(5):
            mine._next.clear()
            mine.tick()
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join(PATIENCE_S) for thread in threads]

    assert most == [1]


def test_turn_of_a_killed_worker_is_taken_over_when_its_lease_ends(clock):
    done = []
    mine = Rota([Job("purge", 60, done.append)])
    actions.jobs_known({"purge": 60}, now=database_now())
    killed = actions.claim(row("purge"), now=database_now())
    mine.tick()
    within = list(done)
    Turn.objects.update(lease_until=database_now() - timedelta(seconds=1))
    clock.at += rota.LOOK_S

    mine.tick()

    assert killed
    assert (within, len(done)) == ([], 1)


def test_job_that_failed_is_told_with_its_kind_and_no_word_of_it(clock, caplog):
    Rota([Job("purge", 60, fails())]).tick()

    failed = row("purge")
    assert (failed.last_error, failed.tries, failed.done_at) == ("ValueError", 1, None)
    assert failed.failing_since is not None
    assert timedelta(seconds=20) < failed.due_at - database_now() < timedelta(seconds=40)
    assert SOMEBODYS_WORDS not in caplog.text + repr(list(Turn.objects.values_list()))


def test_job_that_fails_holds_up_no_other_and_mends_by_itself(clock):
    done, broken = [], [True]

    def run(now):
        if broken:
            raise OSError

    mine = Rota([Job("purge", 60, run), Job("backup", 60, done.append)])
    mine.tick()
    failed = row("purge").last_error
    broken.clear()
    due_now("purge")
    clock.at += rota.LOOK_S

    mine.tick()

    assert (failed, len(done)) == ("OSError", 1)
    assert (row("purge").last_error, row("purge").tries, row("purge").failing_since) == ("", 0, None)


def test_row_of_a_job_that_was_lost_is_made_anew_and_its_job_done(clock):
    done = []
    mine = Rota([Job("purge", 60, done.append)])
    mine.tick()
    Turn.objects.all().delete()
    clock.at += rota.LOOK_S

    mine.tick()

    assert len(done) == 2


def test_job_that_outlived_its_lease_marks_nothing(clock, caplog):
    def run(now):
        Turn.objects.update(lease_token="somebody else")

    Rota([Job("purge", 60, run)]).tick()

    assert (row("purge").done_at, row("purge").lease_token) == (None, "somebody else")
    assert "purge outlived its lease" in caplog.text


# --- jobs of each worker -------------------------------------------------------------------------------------------


def test_job_of_each_worker_is_done_by_each_as_often_as_it_should(clock):
    done = []
    workers = [Rota([Job("deliver", 5, lambda now, who=who: done.append(who))]) for who in "ab"]

    for _ in range(10):
        for each in workers:
            each.tick()
        clock.at += 1

    assert sorted(done) == ["a", "a", "b", "b"]


def test_idle_worker_writes_nothing_but_that_all_is_well_every_half_minute(clock, settings, bot_api):
    send(channel="web")
    Reply.objects.update(done_at=database_now())
    mine = Rota(worker.JOBS)
    mine.tick()
    notes = []

    for _ in range(60):
        clock.at += 0.5
        with CaptureQueriesContext(connection) as queries:
            mine.tick()
        notes.append(len(writes(queries)) > 0)

    assert notes == [False] * 59 + [True]
    assert {name for name in Turn.objects.values_list("name", flat=True)} == {job.name for job in worker.JOBS}
    assert not Turn.objects.exclude(last_error="").exists()


def test_job_of_each_worker_that_fails_is_tried_less_and_less_often(clock, monkeypatch):
    monkeypatch.setattr(rota.random, "uniform", lambda low, high: 1.0)
    tried = []

    def run(now):
        tried.append(clock.at - 1000)
        raise KeyError

    mine = Rota([Job("deliver", 0, run)])
    for _ in range(400):
        mine.tick()
        clock.at += 0.5

    assert tried == [0, 1, 3, 7, 15, 31, 63, 123, 183]
    assert (row("deliver").last_error, row("deliver").tries) == ("KeyError", 9)
    assert row("deliver").gave_up_at is not None


def test_recovery_is_told_by_the_worker_that_saw_the_failure_and_by_one_that_starts(clock):
    broken, jobs = [True], lambda run: [Job("deliver", 0, run)]

    def run(now):
        if broken:
            raise KeyError

    well, mine = Rota(jobs(lambda now: None)), Rota(jobs(run))
    well.tick()
    mine.tick()
    clock.at += rota.NOTE_S
    well.tick()
    while_failing = row("deliver").last_error
    broken.clear()
    mine.tick()
    after = row("deliver").last_error
    actions.note_failure("deliver", error="OSError", now=database_now())

    Rota(jobs(lambda now: None)).tick()

    assert (while_failing, after, row("deliver").last_error) == ("KeyError", "", "")


def test_database_that_is_away_is_asked_once_in_a_while_and_no_job_is_to_blame(clock, monkeypatch, caplog):
    done = []
    mine = Rota([Job("deliver", 0, done.append)])
    mine.tick()
    away = [True]

    def now():
        if away:
            raise OperationalError(SOMEBODYS_WORDS)
        return database_now()

    monkeypatch.setattr(rota, "database_now", now)
    for _ in range(120):
        mine.tick()
        clock.at += 0.5
    said = caplog.text.count("clock failed: OperationalError")
    away.clear()
    clock.at += rota.LONGEST_AWAY_S * 1.2
    mine.tick()

    assert said < 15
    assert len(done) == 2
    assert row("deliver").last_error == ""
    assert SOMEBODYS_WORDS not in caplog.text


# --- the pulse -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_worker_is_seen_while_it_runs_and_its_long_job_keeps_its_turn(monkeypatch, settings):
    monkeypatch.setattr(pulse, "BEAT_S", 0.05)
    settings.WORKER_TICK_MS = 10
    stop, began, seen = threading.Event(), threading.Event(), []

    def slow(now):
        first = row("slow").lease_until
        began.set()
        for _ in range(200):
            if row("slow").lease_until > first:
                seen.append(Beat.objects.get().seen_at >= Beat.objects.get().began_at)
                break
            stop.wait(0.05)
        stop.set()

    monkeypatch.setattr(worker, "JOBS", (Job("slow", 60, slow),))

    def work():
        worker.run(stop)
        connections.close_all()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(PATIENCE_S)

    assert began.is_set()
    assert seen == [True]
    assert (row("slow").last_error, row("slow").lease_token) == ("", None)
    assert not Beat.objects.exists()


def test_beat_holds_what_is_held_and_nothing_else():
    now = database_now()
    actions.jobs_known({"purge": 60}, now=now)
    turn, mine = row("purge"), Pulse()
    token = actions.claim(turn, now=now)
    Turn.objects.update(lease_until=now + timedelta(seconds=5))

    mine.beat()
    without = row("purge").lease_until
    with mine.holding(turn, token):
        mine.beat()

    assert without == now + timedelta(seconds=5)
    assert row("purge").lease_until >= now + LEASE
    assert Beat.objects.count() == 1
