"""Verifier: tlog-scales, in `.venv-peers`. What it is for: the proofs that it makes itself are ours, byte for byte."""

import base64
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.ledger.peers.environment import installed
from tests.ledger.peers.published import Published, Receipt
from tests.ledger.peers.verdict import Program, Verdict


def scales(published: Published) -> Verdict:
    """Verifies the root, signatures and older checkpoints, and compares its proof and leaf for each receipt with ours.

    Raises Absent where tlog-scales is missing.
    """
    installed("tlog-tiles")
    verdict = Verdict("scales")
    receipts = verdict.receipts(published)
    with tempfile.TemporaryDirectory() as scratch, Program("in_scales.py") as program:
        places = [place(published, receipt.checkpoint, Path(scratch)) for receipt in receipts]
        run = Run(published, verdict, dict(zip(receipts, places, strict=True)), program.ask)
        parts = [run.root(), run.older(), run.proofs()]
        run.signatures()
        run.leaves()
    verdict.said = ", ".join(parts)
    return verdict


def home(published: Published) -> str:
    """Where the log is, as it wants to be told: a path from the root."""
    return str(published.directory.resolve())


def place(published: Published, checkpoint: str, scratch: Path) -> str:
    """A directory with the log's tiles and a receipt's checkpoint: it takes none but the one beside the tiles."""
    directory = Path(tempfile.mkdtemp(dir=scratch))
    (directory / "tile").symlink_to((published.directory / "tile").resolve())
    (directory / "checkpoint").write_text(checkpoint, encoding="utf-8")
    return str(directory)


@dataclass
class Run:
    """One run over a log and its receipts, each with its place."""

    published: Published
    verdict: Verdict
    places: dict[Receipt, str]
    ask: Callable[[Iterable[list]], list[dict]]

    def root(self) -> str:
        """Have the root recomputed from the tiles, and every entry held against its tile."""
        root, entries = self.ask([[job, home(self.published)] for job in ("root", "entries")])
        self.verdict.check("tiles", root)
        self.verdict.check("tiles: entries", entries)
        return f"size {root.get('said')}, {entries.get('said')} entries in their tiles"

    def signatures(self) -> None:
        """Check that the log and enough witnesses signed the newest checkpoint and those of the receipts."""
        quorum, counting = self.published.policy.terms
        where = {"checkpoint": home(self.published), **{receipt.name: at for receipt, at in self.places.items()}}
        answers = self.ask(["signed", at, [self.published.vkey, *counting]] for at in where.values())
        for what, answer in zip(where, answers, strict=True):
            signers = set(answer.get("said", []))
            good = self.verdict.check(what, answer)
            if good and (self.published.origin not in signers or len(signers) <= quorum):
                self.verdict.refuse(what, f"signed by {sorted(signers)} only")

    def older(self) -> str:
        """Check that the newest checkpoint continues the older ones."""
        older = self.published.older
        jobs = [["extends", home(self.published), path.read_text(encoding="utf-8")] for path in older]
        good = [
            self.verdict.check(f"checkpoints/{path.name}", answer, said=int(path.name))
            for path, answer in zip(older, self.ask(jobs), strict=True)
        ]
        return f"{sum(good)} older checkpoints"

    def proofs(self) -> str:
        """Compare the proofs that it makes with the receipts."""
        answers = self.ask(["proof", at, receipt.index] for receipt, at in self.places.items())
        good = [
            self.verdict.check(f"{receipt.name} byte for byte", answer, said=receipt.without_extra)
            for receipt, answer in zip(self.places, answers, strict=True)
        ]
        return f"{sum(good)} proofs byte for byte"

    def leaves(self) -> None:
        """Compare the leaves that it finds with those of the receipts' extra lines."""
        answers = self.ask(["leaf", at, receipt.index] for receipt, at in self.places.items())
        for receipt, answer in zip(self.places, answers, strict=True):
            wanted = {"said": base64.b64encode(receipt.leaf).decode()} if receipt.leaf else {}
            self.verdict.check(f"{receipt.name}: leaf", answer, **wanted)
