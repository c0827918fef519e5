"""Is every Message in the log, in a Case, and answered as it is owed? Reads only, and opens no text."""

from datetime import date

from cryptography.exceptions import InvalidTag
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from sangto.desk import rules
from sangto.desk.models import Delivery, Joining, Message, Outcome, Question, Reply
from sangto.desk.queries.receipts import commitment_of, outcome_fields, outcome_opening, received_opening
from sangto.engine.findings import Finding, Looked, in_chunks
from sangto.engine.merkle.tree import leaf_hash
from sangto.ledger import queries as log
from sangto.ledger import rules as leaves
from sangto.vault import keystore
from sangto.vault.keystore import KeyGone, KeyLocked
from sangto.vault.models import Contact, DayKey, Opening
from sangto.vault.queries import address_of

AT_ONCE = 1000


def messages() -> Looked:
    """Every Message: its leaf is in the log or waits, its delivery is known, and its last move led to its Case."""
    rows = Message.objects.select_related("opening", "case").order_by("pk").iterator(chunk_size=AT_ONCE)
    for chunk in in_chunks(rows, AT_ONCE):
        hashes = {each.pk: _received_leaf(each) for each in chunk if each.opening}
        logged = log.leaves_among(list(hashes.values()))
        delivered = set(Delivery.objects.filter(message__in=chunk).values_list("message", flat=True))
        moves = Joining.objects.filter(message__in=chunk).order_by("pk").values_list("message", "case")
        last = dict(moves)
        for each in chunk:
            yield from _message(each, each.pk not in hashes or hashes[each.pk] in logged, each.pk in delivered, last)


def outcomes() -> Looked:
    """Every outcome of a Message that can still be opened: its leaf is in the log or waits."""
    rows = Outcome.objects.select_related("message__opening").order_by("pk").iterator(chunk_size=AT_ONCE)
    for chunk in in_chunks(rows, AT_ONCE):
        hashes = {each.pk: _outcome_leaf(each) for each in chunk if each.message.opening}
        logged = log.leaves_among(list(hashes.values()))
        for each in chunk:
            sound = each.pk not in hashes or hashes[each.pk] in logged
            yield None if sound else Finding("outcome_leaf_missing", each.message.number)


def counts() -> Looked:
    """The log has received as many messages as the database holds, or more: those whose opening is gone count too."""
    held = Message.objects.count()  # before the leaves
    received = log.leaf_counts()[leaves.RECEIVED]
    yield None if received >= held else Finding("messages_unlogged", str(held - received))


def replies() -> Looked:
    """Nobody is told twice, and nobody is left out where a Case has been followed up."""
    version, kind = (
        Reply.objects.filter(version__isnull=False),
        Reply.objects.filter(version__isnull=True, question__isnull=True),
    )
    for rows, by in ((version, "version"), (kind, "kind")):
        doubled = rows.values("message", by).annotate(n=Count("pk")).filter(n__gt=1).order_by("message")
        yield from (Finding("reply_twice", f"message {each['message']}") for each in doubled.iterator())
    told = Reply.objects.filter(message=OuterRef("pk"))
    waiting = Message.objects.filter(case__owes=False, withdrawn_at__isnull=True)
    answered = waiting.filter(case__state=rules.ANSWERED)
    by_us, by_others = (
        answered.filter(case__answer__current__isnull=False),
        answered.filter(case__foreign__isnull=False),
    )
    yield from _untold(by_us, told.filter(version=OuterRef("case__answer__current")))
    yield from _untold(by_others.filter(case__answer__isnull=True), told.filter(kind=rules.ELSEWHERE))
    yield from _untold(waiting.filter(case__state=rules.CLOSED), told.filter(kind=rules.CLOSING))
    untold = Question.objects.filter(ended_at__isnull=True, reply__isnull=True).select_related("message").order_by("pk")
    yield from (Finding("reply_missing", each.message.number) for each in untold.iterator())
    settled = Q(case__owes=False, case__state__in=(rules.ANSWERED, rules.CLOSED), ended__isnull=True)
    yield from (Finding("outcome_missing", each.number) for each in Message.objects.filter(settled).order_by("pk"))
    yield None


def contacts() -> Looked:
    """Every day of Contacts: its key is here and opens one of them, or the log says that it was destroyed."""
    try:
        destroyed, keys = log.destroyed_days(), set(keystore.days())
    except KeyLocked as locked:
        yield Finding("keystore_locked", str(locked))
        return
    yield from (Finding("day_key_kept", each.isoformat()) for each in sorted(destroyed & keys))
    ended = set(DayKey.objects.filter(destroyed_at__isnull=False).values_list("day", flat=True))
    yield from (Finding("day_unlogged", each.isoformat()) for each in sorted(ended - destroyed))
    for day in Contact.objects.values_list("day", flat=True).distinct().order_by("day"):
        yield _day(day, destroyed=day in destroyed, kept=day in keys)
    alone = Contact.objects.filter(~Exists(Message.objects.filter(contact=OuterRef("pk"))))
    yield from (Finding("contact_alone", str(pk)) for pk in alone.values_list("pk", flat=True).iterator())
    loose = Opening.objects.filter(~Exists(Message.objects.filter(opening=OuterRef("pk"))))
    yield from (Finding("opening_alone", str(pk)) for pk in loose.values_list("pk", flat=True).iterator())


def _message(message: Message, logged: bool, delivered: bool, last: dict[int, int]) -> Looked:
    sound = True
    for code, holds in (
        ("message_leaf_missing", logged),
        ("message_undelivered", delivered),
        ("message_moved", last.get(message.pk) == message.case_id),
        ("message_in_merged_case", message.case.state != rules.MERGED),
    ):
        if not holds:
            sound = False
            yield Finding(code, message.number)
    if sound:
        yield None


def _untold(owed: QuerySet[Message], told: QuerySet[Reply]) -> Looked:
    missing = owed.filter(~Exists(told)).order_by("pk")
    return (Finding("reply_missing", each.number) for each in missing.iterator(chunk_size=AT_ONCE))


def _received_leaf(message: Message) -> str:
    """The hash of the leaf that a Message must have; empty where its opening is none."""
    assert message.opening is not None  # noqa: S101 - asked for those that have one
    try:
        opening = received_opening(message, rid=message.opening.rid)
        entry = leaves.entry_of(leaves.RECEIVED, {"c": commitment_of(opening, salt=message.opening.salt)})
    except ValueError:
        return ""
    return leaf_hash(entry).hex()


def _outcome_leaf(ended: Outcome) -> str:
    opening = ended.message.opening
    assert opening is not None  # noqa: S101 - asked for those that have one
    try:
        received = commitment_of(received_opening(ended.message, rid=opening.rid), salt=opening.salt)
        fields = outcome_fields(outcome_opening(ended, received=received), salt=opening.outcome_salt)
        return leaf_hash(leaves.entry_of(leaves.OUTCOME, fields)).hex()
    except ValueError:
        return ""


def _day(day: date, *, destroyed: bool, kept: bool) -> Finding | None:
    if destroyed:
        return None
    if not kept:
        return Finding("day_key_missing", day.isoformat())
    newest = Contact.objects.filter(day=day).order_by("-pk").first()
    try:
        if newest is not None:
            address_of(newest)  # nothing is done with it: that it opens shows that the key is the day's
    except KeyLocked:
        return Finding("keystore_locked", day.isoformat())
    except (InvalidTag, KeyGone, ValueError):
        return Finding("contact_unopenable", day.isoformat())
    return None
