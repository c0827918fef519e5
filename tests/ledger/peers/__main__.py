"""Have a published log verified by every foreign verifier: `python -m tests.ledger.peers DIR [URL]`.

Prints one line for each verifier that accepts, one for each refusal of one that does not, and a notice for those that
are not installed. Exits 0 when none refused, 1 when one did, 2 when none is installed. With a URL, aics-tlog reads the
tiles and the checkpoint from there.
"""

import sys
from pathlib import Path

from tests.ledger.peers.aics import aics
from tests.ledger.peers.environment import Absent, notice
from tests.ledger.peers.go import go
from tests.ledger.peers.published import Published
from tests.ledger.peers.scales import scales
from tests.ledger.peers.verdict import Verdict

VERIFIERS = {"go": go, "aics": aics, "scales": scales}


def run(directory: Path, url: str = "") -> tuple[list[Verdict], list[str]]:
    """The verdicts of the verifiers that are installed, and what the others lack."""
    verdicts, lacking = [], []
    for name, verify in VERIFIERS.items():
        options = {"url": url} if url and name == "aics" else {}
        try:
            verdicts.append(verify(Published(directory), **options))
        except Absent as absent:
            lacking.append(str(absent))
    return verdicts, lacking


def main(directory: str, url: str = "") -> int:
    """Print the verdicts; returns the exit status."""
    verdicts, lacking = run(Path(directory), url)
    print("\n".join(verdict.lines() for verdict in verdicts))
    if lacking:
        print(notice(lacking))
    if not verdicts:
        return 2
    return 0 if all(verdict.accepted for verdict in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
