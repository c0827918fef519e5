"""The judge: holds what the desk has against what it promised. Runs inside a desk that stands still; finds faults.

Nothing here trusts the product's own checks: trees are recomputed from RFC 6962's text (`tests.ledger.steps`), receipts
go through the program that strangers download, and through `golang.org/x/mod` where Go is installed.
"""

import contextlib
import hashlib
import io
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeVar

from django.db import connection
from django.test import Client

from sangto.desk.models import (
    AnswerVersion,
    Case,
    Copy,
    CopyBytes,
    Delivery,
    Message,
    Objection,
    Outcome,
    Publication,
    Reply,
    Ruling,
)
from sangto.desk.queries.messages import follow_token, message_by_token
from sangto.desk.queries.receipts import commitment_of, received_opening
from sangto.engine.merkle.checkpoints import Checkpoint
from sangto.engine.merkle.notes import Note
from sangto.engine.merkle.tree import leaf_hash
from sangto.ledger import rules, verify_desk
from sangto.ledger.local import LocalLog
from sangto.ledger.models import Head, Leaf, SignedCheckpoint, Witness
from sangto.vault.keystore import KeyGone, day_key
from tests.channels.stand_in import NUMBER
from tests.faults.people import Sent
from tests.ledger.peers.environment import Absent
from tests.ledger.peers.go import go
from tests.ledger.peers.published import Published
from tests.ledger.steps import entries, files, plain_root, plain_tiles

RECEIPTS = 400  # at most so many are fetched and verified in Go
SLOWLY = 40  # and so many of them by the program that strangers download
T = TypeVar("T")
verify_desk.fits = cache(verify_desk.fits)  # the same signatures stand in every receipt


@dataclass
class Evidence:
    """What was kept outside: messages, publications, destroyed days, checkpoints as readers saw them, letters."""

    sent: list[Sent] = field(default_factory=list)
    published: set[tuple[str, int]] = field(default_factory=set)
    objections: set[str] = field(default_factory=set)
    destroyed: set[str] = field(default_factory=set)
    checkpoints: set[str] = field(default_factory=set)
    letters: list[dict] | None = None  # None where nobody looked at them
    forks: list[str] = field(default_factory=list)
    dropped: int = 0  # messages that an older backup does not hold: their leaves are there and nothing else


@dataclass
class Verdict:
    """Faults by their kind, a sentence each; and how much was looked at."""

    faults: list[tuple[str, str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def say(self, kind: str, what: str) -> None:
        self.faults.append((kind, what))

    def same(self, kind: str, what: str, found: object, wanted: object) -> None:
        """A fault unless the two are equal."""
        if found != wanted:
            self.say(kind, f"{what}: {found!r:.300} in place of {wanted!r:.300}")


def judge(evidence: Evidence) -> Verdict:
    """Everything that can be wrong with a desk that has had the time to settle."""
    verdict = Verdict()
    _database(verdict)
    _messages(evidence, verdict)
    _replies(evidence, verdict)
    _versions(evidence, verdict)
    _copies(verdict)
    _objections(evidence, verdict)
    _vault(evidence, verdict)
    for head in Head.objects.all():
        _tree(head, evidence, verdict)
    _receipts(evidence, verdict)
    for each in evidence.forks:
        verdict.say("forks", f"the witness was shown {each}")
    return verdict


def _database(verdict: Verdict) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA integrity_check")
            verdict.same("corrupt", "integrity", cursor.fetchall(), [("ok",)])
            cursor.execute("PRAGMA foreign_key_check")
            verdict.same("corrupt", "foreign keys", cursor.fetchall(), [])
            return
        cursor.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
        cursor.execute(
            "SELECT count(bt_index_check(c.oid, true)) FROM pg_class c JOIN pg_am a ON a.oid = c.relam"
            " WHERE c.relkind = 'i' AND a.amname = 'btree' AND c.relpersistence = 'p'"
            " AND c.relnamespace = 'public'::regnamespace"
        )  # raises where an index and its table differ


def _messages(evidence: Evidence, verdict: Verdict) -> None:
    """Every yes is one Message, every Message is one delivery and one `r` leaf."""
    verdict.counts["acknowledged"] += sum(each.promise is not None for each in evidence.sent)
    found = Message.objects.count()
    verdict.same("lost" if found < len(evidence.sent) else "doubled", "messages", found, len(evidence.sent))
    verdict.same("doubled", "deliveries", Delivery.objects.count(), found)
    for sent in evidence.sent:
        if sent.promise is None:
            verdict.say("lost", f"message {sent.key} by {sent.channel} is still refused ({sent.status})")
        number, token = sent.promise or ("", "")
        message = message_by_token(token) if token else None
        if token and (message is None or (number and message.number != number)):
            verdict.say("lost", f"message {sent.key} with a promise is not there")
    numbers = [each.promise[0] for each in evidence.sent if each.promise and each.promise[0]]
    verdict.same("doubled", "numbers", len(set(numbers)), len(numbers))
    placed = Counter(Leaf.objects.filter(kind=rules.RECEIVED, origin__isnull=False).values_list("leaf_hash", flat=True))
    openable = Message.objects.filter(opening__isnull=False).select_related("opening")
    wanted, forgotten = (
        Counter(_r_leaf(each) for each in openable),
        Message.objects.filter(opening__isnull=True).count(),
    )
    for digest in wanted - placed:
        verdict.say("lost", f"an r leaf is missing: {digest}")
    verdict.same("doubled", "r leaves", placed.total(), wanted.total() + forgotten + evidence.dropped)
    verdict.same("lost", "leaves without a place", Leaf.objects.filter(origin__isnull=True).count(), 0)


def _r_leaf(message: Message) -> str:
    assert message.opening is not None
    opening = received_opening(message, rid=message.opening.rid)
    return leaf_hash(rules.entry_of("r", {"c": commitment_of(opening, salt=message.opening.salt)})).hex()


def _replies(evidence: Evidence, verdict: Verdict) -> None:
    """Every Reply that is owed was made once; each that went out by letter went out at least once."""
    waiting = Reply.objects.filter(done_at__isnull=True, void_at__isnull=True, gave_up_at__isnull=True).count()
    verdict.same("lost", "replies that still wait", waiting, 0)
    verdict.same("lost", "replies given up", Reply.objects.filter(gave_up_at__isnull=False).count(), 0)
    verdict.same("lost", "cases that still owe", Case.objects.filter(owes=True).count(), 0)
    unanswered = Message.objects.filter(case__state="answered", case__answer__current__isnull=False)
    for message in unanswered.select_related("case__answer"):
        if not message.replies.filter(version=message.case.answer.current, done_at__isnull=False).exists():
            verdict.say("lost", f"{message.number} was not told its answer")
    if evidence.letters is None:
        return
    letters: dict[str, list[str]] = {}
    for each in evidence.letters:
        letters.setdefault(each["chat_id"], []).append(each["text"])
    by_number = {NUMBER.search(texts[0])[0]: texts for texts in letters.values()}
    for message in Message.objects.filter(channel="telegram").prefetch_related("replies"):
        _letters(message, by_number.get(message.number, []), verdict)


def _letters(message: Message, texts: list[str], verdict: Verdict) -> None:
    """At least one letter for each Reply that is done, and none without a claim; each bears the message's number."""
    replies = list(message.replies.all())
    done, tries = sum(each.done_at is not None for each in replies), sum(each.tries for each in replies)
    verdict.counts["letters"] += len(texts)
    verdict.counts["letters again"] += max(len(texts) - done, 0)
    if len(texts) < done:
        verdict.say("lost", f"{message.number}: {len(texts)} letters for {done} replies")
    if len(texts) > tries:
        verdict.say("doubled", f"{message.number}: {len(texts)} letters for {tries} tries")
    if any(message.number not in text for text in texts):
        verdict.say("doubled", f"{message.number}: a letter of another message")


def _versions(evidence: Evidence, verdict: Verdict) -> None:
    """Published means logged, and the other way round; every ended Message has its one outcome and `o` leaf."""
    versions = AnswerVersion.objects.filter(state="published")
    logged = Counter(Publication.objects.values_list("leaf_hash", flat=True))
    kinds = (rules.PUBLISHED, rules.CORRECTED, rules.WITHDRAWN)
    placed = Counter(Leaf.objects.filter(kind__in=kinds, origin__isnull=False).values_list("leaf_hash", flat=True))
    verdict.same("lost", "published versions without a leaf", versions.filter(publication__isnull=True).count(), 0)
    verdict.same("doubled", "leaves of versions", placed, logged)
    there = {(each.answer.case.number, each.n) for each in versions.select_related("answer__case")}
    for number, n in evidence.published - there:
        verdict.say("lost", f"version {n} of {number} was published and is not there")
    ended = Leaf.objects.filter(kind=rules.OUTCOME, origin__isnull=False).count()
    verdict.same("doubled", "o leaves", ended, Outcome.objects.count())
    open_end = Message.objects.filter(case__state__in=("answered", "closed"), ended__isnull=True).count()
    verdict.same("lost", "messages without their outcome", open_end, 0)


def _copies(verdict: Verdict) -> None:
    """Every copy that was taken has its bytes, once, and they give its hash; none has bytes that was not."""
    taken = dict(Copy.objects.filter(done_at__isnull=False).values_list("pk", "sha256"))
    held = {row.pk: hashlib.sha256(bytes(row.data)).hexdigest() for row in CopyBytes.objects.all()}
    verdict.same("corrupt", "copies", held, taken)
    waiting = Copy.objects.filter(done_at__isnull=True, gave_up_at__isnull=True).count()
    verdict.same("lost", "copies that still wait", waiting, 0)


def _objections(evidence: Evidence, verdict: Verdict) -> None:
    """Every Objection that was ever seen is there, with its one `q` leaf; every ruling has its one `j` leaf."""
    there = {each.number for each in Objection.objects.all()}
    verdict.same("lost", "objections that are not there", sorted(evidence.objections - there), [])
    for kind, model in ((rules.OBJECTED, Objection), (rules.RULED, Ruling)):
        placed = Leaf.objects.filter(kind=kind, origin__isnull=False).count()
        verdict.same("doubled", f"{kind} leaves", placed, model.objects.count())


def _vault(evidence: Evidence, verdict: Verdict) -> None:
    """A destroyed day has its one `x` leaf, and its key is gone."""
    bodies = Leaf.objects.filter(kind=rules.KEY_DESTROYED).values_list("body", flat=True)
    days = Counter(verify_desk.load_json(body.encode())["day"] for body in bodies)
    verdict.same("doubled", "x leaves of one day", [day for day in days if days[day] > 1], [])
    verdict.same("lost", "destroyed days without their x leaf", sorted(evidence.destroyed - set(days)), [])
    for day in days:
        with contextlib.suppress(KeyGone):
            day_key(rules.date.fromisoformat(day))
            verdict.say("corrupt", f"the key of {day} is there, and the log says that it is gone")


def _tree(head: Head, evidence: Evidence, verdict: Verdict) -> None:
    """Rows, files and every checkpoint that anybody ever saw are one tree and its beginnings."""
    leaves = entries(head.shard)
    found, newest = files(head.shard), Checkpoint(head.origin, len(leaves), plain_root(leaves))
    verdict.same("corrupt", "the head", head.checkpoint, newest)
    stands = found.get("checkpoint")
    if not leaves:
        return
    verdict.same("corrupt", "published", stands and Checkpoint.read(Note.read(stands.decode()).text), newest)
    for path, data in plain_tiles(leaves).items():
        verdict.same("corrupt", path, found.get(path), data)
    dated = [body["ts"] for body in map(json.loads, leaves) if "ts" in body]
    verdict.same("corrupt", "the order of dated leaves", dated, sorted(dated))
    signed = SignedCheckpoint.objects.filter(origin=head.origin).values_list("note", flat=True)
    for text in {*signed, *evidence.checkpoints}:
        old = Checkpoint.read(Note.read(text).text)
        if old.origin == head.origin:
            verdict.counts["checkpoints"] += 1
            if old.size > len(leaves) or old.root != plain_root(leaves[: old.size]):
                verdict.say("forks", f"the checkpoint of size {old.size} is no beginning of the log")
    if Witness.objects.filter(origin=head.origin, trouble__in=("fork", "ahead")).exists():
        verdict.say("forks", "a witness disagrees")


def _receipts(evidence: Evidence, verdict: Verdict) -> None:
    """Every receipt that is served proves what it should, to two programs that share no code."""
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        openable = list(Message.objects.filter(opening__isnull=False).order_by("pk"))
        kept = list(_served(_spread(openable, RECEIPTS), verdict))
        if not kept:
            return
        (top / "policy").write_bytes(_get("/log/policy"))
        for name, receipt, text in _spread(kept, SLOWLY):
            (top / name).write_bytes(receipt)
            (top / "text").write_bytes(text)
            words = ["receipt", str(top / name), "--policy", str(top / "policy"), "--text", str(top / "text")]
            with contextlib.redirect_stdout(io.StringIO()) as said:
                code = verify_desk.main([*words, "--lang", "en"])
            verdict.counts["receipts"] += 1
            if code:
                verdict.say("lost", f"the receipt of {name} is refused: {said.getvalue()}")
        _foreign(top / "published", kept, verdict)


def _served(messages: Sequence[Message], verdict: Verdict) -> Iterator[tuple[str, bytes, bytes]]:
    for message in messages:
        token = follow_token(message)
        receipt, text = _get(f"/f/{token}/receipt.tlog-proof"), _get(f"/f/{token}/message.txt")
        if receipt and text:
            yield message.number, receipt, text
        else:
            verdict.say("lost", f"{message.number} has no receipt")


def _foreign(folder: Path, kept: Sequence[tuple[str, bytes, bytes]], verdict: Verdict) -> None:
    """Every shard with its receipts before the Go verifier. Without Go there is nothing to say."""
    for head in Head.objects.filter(size__gt=0):
        origin = f"\n{head.origin}\n".encode()
        receipts = [(name, receipt.decode()) for name, receipt, _text in kept if origin in receipt]
        try:
            said = go(Published(_laid_out(folder / head.shard, head, receipts)))
        except Absent:
            return
        verdict.counts["receipts in Go"] += len(receipts)
        for line in said.refused:
            verdict.say("corrupt", f"Go on {head.shard} {line}")


def _laid_out(folder: Path, head: Head, receipts: Sequence[tuple[str, str]]) -> Path:
    """A shard as a directory that the Go verifier reads."""
    shutil.copytree(LocalLog(head.shard).folder, folder, ignore=shutil.ignore_patterns(".lock", ".*"))
    for name in ("checkpoints", "receipts"):
        (folder / name).mkdir()
    for row in SignedCheckpoint.objects.filter(origin=head.origin):
        (folder / "checkpoints" / str(row.size)).write_text(row.note)
    (folder / "policy").write_bytes(_get("/log/policy"))
    (folder / "vkey").write_text(f"{head.vkey}\n")
    for name, text in receipts:
        (folder / "receipts" / f"{name}.tlog-proof").write_text(text)
    return folder


def _spread(things: Sequence[T], most: int) -> Sequence[T]:
    """At most so many of them, from the first to the last."""
    return things[:: -(-len(things) // most) or 1]


def _get(path: str) -> bytes:
    said = Client(raise_request_exception=False, SERVER_NAME="127.0.0.1").get(path)
    return bytes(said.content) if said.status_code == 200 else b""
