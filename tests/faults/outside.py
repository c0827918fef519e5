"""The world outside the desk, as a program of its own: a Bot API that takes letters, and a witness of the log.

`python -m tests.faults.outside` prints its port. Everything is kept by the name of a home, in memory, so that nothing
that happens to a desk can touch it. It shares no code with the desk but the signature of a note.
"""

import json
import re
import sys
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from sangto.engine.merkle.notes import WITNESS, Signer
from sangto.ledger.verify_desk import Finding, check_consistency, read_head, unbase64

SIGNER = Signer("outside.example.org/w1", WITNESS, b"the witness outside".ljust(32, b"."))
BOT = re.compile(r"/bot\d+:([\w-]+)/sendMessage")
ADD = re.compile(r"/w/([\w-]+)/add-checkpoint")


@dataclass
class Seen:
    """What came from one home: letters in their order; for each log the newest size and root; what was refused."""

    letters: list[dict] = field(default_factory=list)
    logs: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    forks: list[str] = field(default_factory=list)


class World:
    """All homes; one request at a time changes it."""

    def __init__(self) -> None:
        self.homes: dict[str, Seen] = {}
        self.lock = threading.Lock()

    def answer(self, path: str, body: bytes) -> tuple[int, bytes]:
        """HTTP status and body."""
        with self.lock:
            if found := BOT.fullmatch(path):
                self._home(found[1]).letters.append(json.loads(body))
                return 200, b'{"ok": true, "result": {}}'
            if found := ADD.fullmatch(path):
                return self._cosign(self._home(found[1]), body.decode())
            if path.startswith("/seen/"):
                seen = self._home(path.removeprefix("/seen/"))
                return 200, json.dumps({"letters": seen.letters, "forks": seen.forks}).encode()
            return 404, b""

    def _home(self, name: str) -> Seen:
        return self.homes.setdefault(name, Seen())

    def _cosign(self, home: Seen, body: str) -> tuple[int, bytes]:
        head, _, note = body.partition("\n\n")
        first, *hashes = head.split("\n")
        text = note.partition("\n\n")[0] + "\n"
        origin, size, root = read_head(text)
        old, held_root = home.logs.get(origin, (0, b""))
        if int(first.removeprefix("old ")) != old:
            return 409, f"{old}\n".encode()
        try:
            if old:
                check_consistency(old, size, held_root, root, [unbase64(each) for each in hashes])
        except Finding as finding:
            home.forks.append(f"{origin} {old} to {size}: {finding.code}")
            return 422, b""
        home.logs[origin] = (size, root)
        return 200, (SIGNER.cosigned(text, at=1795342500) + "\n").encode()


def serve() -> None:
    """Serve until the input is closed, so that it ends with whoever started it."""
    world = World()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, answer = world.answer(self.path, body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST

        def log_message(self, *args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    serve()
