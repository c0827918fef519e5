"""A witness by other people (aics-witness, C2SP tlog-witness) on loopback, for a log's own client to talk to."""

import base64
import hashlib
import http.client
import json
import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.ledger.peers.environment import installed

NAME = "witness.example.org/peer"
START_TIMEOUT_S = 30
STOP_TIMEOUT_S = 20
ANSWER_TIMEOUT_S = 20


@dataclass(frozen=True)
class Answer:
    """What a witness answered to a request."""

    status: int
    kind: str  # the content type
    body: str


@dataclass(frozen=True)
class WitnessPeer:
    """A running witness: `url` is the submission prefix of C2SP tlog-witness, `vkey` its cosignature key."""

    url: str
    vkey: str
    config: Path

    def add_checkpoint(self, old: int, proof: list[bytes], checkpoint: str) -> Answer:
        """POST add-checkpoint, as C2SP tlog-witness describes it."""
        lines = [f"old {old}", *(base64.b64encode(node).decode() for node in proof), "", checkpoint]
        return self._ask("POST", "/add-checkpoint", "\n".join(lines))

    def checkpoint(self, origin: str) -> Answer:
        """GET the newest checkpoint that the witness has cosigned for a log; 404 when there is none."""
        return self._ask("GET", f"/{hashlib.sha256(origin.encode()).hexdigest()}/checkpoint")

    def evidence(self) -> list[dict]:
        """The requests that the witness kept because they prove a fork, with a `reason` each."""
        return json.loads(run("evidence", self.config))

    def _ask(self, method: str, path: str, body: str | None = None) -> Answer:
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=ANSWER_TIMEOUT_S)
        try:
            connection.request(method, parts.path + path, None if body is None else body.encode())
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers["Content-Type"], answer.read().decode())
        finally:
            connection.close()


@contextmanager
def witness_peer(folder: Path, *vkeys: str, name: str = NAME) -> Iterator[WitnessPeer]:
    """A witness that trusts the logs of these vkeys and keeps its key and database in a folder; it stops on leaving.

    Entered again with the same folder it is the same witness, and remembers what it cosigned. Raises Absent where
    aics-witness is not installed.
    """
    installed("aics-witness")
    folder.mkdir(parents=True, exist_ok=True)
    config, log = folder / "witness.json", folder / "witness.log"
    fresh = [] if config.exists() else ["--name", name]
    vkey = run("init", config, *fresh).strip()
    trust(config, vkeys)
    with log.open("w") as out:
        server = subprocess.Popen(command("serve", config, "--listen", "127.0.0.1:0"), stderr=out, env=environment())
    try:
        yield WitnessPeer(address(server, log), vkey, config)
    finally:
        stop(server)


def trust(config: Path, vkeys: tuple[str, ...]) -> None:
    """Have the witness trust exactly these logs, whose origins are the names of their keys."""
    settings = json.loads(config.read_text())
    settings["logs"] = [{"origin": vkey.partition("+")[0], "vkeys": [vkey]} for vkey in vkeys]
    config.write_text(json.dumps(settings))


def command(verb: str, config: Path, *arguments: str) -> list[str]:
    return [str(installed("aics-witness")), verb, "--config", str(config), *arguments]


def environment() -> dict[str, str]:
    """Ours, without what would give the witness another key or configuration."""
    return {name: value for name, value in os.environ.items() if not re.match("(AICS_)?WITNESS_|PYTHON", name)}


def run(verb: str, config: Path, *arguments: str) -> str:
    """What a command of aics-witness prints; raises CalledProcessError when it fails."""
    told = subprocess.run(
        command(verb, config, *arguments), check=True, text=True, stdout=subprocess.PIPE, env=environment()
    )
    return told.stdout


def address(server: subprocess.Popen, log: Path) -> str:
    """The address that the witness says it listens on, once it does; raises RuntimeError when it does not start."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and server.poll() is None:
        if said := re.search(r"listening on (\S+) ", log.read_text()):
            return said[1]
        time.sleep(0.02)
    raise RuntimeError(f"the witness did not start:\n{log.read_text()}")


def stop(server: subprocess.Popen) -> None:
    """Stop the witness, at once when it dawdles."""
    server.terminate()
    try:
        server.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
