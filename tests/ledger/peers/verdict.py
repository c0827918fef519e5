"""What a foreign verifier says of a published log, and how those in `.venv-peers` are asked."""

import json
import os
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.ledger.peers.environment import HERE, PYTHON
from tests.ledger.peers.published import Published, Receipt, receipt

TIMEOUT_S = 300


@dataclass
class Verdict:
    """What a verifier says of a log: accepted when it refused nothing."""

    peer: str
    said: str = ""
    refused: list[str] = field(default_factory=list)

    @property
    def accepted(self) -> bool:
        return not self.refused

    def lines(self) -> str:
        """One line when all was accepted, and else one for each refusal."""
        return "\n".join(f"{self.peer}: {line}" for line in self.refused or [f"accepts {self.said}"])

    def refuse(self, what: str, why: str) -> bool:
        """Note a refusal; returns False, for "not accepted"."""
        self.refused.append(f"refused: {what}: {why}")
        return False

    def check(self, what: str, answer: dict, **wanted: object) -> bool:
        """Note a refusal by the peer, or an answer other than the one wanted; returns whether there was none."""
        got = {name: answer.get(name) for name in wanted}
        if answer["ok"] and got == wanted:
            return True
        return self.refuse(what, answer.get("error") or f"{got}, not {wanted}")

    def receipts(self, published: Published) -> list[Receipt]:
        """The log's receipts; a file that is none is a refusal."""
        found = []
        for path in published.receipts:
            try:
                found.append(receipt(f"receipts/{path.name}", path.read_bytes().decode()))
            except ValueError as error:
                self.refuse(f"receipts/{path.name}", str(error))
        return found


@dataclass
class Program:
    """A program of ours that runs in `.venv-peers` while the context lasts: one job a line, one answer a line."""

    name: str

    def __enter__(self) -> "Program":
        # Reading this machine's certificates for each command takes most of a run's time, and nothing here is TLS.
        quick = {**os.environ, "SSL_CERT_FILE": os.devnull, "SSL_CERT_DIR": os.devnull}
        command = [PYTHON, "-I", HERE / self.name]
        self.running = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=quick)
        return self

    def ask(self, jobs: Iterable[list]) -> list[dict]:
        """The answers to jobs, in their order; raises RuntimeError when the program ends instead."""
        return [self._ask(json.dumps(job)) for job in jobs]

    def _ask(self, job: str) -> dict:
        assert self.running.stdin and self.running.stdout
        self.running.stdin.write(f"{job}\n")
        self.running.stdin.flush()
        answer = self.running.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self.name} ended at {job}")
        return json.loads(answer)

    def __exit__(self, *_error: object) -> None:
        self.running.communicate(timeout=TIMEOUT_S)
