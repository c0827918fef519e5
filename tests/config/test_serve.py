"""The pages and the worker as two processes: the child ends with its parent, however that ends, and never for good."""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

import pytest

SANGTO = [sys.executable, "-c", "from sangto.config.cli import main; main()"]
PATIENCE_S = 60


def until(condition):
    """What the condition gives, once it gives something."""
    deadline = time.monotonic() + PATIENCE_S
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


@dataclass
class Desk:
    process: subprocess.Popen
    home: Path
    url: str
    log: Path

    def children(self):
        """The process ids of its children."""
        listed = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return [int(pid) for each in listed for pid in each.read_text().split()]


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def serve(tmp_path):
    started = []

    def start(*options):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            bind = f"127.0.0.1:{probe.getsockname()[1]}"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SANGTO_")}
        log = tmp_path / "desk.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [*SANGTO, "serve", "--migrate", "--bind", bind, *options],
                env={**kept, "SANGTO_HOME": str(tmp_path / "home"), "SANGTO_WORKER_TICK_MS": "50"},
                stdout=out,
                stderr=out,
            )
        desk = Desk(process, tmp_path / "home", f"http://{bind}/", log)
        started.append(desk)
        until(lambda: "ready" in log.read_text() or process.poll() is not None)
        return desk

    yield start
    for desk in started:
        for pid in [*desk.children(), desk.process.pid] if desk.process.poll() is None else []:
            os.kill(pid, signal.SIGKILL)
        desk.process.wait(PATIENCE_S)


def test_worker_is_a_child_and_has_made_keys_before_the_desk_is_ready(serve):
    desk = serve()

    (child,) = desk.children()
    assert "worker" in Path(f"/proc/{child}/cmdline").read_text()
    assert len(list((desk.home / "keys").glob("contact-*.key"))) == 8
    assert urlopen(desk.url).status == 200


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_both_end_cleanly(serve, how):
    desk = serve()
    (child,) = desk.children()

    desk.process.send_signal(how)

    assert desk.process.wait(PATIENCE_S) == 0
    assert not is_alive(child)
    assert "the worker ended" not in desk.log.read_text()


def test_child_ends_when_its_parent_is_killed(serve):
    desk = serve()
    (child,) = desk.children()

    desk.process.kill()
    desk.process.wait(PATIENCE_S)

    until(lambda: not is_alive(child))


def test_killed_child_is_started_again_after_a_pause_and_the_pages_go_on(serve):
    desk = serve()
    (first,) = desk.children()

    os.kill(first, signal.SIGKILL)
    (second,) = until(lambda: [each for each in desk.children() if each != first])

    assert is_alive(second)
    assert urlopen(desk.url).status == 200
    assert "the worker ended (code -9); it is started again in 2 s" in desk.log.read_text()


def test_without_a_worker_there_is_no_child_and_no_keystore(serve):
    desk = serve("--no-worker")

    assert desk.children() == []
    assert not (desk.home / "keys").exists()
    assert urlopen(desk.url).status == 200
    assert "there are no day keys: is the worker running?" in desk.log.read_text()


def test_attached_worker_ends_with_its_standard_input(tmp_path):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SANGTO_")}
    environment = {**kept, "SANGTO_HOME": str(tmp_path)}
    subprocess.run([*SANGTO, "migrate"], env=environment, check=True, capture_output=True)

    worker = subprocess.Popen([*SANGTO, "worker", "--attached"], env=environment, stdin=subprocess.PIPE)
    until((tmp_path / "keys").exists)
    worker.stdin.close()

    assert worker.wait(PATIENCE_S) == 0
