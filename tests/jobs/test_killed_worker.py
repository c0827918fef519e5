"""The worker as a real process, killed at every point of a Reply's way, against the stand-in Bot API."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.utils import timezone

from sangto.desk.models import Reply
from sangto.engine.crash import crash_point
from tests.channels.stand_in import NUMBER, SECRET, TOKEN
from tests.database import database_url
from tests.factories import send

pytestmark = pytest.mark.django_db(transaction=True)
MESSAGES = 5
PATIENCE_S = 30


@pytest.fixture
def start_worker(bot_api, settings, tmp_path):
    running = []

    def start(crash_at=""):
        environment = {
            **os.environ,
            "SANGTO_HOME": str(settings.HOME),
            "SANGTO_SECRET_KEY": configured.SECRET_KEY,
            "SANGTO_DATABASE_URL": database_url(),
            "SANGTO_TELEGRAM_API": bot_api.url,
            "SANGTO_TELEGRAM_TOKEN": TOKEN,
            "SANGTO_TELEGRAM_SECRET": SECRET,
            "SANGTO_WORKER_TICK_MS": "20",
            "CRASH_AT": crash_at,
        }
        command = [sys.executable, "-c", "from sangto.config.cli import main; main()", "worker"]
        with (tmp_path / "worker.log").open("a") as log:
            worker = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        running.append(worker)
        return worker

    yield start
    for worker in running:
        if worker.poll() is None:
            worker.kill()
        worker.wait(PATIENCE_S)


def until(condition):
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def waiting():
    return Reply.objects.filter(done_at__isnull=True).count()


def end_leases():
    """As if the 120 s of the dead worker's lease had passed."""
    Reply.objects.filter(lease_token__isnull=False).update(lease_until=timezone.now() - timedelta(seconds=1))


def ask_many():
    now = timezone.now() - timedelta(seconds=5)
    topics = ["nước chanh", "đèn đường", "tin nhắn trúng thưởng", "giấy khai sinh", "bão số chín"]
    return [
        send(f"Cho hỏi về {topic} có thật không?", channel="telegram", address=f"7770{n}", now=now)
        for n, topic in enumerate(topics[:MESSAGES])
    ]


@pytest.mark.parametrize(
    ("crash_at", "sent_twice"),
    [("reply.claimed:1", 0), ("reply.claimed:3", 0), ("reply.sent:1", 1), ("reply.sent:3", 1), ("reply.marked:3", 0)],
)
def test_killed_worker_loses_nothing_and_repeats_at_most_one_letter(start_worker, bot_api, crash_at, sent_twice):
    messages = ask_many()

    killed = start_worker(crash_at)
    assert killed.wait(PATIENCE_S) == -signal.SIGKILL
    end_leases()
    start_worker()
    until(lambda: waiting() == 0)

    counts = Counter(bot_api.numbers())
    assert set(counts) == {message.number for message in messages}
    assert sum(counts.values()) == MESSAGES + sent_twice
    assert_repeats_are_identical(bot_api)


def test_two_workers_killed_in_turn_still_tell_everybody(start_worker, bot_api):
    messages = ask_many()

    for crash_at in ("reply.sent:2", "reply.claimed:1", "reply.sent:1"):
        assert start_worker(crash_at).wait(PATIENCE_S) == -signal.SIGKILL
        end_leases()
    first, second = start_worker(), start_worker()
    until(lambda: waiting() == 0)

    counts = Counter(bot_api.numbers())
    assert set(counts) == {message.number for message in messages}
    assert sum(counts.values()) <= MESSAGES + 2
    assert_repeats_are_identical(bot_api)
    assert (first.poll(), second.poll()) == (None, None)


def test_worker_ends_cleanly_when_told(start_worker, bot_api):
    ask_many()
    worker = start_worker()
    until(lambda: waiting() == 0)

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(PATIENCE_S) == 0


def assert_repeats_are_identical(bot_api):
    by_number = {}
    for letter in bot_api.letters:
        (number,) = NUMBER.findall(letter["text"])
        by_number.setdefault(number, set()).add((letter["chat_id"], letter["text"]))
    assert {len(letters) for letters in by_number.values()} == {1}


def test_crash_point_without_its_name_does_nothing(monkeypatch):
    monkeypatch.setenv("CRASH_AT", "reply.claimed:1")

    crash_point("reply.sent")

    monkeypatch.delenv("CRASH_AT")
    crash_point("reply.claimed")
