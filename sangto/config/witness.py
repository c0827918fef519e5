"""`sangto ledger witness`: cosign the checkpoints of neighbouring desks, over HTTP (C2SP tlog-witness)."""

import signal
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Any

import click
import waitress  # type: ignore[import-untyped]
from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from sangto.engine.merkle.notes import Signer, is_name
from sangto.engine.merkle.policies import Policy
from sangto.ledger import actions, queries
from sangto.ledger.actions import Verdict
from sangto.ledger.keystore import KeyLost, our_witness

MOST_BODY_BYTES = 64 * 1024
REASONS = {200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
           409: "Conflict", 413: "Content Too Large", 422: "Unprocessable Content"}  # fmt: skip
Start = Callable[[str, list[tuple[str, str]]], Any]


class Witness:
    """The witness as a WSGI program: `POST /add-checkpoint`, and `GET /<hex sha256 of an origin>/checkpoint`."""

    def __init__(self, logs: Policy, signer: Signer) -> None:
        self.logs, self.signer = logs, signer
        self.origins = {sha256(key.name.encode()).hexdigest(): key.name for key in logs.logs}

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """The answer to one request."""
        close_old_connections()
        verdict = self._answer(environ)
        close_old_connections()
        body = verdict.text.encode()
        start(f"{verdict.status} {REASONS[verdict.status]}", [("Content-Type", verdict.type),
                                                              ("Content-Length", str(len(body)))])  # fmt: skip
        return [body]

    def _answer(self, environ: dict[str, Any]) -> Verdict:
        path, method = environ.get("PATH_INFO", ""), environ.get("REQUEST_METHOD", "")
        if path == "/add-checkpoint":
            return self._cosign(environ) if method == "POST" else Verdict(405, "POST a checkpoint here\n")
        origin = self.origins.get(path.removeprefix("/").removesuffix("/checkpoint"))
        note = queries.neighbour_checkpoint(origin, self.signer) if origin and method == "GET" else None
        return Verdict(200, note) if note else Verdict(404, "nothing here\n")

    def _cosign(self, environ: dict[str, Any]) -> Verdict:
        body = environ["wsgi.input"].read(MOST_BODY_BYTES + 1)
        if len(body) > MOST_BODY_BYTES:
            return Verdict(413, "the request is too long\n")
        return actions.cosign(body, logs=self.logs, signer=self.signer, now=timezone.now())


def witness(bind: str, *, name: str) -> int:
    """Serve until told to stop; exit code 1 when it cannot be started."""
    logs = Policy.read(settings.LEDGER_NEIGHBOURS) if settings.LEDGER_NEIGHBOURS else Policy()
    if not logs.logs:
        return _refuse("name the neighbours' logs in SANGTO_LEDGER_NEIGHBOURS (a policy file)")
    if not is_name(name):
        return _refuse("a witness's name has no space and no plus, such as witness.example.org/w1")
    try:
        signer = our_witness(name)
    except KeyLost:
        return _refuse("the witness's key is damaged: bring it back from a copy")
    if signer.name != name:
        return _refuse(f"this desk's witness is called {signer.name}, for good")
    host, _, port = bind.rpartition(":")
    try:
        server = waitress.create_server(Witness(logs, signer), host=host, port=int(port), threads=4, ident=None)
    except (OSError, ValueError) as error:
        return _refuse(f"cannot listen on {bind}: {error}")
    click.echo(f"witness of {len(logs.logs)} logs at {bind}; its key, for their policies:\n{signer.key.vkey}")
    signal.signal(signal.SIGTERM, _leave)
    server.run()
    return 0


def _refuse(why: str) -> int:
    click.echo(f"sangto: {why}", err=True)
    return 1


def _leave(_signal: int, _frame: object) -> None:
    raise SystemExit(0)
