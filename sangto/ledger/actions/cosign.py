"""Be a witness of a neighbouring desk's log (C2SP tlog-witness): cosign what only grew, and nothing else."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from sangto.engine.merkle.checkpoints import Checkpoint
from sangto.engine.merkle.notes import BadNote, Note, Signer, unbase64
from sangto.engine.merkle.policies import Policy
from sangto.engine.merkle.tree import MOST_PROOF_HASHES, BadProof, check_consistency
from sangto.ledger.models import Neighbour

TEXT, SIZE = "text/plain; charset=utf-8", "text/x.tlog.size"
MOST_BODY_BYTES = 64 * 1024
_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")


@dataclass(frozen=True)
class Verdict:
    """What the witness answers, as HTTP says it."""

    status: int
    text: str
    type: str = TEXT


@dataclass(frozen=True)
class Request:
    """A checkpoint that somebody wants cosigned, and the proof that it continues the tree of size `old`."""

    old: int
    proof: tuple[bytes, ...]
    note: Note
    checkpoint: Checkpoint


def cosign(body: bytes, *, logs: Policy, signer: Signer, now: datetime) -> Verdict:
    """A cosignature for a checkpoint that extends the one we cosigned last, or why there is none."""
    try:
        request = read_request(body)
    except ValueError as error:  # of the note, or of its encoding
        return Verdict(400, f"{error}\n")
    known = [key for key in logs.logs if key.name == request.checkpoint.origin]
    if not known:
        return Verdict(404, "this witness does not know the log\n")
    try:
        signed = request.note.signed_by(known)
    except BadNote:
        signed = {}
    if not signed:
        return Verdict(403, "the log did not sign this\n")
    if request.old > request.checkpoint.size:
        return Verdict(400, "the old size is larger than the new one\n")
    refused = _keep(request, now=now)
    return refused or Verdict(200, signer.cosigned(request.note.text, at=int(now.timestamp())) + "\n")


def read_request(body: bytes) -> Request:
    """The parts of an add-checkpoint body; raises ValueError when it is none."""
    if len(body) > MOST_BODY_BYTES:
        raise BadNote("the request is too long")
    head, blank, rest = body.decode().partition("\n\n")
    first, *hashes = head.split("\n")
    old = _OLD.fullmatch(first)
    if not (blank and old) or len(hashes) > MOST_PROOF_HASHES:
        raise BadNote("a request is an old size, at most 63 hashes, an empty line and a checkpoint")
    note = Note.read(rest)
    return Request(int(old[1]), tuple(unbase64(each) for each in hashes), note, Checkpoint.read(note.text))


@transaction.atomic
def _keep(request: Request, *, now: datetime) -> Verdict | None:
    """Keep the checkpoint as the newest of its log, or say why not. Two requests at once are taken one by one."""
    new = request.checkpoint
    row = _newest(new.origin, now)
    if row.size != request.old:
        return Verdict(409, f"{row.size}\n", SIZE)
    if row.size:
        before = Checkpoint.read(Note.read(row.note).text)
        if new.size == row.size and new.root != before.root:
            return Verdict(409, f"{row.size}\n", SIZE)
        try:
            check_consistency(old=before.size, old_root=before.root, size=new.size, root=new.root, proof=request.proof)
        except BadProof as error:
            return Verdict(422, f"{error}\n")
    elif request.proof:
        return Verdict(422, "there is no proof from a size of 0\n")
    Neighbour.objects.filter(pk=row.pk).update(size=new.size, note=str(request.note), seen_at=now)
    return None


def _newest(origin: str, now: datetime) -> Neighbour:
    Neighbour.objects.get_or_create(origin=origin, defaults={"size": 0, "note": "", "seen_at": now})
    return Neighbour.objects.select_for_update().get(origin=origin)
