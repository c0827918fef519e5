"""A stand-in for the Bot API on loopback: it takes every `sendMessage`, and fails as a test tells it to."""

import json
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

FIXTURES = Path(__file__).parent / "fixtures" / "telegram"
TOKEN = "4815162342:canary-token-AAE"
SECRET = "a_secret-for_the_hook"
FINE = (200, {"ok": True, "result": {}})
BLOCKED = (403, {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked by the user"})
NO_CHAT = (400, {"ok": False, "error_code": 400, "description": "Bad Request: chat not found"})
BROKEN = (500, {"ok": False, "error_code": 500, "description": "Internal Server Error"})
NUMBER = re.compile(r"\bM\d{4}-\d{6,}\b")


def too_many(retry_after: object) -> tuple[int, dict[str, Any]]:
    return 429, {"ok": False, "error_code": 429, "parameters": {"retry_after": retry_after}}


def recorded(name: str) -> dict[str, Any]:
    """A recorded update."""
    return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


@dataclass
class BotApi:
    """What the stand-in was sent, and what it will answer: the failures in turn, then always fine."""

    url: str = ""
    paths: list[str] = field(default_factory=list)
    letters: list[dict[str, Any]] = field(default_factory=list)  # those that were taken
    failures: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    delay_s: float = 0.0

    def take(self, path: str, letter: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self.paths.append(path)
        time.sleep(self.delay_s)
        if self.failures:
            return self.failures.pop(0)
        self.letters.append(letter)
        return FINE

    def numbers(self) -> list[str]:
        """The Message's number in each letter that was taken."""
        return [number for letter in self.letters for number in NUMBER.findall(letter["text"])]


@pytest.fixture
def bot_api(settings: Any) -> Iterator[BotApi]:
    """A running stand-in, with the desk's settings pointing at it."""
    from sangto.channels.registry import HOOKS

    api = BotApi()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            letter = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, answer = api.take(self.path, letter)
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    api.url = f"http://127.0.0.1:{server.server_port}"
    settings.TELEGRAM_API, settings.TELEGRAM_TOKEN, settings.TELEGRAM_SECRET = api.url, TOKEN, SECRET
    yield api
    HOOKS["telegram"].close()  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()
