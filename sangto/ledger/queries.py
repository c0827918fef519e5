"""What the log says to everybody: its size, its checkpoints, who vouches for it, and the proof of one leaf."""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count

from sangto.engine.merkle.checkpoints import Checkpoint
from sangto.engine.merkle.notes import BadNote, Key, Note, Signer
from sangto.engine.merkle.policies import Policy
from sangto.engine.merkle.proofs import ProofFile
from sangto.engine.merkle.tiles import node_reader
from sangto.engine.merkle.tree import inclusion_proof
from sangto.ledger import rules
from sangto.ledger.guard import StandsStill, refuse_to_fork
from sangto.ledger.local import LocalLog
from sangto.ledger.models import Cosignature, Head, Leaf, Neighbour, SignedCheckpoint, Witness

CHUNK = 2000


@dataclass(frozen=True)
class Waiting:
    """A leaf that no published checkpoint covers yet, and when one will."""

    ready_at: datetime


@dataclass(frozen=True)
class Seen:
    """A witness, the size of the newest checkpoint it cosigned, and when; `trouble` is a code or empty."""

    name: str
    size: int
    at: datetime | None
    trouble: str = ""


@dataclass(frozen=True)
class Shard:
    """One shard of the log as everybody may know it."""

    name: str
    origin: str
    vkey: str
    size: int
    is_open: bool


@dataclass(frozen=True)
class Standing:
    """Where the log stands. `received` minus `ended` is how many messages wait for an outcome."""

    origin: str
    shards: tuple[Shard, ...]
    checkpoint: str  # the newest published one, verbatim; empty before the first
    size: int
    signed_at: datetime | None
    received: int
    ended: int
    versions: int
    destroyed: int  # days whose key of return addresses is gone
    witnesses: tuple[Seen, ...]


def leaf_body(leaf_hash: str) -> dict[str, str | int] | None:
    """What the leaf with this hash (hex) says, or None."""
    body = Leaf.objects.filter(leaf_hash=leaf_hash).values_list("body", flat=True).first()
    return json.loads(body) if body else None


def known_leaves(hashes: Collection[str]) -> set[str]:
    """Those of these leaf hashes (hex) that the log has, in place or waiting."""
    return set(Leaf.objects.filter(leaf_hash__in=hashes).values_list("leaf_hash", flat=True))


def proof_of(leaf_hash: str, *, extra: bytes | None = None) -> ProofFile | Waiting | None:
    """The proof of the leaf with this hash (hex), or when it will be ready; None when there is no such leaf.

    Under the newest checkpoint that enough witnesses have seen, where one covers the leaf, else under the newest.
    """
    leaf = Leaf.objects.filter(leaf_hash=leaf_hash).first()
    if leaf is None:
        return None
    note = _covering(leaf) if leaf.origin else None
    if note is None:
        return Waiting(_batch_end(leaf.created_at))
    size = Checkpoint.read(note.text).size
    head = Head.objects.get(pk=leaf.origin)
    path = inclusion_proof(leaf.leaf_index or 0, size, node_reader(size, LocalLog(head.shard).read))
    return ProofFile(leaf.leaf_index or 0, tuple(path), note, extra)


def destroyed_days() -> set[date]:
    """The days whose key of return addresses is destroyed, as the log says, waiting leaves among them."""
    bodies = Leaf.objects.filter(kind=rules.KEY_DESTROYED).values_list("body", flat=True)
    return {date.fromisoformat(json.loads(body)["day"]) for body in bodies.iterator(chunk_size=CHUNK)}


def shards() -> list[Shard]:
    """Every shard from the first on."""
    rows = Head.objects.order_by("opened_at", "shard")
    return [Shard(row.shard, row.origin, row.vkey, row.size, row.is_open) for row in rows]


def current_shard() -> str | None:
    """The name of the shard that takes leaves now; None before the first run."""
    return Head.objects.filter(is_open=True).values_list("shard", flat=True).first()


def standing() -> Standing:
    """Where the log stands, for its page."""
    all_shards = tuple(shards())
    origin = next((each.origin for each in all_shards if each.is_open), "")
    newest = SignedCheckpoint.objects.filter(origin=origin).order_by("-size").first()
    counts: Mapping[str, int] = dict(
        Leaf.objects.filter(origin__isnull=False).values_list("kind").annotate(n=Count("pk")).order_by()
    )
    return Standing(
        origin=origin,
        shards=all_shards,
        checkpoint=str(cosigned(newest)) if newest else "",
        size=newest.size if newest else 0,
        signed_at=newest.signed_at if newest else None,
        received=counts.get(rules.RECEIVED, 0),
        ended=counts.get(rules.OUTCOME, 0),
        versions=sum(counts.get(kind, 0) for kind in rules.VERSIONS),
        destroyed=counts.get(rules.KEY_DESTROYED, 0),
        witnesses=tuple(_seen(origin)),
    )


def cosigned(signed: SignedCheckpoint) -> Note:
    """The checkpoint with the lines of the witnesses that have seen it, in a fixed order."""
    lines = Cosignature.objects.filter(origin=signed.origin, size=signed.size).order_by("vkey")
    note = Note.read(signed.note)
    return Note(note.text, (*note.lines, *lines.values_list("line", flat=True)))


def witnesses_wanted() -> Policy:
    """The witnesses, groups and quorum that the operator names; none without a file."""
    return Policy.read(settings.LEDGER_WITNESSES) if settings.LEDGER_WITNESSES else Policy()


def policy_text() -> str:
    """The policy with which anybody checks this log: a line for each shard's key, then the operator's witnesses."""
    logs = [f"log {each.vkey} {settings.SITE_URL}/log/{each.name}/" for each in shards()]
    wanted = settings.LEDGER_WITNESSES.strip() or "quorum none"
    return "\n".join([*logs, wanted]) + "\n"


def version_leaves() -> Iterator[tuple[str, dict[str, str | int]]]:
    """Hash and body of every leaf of a published version, in the order in which they were put in."""
    rows = Leaf.objects.filter(kind__in=rules.VERSIONS).order_by("pk").values_list("leaf_hash", "body")
    return ((leaf_hash, json.loads(body)) for leaf_hash, body in rows.iterator(chunk_size=CHUNK))


def leaf_bodies(hashes: Collection[str]) -> dict[str, dict[str, Any]]:
    """What the leaves with these hashes (hex) say; those that are not there are left out."""
    rows = Leaf.objects.filter(leaf_hash__in=hashes).values_list("leaf_hash", "body")
    return {leaf_hash: json.loads(body) for leaf_hash, body in rows}


def leaves_among(hashes: Collection[str]) -> set[str]:
    """Which of these hashes (hex) are those of leaves, placed or waiting."""
    return set(Leaf.objects.filter(leaf_hash__in=hashes).values_list("leaf_hash", flat=True))


def leaf_counts() -> Counter[str]:
    """How many leaves there are of each kind, those that wait included."""
    return Counter(dict(Leaf.objects.values_list("kind").annotate(n=Count("pk")).order_by()))


def neighbour_checkpoint(origin: str, signer: Signer) -> str | None:
    """The newest checkpoint of a neighbour's log that we cosigned, with our line; None before the first."""
    row = Neighbour.objects.filter(pk=origin, size__gt=0).first()
    if row is None:
        return None
    note = Note.read(row.note)
    return str(Note(note.text, (*note.lines, signer.cosigned(note.text, at=int(row.seen_at.timestamp())))))


def trouble() -> str:
    """Why the open shard stands still, as a code of `guard`; empty where it does not."""
    head = Head.objects.filter(is_open=True).first()
    try:
        if head:
            refuse_to_fork(head, thorough=False)
    except StandsStill as still:
        return still.code
    return ""


def oldest_waiting_leaf() -> datetime | None:
    """When the leaf that has waited longest for its place was made; None where none waits."""
    waiting = Leaf.objects.filter(origin__isnull=True)
    return waiting.order_by("created_at").values_list("created_at", flat=True).first()


def waiting_leaves(*, before: datetime) -> int:
    """How many leaves from before this moment have no place yet."""
    return Leaf.objects.filter(origin__isnull=True, created_at__lt=before).count()


def _covering(leaf: Leaf) -> Note | None:
    signed = SignedCheckpoint.objects.filter(origin=leaf.origin, size__gt=leaf.leaf_index).order_by("-size")
    newest = signed.first()
    if newest is None:
        return None
    wanted = witnesses_wanted()
    if wanted.quorum == "none":
        return cosigned(newest)
    sizes = Cosignature.objects.filter(origin=leaf.origin, size__gt=leaf.leaf_index).order_by("-size")
    for size in dict.fromkeys(sizes.values_list("size", flat=True)[:100]):
        row = signed.filter(size=size).first()
        note = cosigned(row) if row else None
        if note and wanted.is_enough(wanted.quorum, set(note.signed_by(key for key, _ in wanted.witnesses.values()))):
            return note
    return cosigned(newest)


def _batch_end(created_at: datetime) -> datetime:
    minutes = settings.LEDGER_BATCH_MINUTES
    return rules.batch_start(created_at, minutes=minutes) + timedelta(minutes=minutes)


def _seen(origin: str) -> list[Seen]:
    rows = Witness.objects.filter(origin=origin).order_by("vkey")
    return [Seen(_name(row.vkey), row.size, row.seen_at, row.trouble) for row in rows]


def _name(vkey: str) -> str:
    try:
        return Key.read(vkey).name
    except BadNote:
        return ""
