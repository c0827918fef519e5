"""How many messages a desk takes in a second, for a minute: `python -m bench.intake [--database postgresql]`.

A desk with published answers, its web processes and its worker, on this machine alone: each message goes over HTTP
through the API, is redacted, matched, sealed where it has an address, joined to a Case, logged and on the disk before
its 201. Ledger, vault, matching and worker are on, with a batch of the log each minute. The senders run on the same
cores. Prints messages a second, the time an answer took, and what the desk holds afterwards beside what was answered;
exits 1 when the two differ.
"""

import argparse
import http.client
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np

from bench.ask import prepare
from bench.corpus import Corpus, real_words
from tests.postgres import server_binaries, throwaway_server

FIRST_PORT = 8311
START_S = 120
COMMAND = [sys.executable, "-c", "from sangto.config.cli import main; main()"]
UNLIMITED = {"SANGTO_LIMIT_INTAKE": "off"}  # all senders here have one address


class Senders:
    """So many connections that send message after message until the time is over, and what was answered."""

    def __init__(self, texts: list[str], *, ports: list[int], seconds: int) -> None:
        self.texts, self.ports = iter(texts), ports
        self.until = time.monotonic() + seconds
        self.lock = threading.Lock()
        self.statuses: Counter[int] = Counter()
        self.took_ms: list[float] = []
        self.numbers: set[str] = set()

    def run(self, connections: int) -> None:
        """Returns when every connection has had its last answer."""
        threads = [threading.Thread(target=self._send, args=(at,)) for at in range(connections)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()

    def _send(self, at: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.ports[at % len(self.ports)], timeout=60)
        while time.monotonic() < self.until and (text := self._next()):
            began = time.perf_counter()
            body = json.dumps({"text": text, "lang": "vi"})
            connection.request("POST", "/api/v1/messages", body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            answer = response.read()
            self._note(response.status, answer, took_ms=(time.perf_counter() - began) * 1000)
        connection.close()

    def _next(self) -> str | None:
        with self.lock:
            return next(self.texts, None)

    def _note(self, status: int, answer: bytes, *, took_ms: float) -> None:
        number = json.loads(answer)["number"] if status == 201 else ""
        with self.lock:
            self.statuses[status] += 1
            self.took_ms.append(took_ms)
            self.numbers |= {number} - {""}


def texts(answers: int, count: int) -> list[str]:
    """Messages about the answers, each of its own words: a third of them asks what nobody has asked before."""
    corpus = Corpus(real_words())
    known = [one.text for one in corpus.known_items(answers, count - count // 3)]
    new = [f"{one.text} {one.id}" for one in corpus.known_items(answers * 50, count // 3)]
    return [text for trio in zip(known[::2], known[1::2], new, strict=False) for text in trio]


@contextmanager
def processes(environment: dict[str, str], *, web: int) -> Iterator[list[int]]:
    """The ports of so many web processes that serve, beside one worker."""
    ports = list(range(FIRST_PORT, FIRST_PORT + web))
    with tempfile.TemporaryFile() as said, ExitStack() as stack:
        for arguments in [["worker"], *(["serve", "--no-worker", "--bind", f"127.0.0.1:{port}"] for port in ports)]:
            started = subprocess.Popen([*COMMAND, *arguments], env=environment, stdout=said, stderr=said)
            stack.callback(started.wait)
            stack.callback(started.terminate)
        for port in ports:
            _wait_for(port)
        yield ports


def _wait_for(port: int) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("GET", "/api/v1/answers?limit=1")
            connection.getresponse()
        except OSError:
            time.sleep(0.2)
        else:
            return
        finally:
            connection.close()
    raise SystemExit(f"nothing serves on port {port} after {START_S} s")


def report(senders: Senders, seconds: float) -> int:
    """Print what was reached; exit code 1 when the database holds another number of messages than were answered."""
    from django.db import connection  # noqa: PLC0415 - after `prepare`

    from sangto.desk.models import Message  # noqa: PLC0415
    from sangto.ledger.models import Leaf  # noqa: PLC0415

    connection.close()
    kept, leaves = Message.objects.count(), Leaf.objects.filter(kind="r").count()
    p50, p99 = np.percentile(senders.took_ms, (50, 99))
    print(f"{len(senders.numbers) / seconds:.0f} messages/s for {seconds:.0f} s; p50 {p50:.0f} ms, p99 {p99:.0f} ms")
    print(f"answered {dict(senders.statuses)}; kept {kept}, leaves {leaves}")
    return 0 if kept == leaves == len(senders.numbers) == senders.statuses[201] else 1


def run(asked: argparse.Namespace, home: Path, url: str) -> int:
    """Prepare, send, report."""
    environment = {"SANGTO_LEDGER_BATCH_MINUTES": "1", "SANGTO_LOG_LEVEL": "ERROR", **UNLIMITED}
    os.environ.update(environment | ({"SANGTO_DATABASE_URL": url} if url else {}))
    prepare(home, asked.answers)
    sent = texts(asked.answers, asked.seconds * 600)
    with processes(dict(os.environ), web=asked.processes) as ports:
        began = time.monotonic()
        senders = Senders(sent, ports=ports, seconds=asked.seconds)
        senders.run(asked.connections)
        seconds = time.monotonic() - began
        return report(senders, seconds)


def main() -> int:
    """Make the desk, measure, and leave nothing behind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--answers", type=int, default=2_000)
    parser.add_argument("--processes", type=int, default=2, help="web processes")
    parser.add_argument("--connections", type=int, default=8)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as home, ExitStack() as stack:
        binaries = server_binaries() if asked.database == "postgresql" else None
        url = stack.enter_context(throwaway_server(binaries, durable=True)) if binaries else ""
        return run(asked, Path(home), url)


if __name__ == "__main__":
    sys.exit(main())
