"""Verifier: aics-tlog, in `.venv-peers`."""

import json
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.ledger.peers.environment import installed
from tests.ledger.peers.published import Published, Receipt
from tests.ledger.peers.verdict import Program, Verdict


def aics(published: Published, url: str = "") -> Verdict:
    """Verifies the checkpoint with its quorum, all tiles and entries, older checkpoints, and each receipt twice: the
    proof that is computed from the tiles, and the receipt's own. With a URL, checkpoint and tiles come from there.

    Raises Absent where aics-tlog is missing.
    """
    installed("aics-tlog")
    verdict = Verdict("aics")
    receipts = verdict.receipts(published)
    with tempfile.TemporaryDirectory() as scratch, Program("in_aics.py") as program:
        run = Run(published, verdict, receipts, Path(scratch), url or str(published.directory), program.ask)
        run.write()
        parts = [run.head(), run.served(), run.older(), run.proofs(run.by_tiles())]
    verdict.said = ", ".join(parts)
    return verdict


@dataclass
class Run:
    """One run over a log: its command lines, in batches, as starting it for each would take long."""

    published: Published
    verdict: Verdict
    receipts: list[Receipt]
    scratch: Path
    tiles: str
    ask: Callable[[Iterable[list]], list[dict]]

    def write(self) -> None:
        """Write the files that its commands take: the policy, and each receipt's checkpoint and hashes."""
        quorum, witnesses = self.published.policy.terms
        (self.scratch / "policy").write_text(json.dumps({"quorum": quorum, "witnesses": witnesses}))
        for number, receipt in enumerate(self.receipts):
            (self.scratch / f"{number}.note").write_text(receipt.checkpoint, encoding="utf-8")
            (self.scratch / f"{number}.hashes").write_text("".join(f"{line}\n" for line in receipt.hashes))

    @property
    def trust(self) -> list[str]:
        """Its options for key and quorum. It refuses a key file that lies beside the tiles, so the key is spelled out.
        Of quorums it knows "k of n": nested groups are asked for by their least number, none at all is no policy to it.
        """
        keys = ["--log-key", self.published.vkey, "--origin", self.published.origin]
        if self.published.policy.terms[0]:
            return [*keys, "--policy-file", str(self.scratch / "policy")]
        witnesses = self.published.policy.witnesses.values()
        return [*keys, *(word for vkey in witnesses for word in ("--witness-key", vkey))]

    def head(self) -> str:
        """Check the signatures of the newest checkpoint."""
        note = str(self.published.directory / "checkpoint")
        (answer,) = self.ask([["cli", "verify-checkpoint", "--note", note, *self.trust]])
        self.verdict.check("checkpoint", answer)
        return f"size {answer.get('size')}, {answer.get('cosignatures')} cosignatures"

    def served(self) -> str:
        """Check that the source of the tiles serves that same checkpoint, and the whole tree under it."""
        note = str(self.published.directory / "checkpoint")
        command = ["cli", "verify-checkpoint", "--tiles", self.tiles, *self.trust]
        walk, here, there = self.ask([["walk", self.tiles, note], [*command, "--note", note], command])
        self.verdict.check("tiles", walk)
        self.verdict.check("checkpoint as served", there, size=here.get("size"), root=here.get("root"))
        return f"{walk.get('tiles')} tiles and {walk.get('bundles')} bundles walked"

    def older(self) -> str:
        """Check that the newest checkpoint continues the older ones."""
        command = ["cli", "verify-consistency", "--tiles", self.tiles, *self.trust, "--old-checkpoint"]
        older = self.published.older
        answers = self.ask([*command, str(path)] for path in older)
        good = [
            self.verdict.check(f"checkpoints/{path.name}", answer, old_size=int(path.name))
            for path, answer in zip(older, answers, strict=True)
        ]
        return f"{sum(good)} older checkpoints"

    def by_tiles(self) -> list[str]:
        """Have it prove each receipt's index from the tiles; returns the leaf hashes, which must be the receipts'."""
        command = ["cli", "verify-inclusion", "--tiles", self.tiles, *self.trust]
        jobs = [[*command, *self.place(number, receipt)] for number, receipt in enumerate(self.receipts)]
        answers = self.ask(jobs)
        for receipt, answer in zip(self.receipts, answers, strict=True):
            wanted = {"leaf_hash": receipt.leaf_hash} if receipt.leaf_hash else {}
            self.verdict.check(f"{receipt.name} by tiles", answer, **wanted)
        return [answer.get("leaf_hash", "") for answer in answers]

    def proofs(self, leaf_hashes: list[str]) -> str:
        """Check the receipts' own proofs, without tiles."""
        jobs = []
        for number, receipt in enumerate(self.receipts):
            proof = ["--proof", str(self.scratch / f"{number}.hashes")]
            leaf_hash = ["--leaf-hash", receipt.leaf_hash or leaf_hashes[number]]
            jobs.append(["cli", "verify-inclusion", *self.trust, *self.place(number, receipt), *proof, *leaf_hash])
        answers = zip(self.receipts, self.ask(jobs), strict=True)
        good = [self.verdict.check(receipt.name, answer, checkpoint_verified=True) for receipt, answer in answers]
        return f"{sum(good)} proofs"

    def place(self, number: int, receipt: Receipt) -> list[str]:
        return ["--index", str(receipt.index), "--checkpoint", str(self.scratch / f"{number}.note")]
