"""The verifier that strangers run, run on what this desk would hand them today. It shares no code with the desk."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from sangto.desk.queries.publications import publication_file, sample_of_publications
from sangto.desk.queries.receipts import sample_of_receipts
from sangto.engine.findings import Finding, Looked
from sangto.ledger.queries import shards

SAMPLE = 10
TIMEOUT_S = 60


def receipts() -> Looked:
    """A sample of the Receipts that could be handed out now, of messages and of their outcomes."""
    return _verified("receipt", ((number, file.encode()) for number, file in sample_of_receipts(SAMPLE)))


def publications() -> Looked:
    """A sample of the files of published versions, with their proofs."""
    files = ((f"{number} version {n}", publication_file(number, n)) for number, n in sample_of_publications(SAMPLE))
    return _verified(
        "answer", ((what, json.dumps(file).encode()) for what, file in files if file and file.get("proof"))
    )


def _verified(kind: str, files: Iterable[tuple[str, bytes]]) -> Looked:
    with tempfile.NamedTemporaryFile("w", prefix="sangto-policy-") as policy:
        policy.write("".join(f"log {each.vkey}\n" for each in shards()) + "quorum none\n")
        policy.flush()
        for what, file in files:
            yield None if _is_valid(kind, file, policy.name) else Finding(f"{kind}_invalid", what)


def _is_valid(kind: str, file: bytes, policy: str) -> bool:
    """What the program says. A Receipt goes through a pipe: it opens a leaf, and must not lie about in a file."""
    program = Path(settings.PACKAGE) / "ledger" / "verify_desk.py"
    command = [sys.executable, "-I", str(program), kind, "/dev/stdin", "--policy", policy]
    return not subprocess.run(command, input=file, capture_output=True, check=False, timeout=TIMEOUT_S).returncode  # noqa: S603
