"""Verifier: golang.org/x/mod/sumdb, `note` and `tlog`, as Debian packages them, by `verify.go`."""

import subprocess

from tests.ledger.peers.environment import go_verifier
from tests.ledger.peers.published import Published
from tests.ledger.peers.verdict import TIMEOUT_S, Verdict


def go(published: Published) -> Verdict:
    """Verifies every signature, proof, tile and entry; raises Absent where Go is missing."""
    program = [go_verifier(), published.directory]
    ran = subprocess.run(program, capture_output=True, text=True, check=False, timeout=TIMEOUT_S)
    if ran.returncode == 0:
        return Verdict("go", ran.stdout.strip())
    if ran.returncode != 1 or not ran.stdout.startswith("refused: "):
        raise RuntimeError(f"the Go verifier failed: {ran.stdout}{ran.stderr}")
    return Verdict("go", refused=ran.stdout.splitlines())
