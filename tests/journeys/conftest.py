"""A whole desk as an operator starts it, in a process of its own, and a browser to use it with."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page

from tests.channels.stand_in import SECRET, TOKEN, BotApi, bot_api  # noqa: F401 - a fixture
from tests.environment import LITTLE_ASKED_OF_THE_DISK

SANGTO = str(Path(sys.executable).with_name("sangto"))
PASSWORD = "correct horse battery"


@dataclass
class Desk:
    """A running desk: where it is, its data folder, and its process."""

    url: str
    home: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes]

    def command(self, *words: str) -> str:
        done = subprocess.run(
            [SANGTO, *words], env=self.environment, capture_output=True, text=True, timeout=120, check=True
        )
        return done.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def more_settings(request: pytest.FixtureRequest) -> dict[str, str]:
    """Settings of the desk that a test gives, by indirect parametrization."""
    return getattr(request, "param", {})


@pytest.fixture(scope="session")
def new_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a desk with two members that has never served: made once, copied for each desk."""
    home = tmp_path_factory.mktemp("new") / "home"
    prepare({**without_settings(), "SANGTO_HOME": str(home)})
    return home


def without_settings() -> dict[str, str]:
    """The environment without what was set for these tests themselves."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("SANGTO_")}
    return {**others, **LITTLE_ASKED_OF_THE_DISK}


@pytest.fixture
def desk(
    tmp_path: Path,
    new_home: Path,
    bot_api: BotApi,  # noqa: F811 - the fixture imported above
    more_settings: dict[str, str],
) -> Iterator[Desk]:
    """A desk with two members, Lan (editor) and Minh (approver), served with its worker."""
    port = free_port()
    home = tmp_path / "home"
    environment = {
        **without_settings(),
        "SANGTO_HOME": str(home),
        "SANGTO_BIND": f"127.0.0.1:{port}",
        "SANGTO_WORKER_TICK_MS": "100",
        "SANGTO_TELEGRAM_API": bot_api.url,
        "SANGTO_TELEGRAM_TOKEN": TOKEN,
        "SANGTO_TELEGRAM_SECRET": SECRET,
        **more_settings,
    }
    shutil.copytree(new_home, home, dirs_exist_ok=True)
    with (tmp_path / "desk.log").open("wb") as log:
        process = subprocess.Popen([SANGTO, "serve"], env=environment, stdout=log, stderr=log)
    running = Desk(f"http://localhost:{port}", home, environment, process)
    try:
        wait_until(lambda: is_up(running.url), what=f"the desk: {tmp_path / 'desk.log'}")
        yield running
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def prepare(environment: dict[str, str]) -> None:
    for words in (
        ["migrate"],
        ["member", "add", "lan", "--name", "Lan", "--role", "editor", "--password", PASSWORD],
        ["member", "add", "minh", "--name", "Minh", "--role", "approver", "--password", PASSWORD],
    ):
        subprocess.run([SANGTO, *words], env=environment, check=True, capture_output=True, timeout=120)


def is_up(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).is_success
    except httpx.TransportError:
        return False


def wait_until(holds: object, *, what: str, timeout_s: float = 30) -> None:
    end = time.monotonic() + timeout_s
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < end, f"waited too long for {what}"
        time.sleep(0.05)


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page_of(request: pytest.FixtureRequest, browser: Browser, desk: Desk) -> Iterator[object]:
    """A function that opens a fresh browser window of a person, with JavaScript and then without."""
    contexts = []

    def open_window(width: int = 1280) -> Page:
        context = browser.new_context(
            base_url=desk.url, java_script_enabled=request.param, viewport={"width": width, "height": 900}
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("response", lambda answer: answer.status < 500 or pytest.fail(f"{answer.status} {answer.url}"))
        return page

    yield open_window
    for context in contexts:
        context.close()
