"""Ask witnesses to cosign our newest checkpoint (C2SP tlog-witness). Whoever is away holds nothing up."""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings

from sangto.engine.crash import crash_point
from sangto.engine.merkle.notes import Key, Note
from sangto.engine.merkle.tiles import node_reader
from sangto.engine.merkle.tree import consistency_proof
from sangto.ledger.actions.publish import publish
from sangto.ledger.guard import AHEAD, FORK, WITNESS_DISAGREES, WITNESSES_AWAY, StandsStill
from sangto.ledger.local import LocalLog
from sangto.ledger.models import Cosignature, Head, SignedCheckpoint, Witness
from sangto.ledger.queries import witnesses_wanted

AWAY, REFUSED = "away", "refused"
_SIZE = re.compile(r"(0|[1-9][0-9]{0,18})\n?")


@dataclass(frozen=True)
class Said:
    """What a witness answered: the HTTP status and the body."""

    status: int
    text: str


Post = Callable[[str, str], Said]  # (address, body); raises OSError when nobody answers


def ask_witnesses(post: Post, *, now: datetime) -> int:
    """Ask each witness that is due about the newest checkpoint of each shard; returns how many cosigned.

    Of a closed shard those that followed it: its last leaves need their cosignatures too.
    """
    return sum(_ask_about(head, post, now=now) for head in Head.objects.order_by("opened_at"))


def compare_with_witnesses(head: Head, post: Post, *, now: datetime) -> None:
    """Ask every witness how much of the log it has seen, before the first batch of a process.

    An old size of 0 makes it say so. Raises StandsStill when one has seen more than the database holds or another tree,
    or when there are witnesses and none answers: a late checkpoint can be made good, a fork cannot.
    """
    signed, wanted = _newest(head), list(_wanted())
    if signed is None or not wanted:
        return
    for key, url in wanted:
        _ask(head, signed, key, url, post, old=0, now=now)
    troubles = {_view(head.origin, key).trouble for key, _url in wanted}
    if troubles & {AHEAD, FORK}:
        raise StandsStill(WITNESS_DISAGREES)
    if troubles <= {AWAY, REFUSED}:
        raise StandsStill(WITNESSES_AWAY)


def _ask_about(head: Head, post: Post, *, now: datetime) -> int:
    signed = _newest(head)
    if signed is None:
        return 0
    due = [(key, url) for key, url in _wanted() if _is_due(head, key, signed.size, now)]
    seen = sum(_ask(head, signed, key, url, post, old=_view(head.origin, key).size, now=now) for key, url in due)
    if seen:
        publish(head)
    return seen


def _wanted() -> list[tuple[Key, str]]:
    return [(key, url) for key, url in witnesses_wanted().witnesses.values() if url]


def _newest(head: Head) -> SignedCheckpoint | None:
    return SignedCheckpoint.objects.filter(origin=head.origin).order_by("-size").first()


def _is_due(head: Head, key: Key, size: int, now: datetime) -> bool:
    row = _view(head.origin, key)
    waited = row.asked_at is None or abs(now - row.asked_at) >= timedelta(minutes=settings.LEDGER_WITNESS_MINUTES)
    # What stops the log is not asked away: it stays until somebody has looked.
    follows = head.is_open or row.seen_at is not None
    return row.size < size and waited and follows and row.trouble not in (AHEAD, FORK)


def _view(origin: str, key: Key) -> Witness:
    return Witness.objects.get_or_create(origin=origin, vkey=key.vkey)[0]


def _ask(head: Head, signed: SignedCheckpoint, key: Key, url: str, post: Post, *, old: int, now: datetime) -> bool:
    """Whether the witness cosigned. Where it holds another size than `old`, it is asked once more from there."""
    row = _view(head.origin, key)
    row.size, row.asked_at, row.trouble = old, now, AWAY
    for _try in range(2):
        crash_point("witness.asking")
        said = _sent(post, url, _request(row.size, _proof(head, row.size, signed.size), signed.note))
        crash_point("witness.answered")
        if said is None:
            break
        if said.status == 200 and _take(head, signed, key, said.text, now=now):
            return True
        row.trouble = _trouble(said, head, old=row.size)
        if row.trouble:
            break
        row.size = int(said.text)
        if row.size > signed.size:  # another worker has shown it more since
            break
    row.save()
    return False


def _trouble(said: Said, head: Head, *, old: int) -> str:
    """What is wrong with an answer; empty for a size that the log had, from which we can go on."""
    held = _SIZE.fullmatch(said.text) if said.status == 409 else None
    if said.status == 422 or (held and int(held[1]) == old):
        return FORK
    if held:
        head.refresh_from_db()  # another worker may have committed more, and shown it
        return AHEAD if int(held[1]) > head.size else ""
    return REFUSED


def _take(head: Head, signed: SignedCheckpoint, key: Key, text: str, *, now: datetime) -> bool:
    """Keep the witness's line, if there is one and it fits; lines of other keys are nothing to us."""
    note = Note.read(signed.note)
    try:
        lines = Note.read(f"{note.text}\n{text}").lines
        found = {line: Note(note.text, (line,)).signed_by([key]) for line in lines}
        line, at = next(((line, seen[key]) for line, seen in found.items() if key in seen), ("", 0))
        seen_at = datetime.fromtimestamp(at, tz=UTC)
    except (ValueError, OverflowError, OSError):  # of the note, or of a time that no calendar has
        return False
    if not line:
        return False
    Cosignature.objects.get_or_create(
        origin=head.origin, size=signed.size, vkey=key.vkey, defaults={"line": line, "seen_at": seen_at}
    )
    crash_point("witness.kept")
    values = {"size": signed.size, "seen_at": seen_at, "asked_at": now, "trouble": ""}
    Witness.objects.filter(origin=head.origin, vkey=key.vkey).update(**values)
    return True


def _proof(head: Head, old: int, size: int) -> list[bytes]:
    read = LocalLog(head.shard).read
    return consistency_proof(old, size, node_reader(size, read)) if 0 < old <= size else []


def _request(old: int, proof: list[bytes], note: str) -> str:
    hashes = [base64.b64encode(each).decode() for each in proof]
    return "\n".join([f"old {old}", *hashes, "", note])


def _sent(post: Post, url: str, body: str) -> Said | None:
    try:
        return post(f"{url.rstrip('/')}/add-checkpoint", body)
    except OSError:
        return None
