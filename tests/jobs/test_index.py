import threading
import time

import pytest
from django.db import connection

from sangto.desk import matcher
from sangto.jobs.index import follow_index
from tests.factories import make_answer, send


@pytest.mark.django_db(transaction=True)
def test_index_of_a_process_that_nobody_asks_is_kept_fresh(settings):
    settings.WORKER_TICK_MS = 10
    stop = threading.Event()

    def follow():
        follow_index(stop)
        connection.close()

    thread = threading.Thread(target=follow)
    thread.start()
    make_answer(send().case)
    deadline = time.monotonic() + 10
    while not len(matcher.REPLICA.answered) and time.monotonic() < deadline:
        time.sleep(0.01)
    stop.set()
    thread.join(10)

    assert (len(matcher.REPLICA.answered), thread.is_alive()) == (1, False)


@pytest.mark.django_db(transaction=True)
def test_index_that_fails_is_tried_again(settings, monkeypatch, caplog):
    settings.WORKER_TICK_MS = 1
    stop, tried = threading.Event(), []

    def fail():
        tried.append(1)
        if len(tried) == 3:
            stop.set()
        raise ValueError(" ".join(["private", "words"]))

    monkeypatch.setattr(matcher.REPLICA, "follow", fail)
    thread = threading.Thread(target=follow_index, args=(stop,))
    thread.start()
    thread.join(10)

    assert (len(tried), "private words" in caplog.text) == (3, False)
    assert "follow_index failed: ValueError" in caplog.text
