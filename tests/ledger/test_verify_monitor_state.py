"""What `monitor` keeps between its runs: whole, or as it was before; also when it is killed."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sangto.ledger import verify_desk as verify
from tests.ledger.naive import ORIGIN, NaiveDesk, policy, put
from tests.ledger.serving import folder_replies, served
from tests.ledger.watched import COUNTS, GOOD, NOW, Watched, log_line


@pytest.fixture
def watched(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(verify, "clock", lambda: NOW)
    return Watched(tmp_path, capsys)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"{}", b"null", b"\xff", b"[" * 10**5])
def test_state_that_is_none_cannot_be_told(watched, data):
    path = watched.folder / "state/state.json"
    put(path, data)

    status, english, vietnamese = watched.look_twice()

    assert (status, english) == (2, [f"Cannot tell: the state kept in {path} cannot be understood."])
    assert vietnamese == [f"Chưa kết luận được: không hiểu được trạng thái đã lưu trong {path}."]


def test_state_of_another_type_cannot_be_told(watched):
    watched.look()
    for field in watched.state:
        put(watched.folder / "state/state.json", json.dumps({**watched.state, field: None}).encode())
        before = watched.state

        assert watched.look()[0] == 2
        assert watched.state == before
        fresh = {**before, field: type_of(field)}
        put(watched.folder / "state/state.json", json.dumps(fresh).encode())


def type_of(field: str) -> object:
    """An empty value of the type that a field of the state has."""
    texts, lists = ("origin", "note", "ts", "next"), ("edge", "before", "announced", "days", "faults")
    return 0 if field in ("v", "size") else "" if field in texts else [] if field in lists else {}


def test_state_that_cannot_be_read_cannot_be_told(watched):
    (watched.folder / "state/state.json").mkdir(parents=True)

    assert watched.look() == (2, [f"Cannot tell: {watched.folder}/state/state.json cannot be read."])


def test_state_that_cannot_be_written_is_told(watched):
    put(watched.folder / "state", b"a file where the folder should be")

    status, english, vietnamese = watched.look_twice()

    path = watched.folder / "state/state.json"
    assert (status, english[-1]) == (2, f"Cannot tell: {path} cannot be read.")
    assert vietnamese[-1] == f"Chưa kết luận được: không đọc được {path}."


def test_folder_that_cannot_be_written_is_told(watched, monkeypatch):
    def full(*_args: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(verify.os, "fsync", full)

    status, english, vietnamese = watched.look_twice()

    path = watched.folder / "state/state.json"
    assert (status, english) == (2, [log_line(14), f"Cannot tell: {path} cannot be written."])
    assert vietnamese[-1] == f"Chưa kết luận được: không ghi được vào {path}."
    assert not path.exists()


def test_run_that_is_stopped_leaves_the_old_state(watched, monkeypatch):
    watched.look()
    before = (watched.folder / "state/state.json").read_bytes()
    watched.desk.publish("2026-000050")
    watched.write()

    def stopped(*_args: object) -> None:
        raise KeyboardInterrupt

    for name in ("fsync", "replace"):
        with monkeypatch.context() as patch:
            patch.setattr(*((verify.os, name) if name == "fsync" else (Path, name)), stopped)
            assert watched.look()[0] == 2
        assert (watched.folder / "state/state.json").read_bytes() == before
    assert watched.look() == (0, [log_line(15), COUNTS, "Valid: everything fits; answer versions checked: 4."])


def test_network_that_goes_away_leaves_what_was_read(watched):
    whole = folder_replies(watched.root)
    with served(lambda path: (500, {}, b"") if "/v" in path else whole(path)) as address:
        watched.look(address)

    assert watched.state["size"] == 14
    assert watched.look() == (0, GOOD)


@pytest.mark.parametrize("requests", [1, 2, 3, 4, 150, 300])
def test_killed_run_can_be_run_again(watched, requests):
    for number in range(300):
        watched.desk.publish(f"2026-{number + 1000:06}", "2026-11-21T11:00:00Z")
    watched.write()
    whole, asked, running = folder_replies(watched.root), [], []

    def deadly(path: str):
        asked.append(path)
        if len(asked) == requests:
            running[0].send_signal(signal.SIGKILL)
        return whole(path)

    with served(deadly) as address:
        argv = [sys.executable, verify.__file__, *map(str, watched.argv(address))]
        running.append(subprocess.Popen(argv, stdout=subprocess.DEVNULL, env={**os.environ, "no_proxy": "*"}))
        status = running[0].wait()

    path = watched.folder / "state/state.json"
    assert (status, path.exists()) == (-signal.SIGKILL, requests > 4)
    assert watched.look() == (0, [log_line(314), COUNTS, "Valid: everything fits; answer versions checked: 303."])


def test_two_desks_do_not_share_a_state(watched, tmp_path):
    watched.look()
    other = NaiveDesk("other.example.org/log/2026")
    other.write(tmp_path / "other")
    put(watched.root / "log/policy", policy([other.log.key]).encode())

    assert watched.look(tmp_path / "other") == (
        1,
        [f"Not valid: the checkpoints belong to two logs: {ORIGIN} and {other.origin}."],
    )
