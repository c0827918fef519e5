"""The real desk as its operator starts it: `sangto serve`, spoken to by HTTP; and how it dies."""

import http.client
import os
import signal
import socket
import subprocess
import threading
import time
from contextlib import suppress

from tests.faults.homes import Home
from tests.faults.people import Died, Said

READY_S = 60
ANSWER_S = 30


class Served:
    """One running desk. `http` raises Died when there is no answer; connections are kept, one for each thread."""

    def __init__(self, home: Home, *words: str, **more: str) -> None:
        self.port = free_port()
        self.home, self.words = home, words or ("serve",)
        self.more = {"SANGTO_BIND": f"127.0.0.1:{self.port}", **more}
        self.kept = threading.local()
        self.program: subprocess.Popen[bytes] | None = None

    def start(self, **more: str) -> None:
        """Start it, and wait until it answers or is dead."""
        self.program = self.home.start(*self.words, **self.more, **more)
        deadline = time.monotonic() + READY_S
        while time.monotonic() < deadline and self.program.poll() is None:
            with suppress(Died):
                self.http("GET", "/robots.txt", {}, b"")
                return
            time.sleep(0.05)

    @property
    def alive(self) -> bool:
        return self.program is not None and self.program.poll() is None

    def kill(self) -> bool:
        """SIGKILL for all of it, as a power cut; whether it still lived."""
        assert self.program
        lived = self.program.poll() is None
        with suppress(ProcessLookupError):
            os.killpg(self.program.pid, signal.SIGKILL)
        self.program.wait(ANSWER_S)
        return lived

    def stop(self) -> int | None:
        """SIGTERM, and its exit code; killed when it does not end."""
        assert self.program
        self.program.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            return self.program.wait(60)
        self.kill()
        return None

    def http(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Said:
        """One request over a kept connection; raises Died when the connection breaks before the answer is whole."""
        connection = getattr(self.kept, "connection", None)
        if connection is None:
            connection = self.kept.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_S)
        try:
            connection.request(method, path, body or None, headers)
            said = connection.getresponse()
            return Said(said.status, dict(said.headers), said.read())
        except (OSError, http.client.HTTPException):
            connection.close()
            self.kept.connection = None
            raise Died from None


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
