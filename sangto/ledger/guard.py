"""May this database go on with the log? Not where others may have seen more of it, or something else, than it holds."""

from sangto.engine.merkle.checkpoints import Checkpoint
from sangto.engine.merkle.notes import BadNote
from sangto.ledger.build import RowsMissing, roots_in_rows
from sangto.ledger.local import LocalLog
from sangto.ledger.models import Head, SignedCheckpoint, Witness

# Why a log stands still, as codes: docs/run/ledger.md says for each what to do.
SHORTER, DIFFERS, UNREADABLE = "shorter", "differs", "unreadable"
KEY_LOST, SIGNED_BEFORE, WITNESSES_AWAY, WITNESS_DISAGREES = "key_lost", "signed_before", "witnesses_away", "disagrees"
TROUBLES = (SHORTER, DIFFERS, UNREADABLE, KEY_LOST, SIGNED_BEFORE, WITNESSES_AWAY, WITNESS_DISAGREES)
AHEAD, FORK = "ahead", "fork"  # what a witness can say that stops the log


class StandsStill(Exception):
    """The log must not go on; messages are taken in all the same, and their leaves wait. `code`: one of TROUBLES."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def refuse_to_fork(head: Head, *, thorough: bool) -> None:
    """Raise StandsStill when the files or the witnesses know more than the database, or something else.

    `thorough` (once in a process, before its first batch) also recomputes the roots from every row. The head is read
    again: another worker may have gone on since.
    """
    published = _published(head)
    signed = SignedCheckpoint.objects.filter(origin=head.origin).order_by("-size").first()
    head.refresh_from_db()  # after them: what was signed was committed before
    known = [each for each in (published, Checkpoint.read(_text(signed)) if signed else None) if each]
    if any(each.size > head.size for each in known):
        raise StandsStill(SHORTER)
    if Witness.objects.filter(origin=head.origin, trouble__in=(AHEAD, FORK)).exists():
        raise StandsStill(WITNESS_DISAGREES)
    if any(each.size == head.size and each.root != head.checkpoint.root for each in known):
        raise StandsStill(DIFFERS)
    if thorough:
        _compare(head, [*known, head.checkpoint])


def _published(head: Head) -> Checkpoint | None:
    try:
        published = LocalLog(head.shard).published()
    except BadNote as error:
        raise StandsStill(UNREADABLE) from error
    if published and published.origin != head.origin:
        raise StandsStill(DIFFERS)
    return published


def _compare(head: Head, known: list[Checkpoint]) -> None:
    try:
        roots = roots_in_rows(head.origin, [each.size for each in known])
    except RowsMissing as error:
        raise StandsStill(SHORTER) from error
    if any(roots[each.size] != each.root for each in known):
        raise StandsStill(DIFFERS)


def _text(signed: SignedCheckpoint) -> str:
    return signed.note.partition("\n\n")[0] + "\n"
