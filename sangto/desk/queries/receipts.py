"""The proofs that a Message is in the log, and how it ended: for whoever has its secret link."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from sangto.desk.models import Message, Outcome
from sangto.engine.findings import spread
from sangto.engine.merkle.commitments import OUTCOME, RECEIPT, canonical, commitment, text_digest
from sangto.engine.merkle.proofs import ProofFile
from sangto.engine.merkle.tree import leaf_hash
from sangto.ledger import queries as log
from sangto.ledger import rules as leaves
from sangto.ledger.queries import Waiting


@dataclass(frozen=True)
class Receipt:
    """A proof file to take along, or when it will be ready; `ready_at` is None once it is."""

    kind: str  # of the leaf
    file: str
    ready_at: datetime | None

    @property
    def is_ready(self) -> bool:
        """Whether the file is there."""
        return self.ready_at is None


def receipt_of(message: Message) -> Receipt | None:
    """The Receipt of a Message: it was logged, and what it said. None once what opens it was deleted."""
    if message.opening is None:
        return None
    opening = received_opening(message, rid=message.opening.rid)
    return _receipt(leaves.RECEIVED, {"c": commitment_of(opening, salt=message.opening.salt)}, opening,
                    salt=message.opening.salt)  # fmt: skip


def outcome_receipt_of(message: Message) -> Receipt | None:
    """The Receipt of how a Message ended. None while it has not, or once what opens it was deleted."""
    ended = Outcome.objects.filter(message=message).first()
    if message.opening is None or ended is None:
        return None
    salt = message.opening.outcome_salt
    received = received_opening(message, rid=message.opening.rid)
    opening = outcome_opening(ended, received=commitment_of(received, salt=message.opening.salt))
    return _receipt(leaves.OUTCOME, outcome_fields(opening, salt=salt), opening, salt=salt)


def sample_of_receipts(most: int) -> Iterator[tuple[str, str]]:
    """Receipts that are ready, of Messages spread over all of them, and of how these ended: at most so many of each."""
    rows = Message.objects.filter(opening__isnull=False).order_by("pk")
    for place in spread(rows.count(), most):
        message = rows.select_related("opening")[place]
        for receipt in (receipt_of(message), outcome_receipt_of(message)):
            if receipt and receipt.is_ready:
                yield f"{message.number} ({receipt.kind})", receipt.file


def received_opening(message: Message, *, rid: str) -> dict[str, object]:
    """What the `r` leaf of a Message binds to. The text is the kept one: a digest of the text as it was sent would
    let whoever reads the database try out what was masked."""
    return {
        "ch": message.channel,
        "day": leaves.day_of(timezone.localtime(message.received_at).date()),
        "files": [],
        "msg": text_digest(message.text),
        "place": text_digest(message.place),
        "rid": rid,
    }


def outcome_opening(ended: Outcome, *, received: str) -> dict[str, object]:
    """What the `o` leaf of a Message binds to."""
    return {"a": ended.answer, "k": ended.kind, "r": received}


def commitment_of(opening: dict[str, object], *, salt: str) -> str:
    """What stands in an `r` leaf."""
    return commitment(RECEIPT, opening, salt=bytes.fromhex(salt))


def outcome_fields(opening: dict[str, object], *, salt: str) -> dict[str, str | int]:
    """What stands in an `o` leaf."""
    return {"c": commitment(OUTCOME, opening, salt=bytes.fromhex(salt)), "k": str(opening["k"])}


def _receipt(kind: str, fields: dict[str, str | int], opening: dict[str, object], *, salt: str) -> Receipt | None:
    entry = leaves.entry_of(kind, fields)
    extra = canonical({"leaf": {**fields, "t": kind, "v": 1}, "opening": opening, "salt": salt})
    proof = log.proof_of(leaf_hash(entry).hex(), extra=extra)
    if isinstance(proof, Waiting):
        return Receipt(kind, "", proof.ready_at)
    return Receipt(kind, str(proof), None) if isinstance(proof, ProofFile) else None
