"""`sangto worker status`, and what `sangto check` says of workers and disks."""

from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.utils import timezone

from sangto.config import checks
from sangto.config.cli import main
from sangto.desk import actions
from sangto.desk.models import Beat, Reply, Turn
from sangto.engine import space
from sangto.jobs.rota import Rota
from sangto.jobs.worker import JOBS
from tests.factories import HOSPITAL, LAMP, make_answer, send

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def status():
    return CliRunner().invoke(main, ["worker", "status"])


def line(result, start):
    (found,) = [each for each in result.output.splitlines() if each.startswith(start)]
    return found.removeprefix(start).strip()


@pytest.fixture
def at_work():
    """A worker that lives and did everything once."""
    actions.beat("a", now=timezone.now())
    Rota(JOBS).tick()


def test_desk_at_work_is_well(at_work):
    result = status()

    assert result.exit_code == 0
    assert line(result, "workers:") == "1 seen in the last minute"
    assert line(result, "replies:") == "0 due, 0 later"
    assert {name: line(result, f"{name}:").startswith("last done ") for name in (job.name for job in JOBS)} == {
        job.name: True for job in JOBS
    }


def test_status_says_what_waits(at_work):
    now = timezone.now()
    answered = send(HOSPITAL, now=now - timedelta(hours=5))
    make_answer(answered.case, now=now)
    send(LAMP, now=now)
    Reply.objects.filter(message__text=LAMP).update(due_at=now + MINUTE)

    result = status()

    assert line(result, "replies:") == "1 (the oldest for 5 h) due, 1 later"
    assert line(result, "leaves:") == "3 (the oldest for 5 h) wait for their place in the log"
    assert line(result, "cases:") == "1 owe somebody a word"


@pytest.mark.parametrize(("ago", "code"), [(timedelta(0), 0), (timedelta(seconds=55), 0), (2 * MINUTE, 1)])
def test_worker_counts_as_alive_for_a_minute(at_work, ago, code):
    Beat.objects.update(seen_at=timezone.now() - ago)

    result = status()

    assert result.exit_code == code
    assert line(result, "workers:") == ("0 seen in the last minute: start one" if code else "1 seen in the last minute")


def test_desk_that_nobody_ever_worked_for_is_not_well():
    result = status()

    assert result.exit_code == 1
    assert line(result, "workers:") == "0 seen in the last minute: start one"


@pytest.mark.parametrize(
    ("tries", "gave_up", "code", "said"),
    [
        (2, None, 0, "fails for 3 h: OSError, 2 times in a row"),
        (8, MINUTE, 1, "FAILS for 3 h: OSError, 8 times in a row"),
    ],
)
def test_failing_job_is_told_and_one_that_fails_for_long_is_an_alarm(at_work, tries, gave_up, code, said):
    now = timezone.now()
    Turn.objects.filter(pk="sweep").update(
        tries=tries,
        last_error="OSError",
        failing_since=now - timedelta(hours=3, seconds=5),
        gave_up_at=gave_up and now - gave_up,
        done_at=now - timedelta(hours=4, seconds=5),
    )

    result = status()

    assert result.exit_code == code
    assert line(result, "sweep:") == f"{said}; last done 4 h ago"


@pytest.mark.parametrize(
    ("name", "late", "held", "code"),
    [
        ("sweep", timedelta(minutes=10), False, 0),
        ("sweep", timedelta(minutes=12), False, 1),
        ("sweep", timedelta(minutes=12), True, 0),
        ("deliver", timedelta(minutes=9), False, 0),
        ("deliver", timedelta(minutes=11), False, 1),
    ],
)
def test_job_that_is_late_is_an_alarm_unless_somebody_is_at_it(at_work, name, late, held, code):
    now = timezone.now()
    Turn.objects.filter(pk=name).update(due_at=now - late, lease_until=now + MINUTE if held else None)

    result = status()

    assert result.exit_code == code
    assert line(result, f"{name}:").startswith("LATE: last done") is bool(code)


def test_replies_that_were_given_up_are_told_by_their_reason(at_work):
    now = timezone.now()
    for text, error in (("Một câu hỏi", "blocked"), ("Câu hỏi khác hẳn", "blocked"), (LAMP, "http_400")):
        send(text)
        Reply.objects.filter(gave_up_at=None).update(gave_up_at=now - 5 * MINUTE, last_error=error)

    result = status()

    given_up = [each for each in result.output.splitlines() if each.startswith("given up:")]
    assert given_up == [
        "given up:  2 replies with blocked, the last 5 min ago",
        "given up:  1 replies with http_400, the last 5 min ago",
    ]
    assert result.exit_code == 0


def test_log_that_stands_still_is_an_alarm(at_work, settings):
    checkpoint = settings.HOME / "log" / "2026" / "checkpoint"
    checkpoint.parent.mkdir(parents=True, exist_ok=True)
    send(now=timezone.now() - timedelta(hours=1))
    Rota(JOBS).tick()
    (found,) = (settings.HOME / "log").glob("*/checkpoint")
    found.write_text("nonsense")

    result = status()

    assert result.exit_code == 1
    assert "the log stands still (unreadable)" in result.output


def test_status_has_no_text_and_no_address(at_work):
    send("Bí mật của tôi là gì?", channel="telegram", address="777000111")
    Reply.objects.update(last_error="blocked", gave_up_at=timezone.now())

    said = status().output

    assert "Bí mật" not in said
    assert "777000111" not in said


# --- sangto check ----------------------------------------------------------------------------------------------------


def test_check_warns_when_nobody_works_and_is_content_when_somebody_does():
    without = list(checks._work())
    actions.beat("a", now=timezone.now())

    assert [state for state, _said in without] == [checks.WARN]
    assert list(checks._work()) == [(checks.OK, "workers seen in the last minute: 1")]


@pytest.mark.parametrize(("tries", "state"), [(1, checks.WARN), (8, checks.BAD)])
def test_check_tells_of_a_failing_job(tries, state):
    now = timezone.now()
    actions.jobs_known({"sweep": 60}, now=now)
    for _ in range(tries):
        actions.note_failure("sweep", error="OSError", now=now)

    (said, *_rest) = checks._work()

    assert said == (state, f"the job sweep fails: OSError, {tries} times in a row; see `sangto worker status`")


@pytest.mark.parametrize(
    ("reserve_mb", "states"), [(1, {checks.OK}), (10**9, {checks.BAD})], ids=["much room", "no room"]
)
def test_check_looks_at_each_disk(settings, reserve_mb, states):
    settings.DISK_RESERVE_MB = reserve_mb

    looked = list(checks._room())

    assert {state for state, _said in looked} == states
    assert {said.split(" for the ")[1].split()[0] for _state, said in looked} >= {"data", "log"}


def test_check_warns_before_it_is_too_late_and_tells_of_the_ballast(settings, monkeypatch):
    settings.DISK_RESERVE_MB = 100
    actions.keep_room()
    kept = [said for _state, said in checks._room()]
    monkeypatch.setattr("sangto.desk.queries.room.space.free_bytes", lambda folder: 150 * space.MB)

    warned = list(checks._room())

    assert any(said.endswith("and 1 MB are kept back") for said in kept)
    assert {state for state, _said in warned} == {checks.WARN}
    assert all(said.endswith("below 100 no message is taken in") for _state, said in warned)
