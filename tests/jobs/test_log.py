"""The worker's round of the log: quiet, never in the way, and heard once when it stands still."""

from datetime import timedelta

import pytest

from sangto.channels.witnesses import post
from sangto.jobs import worker
from sangto.jobs.log import Watch
from sangto.ledger.local import LocalLog
from sangto.ledger.models import Leaf, SignedCheckpoint
from tests.factories import NOW, make_answer, send

pytestmark = pytest.mark.django_db


def test_round_of_the_worker_publishes_what_waited():
    make_answer(send().case)
    worker.run_once(NOW)
    assert SignedCheckpoint.objects.count() == 0

    worker.run_once(NOW + timedelta(minutes=10))

    assert LocalLog("2026").published().size == 3


def test_log_that_stands_still_is_heard_once_and_messages_come_in(caplog):
    watch = Watch()
    send()
    watch.keep(NOW + timedelta(minutes=10))
    checkpoint = LocalLog("2026").folder / "checkpoint"
    kept = checkpoint.read_text()
    checkpoint.write_text("nonsense")

    for minutes in (20, 30):
        send()
        watch.keep(NOW + timedelta(minutes=minutes))

    assert caplog.text.count("the log stands still (unreadable)") == 1
    assert Leaf.objects.filter(origin__isnull=True).count() == 2
    checkpoint.write_text(kept)
    watch.keep(NOW + timedelta(minutes=40))
    assert caplog.text.count("the log goes on") == 1
    assert Leaf.objects.filter(origin__isnull=True).count() == 0


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/add-checkpoint", "http://", "nonsense", "file:///etc/passwd"])
def test_witness_that_is_away_is_an_os_error(url):
    with pytest.raises(OSError):
        post(url, "old 0\n\n")
