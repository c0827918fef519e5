import logging
import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from sangto.desk.models import Change, Reply
from sangto.jobs import worker
from sangto.jobs.clock import database_now
from sangto.jobs.rota import Job, Rota
from sangto.jobs.schema import NewerSchema, migrations_missing, migrations_unknown, refuse_newer_schema
from tests.factories import NOW, make_answer, send


@pytest.mark.django_db
def test_one_round_owes_and_tells_everybody(bot_api):
    message = send(channel="telegram", address="7770")
    worker.run_once(NOW)
    make_answer(message.case)

    worker.run_once(NOW)

    assert [letter["chat_id"] for letter in bot_api.letters] == ["7770", "7770"]
    assert set(Reply.objects.values_list("kind", "done_at")) == {("acknowledged", NOW), ("answer", NOW)}


@pytest.mark.django_db
def test_old_changes_are_forgotten():
    for _ in range(3):
        send()

    worker.run_once(NOW + timedelta(days=30))

    assert Change.objects.count() == 1  # the newest stays as the mark


@pytest.mark.django_db
def test_clock_is_the_databases_and_aware():
    assert abs(database_now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert database_now().utcoffset() == timedelta(0)


@pytest.mark.django_db
def test_failing_job_is_logged_without_content_and_the_others_go_on(caplog):
    done, content = [], " ".join(["private", "words"])

    def fail(now):
        raise ValueError(content)

    Rota((Job("broken", 0, fail), Job("fine", 0, done.append))).tick()

    assert len(done) == 1
    assert "broken failed: ValueError" in caplog.text
    assert "private words" not in caplog.text


@pytest.mark.django_db
@pytest.mark.parametrize("every_s", [59, 3600])
def test_seldom_job_waits_for_its_turn(every_s):
    done = []
    jobs = (
        Job("often", 0, lambda now: done.append("often")),
        Job("seldom", every_s, lambda now: done.append("seldom")),
    )
    rota = Rota(jobs)

    for _ in range(3):
        rota.tick()

    assert sorted(done) == ["often", "often", "often", "seldom"]


@pytest.mark.django_db(transaction=True)
def test_worker_stops_when_told_and_finishes_its_tick(monkeypatch, settings):
    settings.WORKER_TICK_MS = 10
    stop, began, done = threading.Event(), threading.Event(), []

    def slow(now):
        began.set()
        stop.wait(5)
        done.append(now)

    monkeypatch.setattr(worker, "JOBS", (Job("slow", 0, slow),))

    def work():
        worker.run(stop)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    began.wait(5)
    stop.set()
    thread.join(5)

    assert not thread.is_alive()
    assert len(done) == 1


@pytest.mark.django_db
def test_database_of_this_code_is_neither_old_nor_new():
    assert (migrations_missing(), migrations_unknown()) == ([], [])


@pytest.mark.django_db
def test_worker_refuses_a_newer_schema(caplog):
    caplog.set_level(logging.INFO)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('desk', '9999_of_tomorrow', CURRENT_TIMESTAMP)"
        )

    with pytest.raises(NewerSchema, match="desk.9999_of_tomorrow"):
        refuse_newer_schema()
    with pytest.raises(NewerSchema):
        worker.run(threading.Event())


@pytest.mark.django_db
def test_migrations_of_a_removed_app_are_not_ours():
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('elsewhere', '0001_initial', CURRENT_TIMESTAMP)"
        )

    assert migrations_unknown() == []


@pytest.mark.django_db(transaction=True)
def test_slow_job_keeps_no_other_waiting(monkeypatch, settings):
    """What is slow ends only when the others have come round twice beside it."""
    settings.WORKER_TICK_MS = 10
    stop, rounds, both = threading.Event(), [], threading.Event()
    waited = []

    def prompt(now):
        rounds.append(now)
        if len(rounds) > 2:
            both.set()

    def slow(now):
        waited.append(both.wait(20))
        stop.set()

    monkeypatch.setattr(worker, "JOBS", (Job("copies", 0, slow), Job("prompt", 0, prompt)))

    def work():
        worker.run(stop)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(30)

    assert waited[0] is True
