"""Find from state what a row that was lost leaves undone, and make it anew: leaves of the log, and Replies.

Nothing here is needed while each transaction kept what it promised. It heals what a damaged disk, a restored table or a
mistake by hand took away.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from sangto.desk import rules
from sangto.desk.models import Case, Message, Question, Reply
from sangto.desk.queries.receipts import commitment_of, outcome_fields, outcome_opening, received_opening
from sangto.engine.merkle.tree import leaf_hash
from sangto.ledger import actions as log
from sangto.ledger import rules as leaves
from sangto.ledger.queries import known_leaves

PORTION = 1000
Leaf = tuple[str, dict[str, str | int]]


def sweep(*, after: int, now: datetime) -> int:
    """Look at the newest Messages, and at a portion of all behind the id `after`; where to go on, 0: from the start."""
    every = Message.objects.filter(withdrawn_at__isnull=True)
    newest = list(every.order_by("-pk").values_list("pk", flat=True)[:PORTION])
    portion = list(every.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:PORTION])
    for ids in (newest, [pk for pk in portion if pk < min(newest, default=0)]):
        _mend_leaves(ids, now=now)
        _owe_again(ids)
        _acknowledge_again(ids, now=now)
        _ask_again(ids, now=now)
    return portion[-1] if len(portion) == PORTION else 0


def _mend_leaves(ids: Collection[int], *, now: datetime) -> None:
    found = {message.pk: [_hash(leaf) for leaf in _leaves_of(message)] for message in _openable(ids)}
    known = known_leaves([each for hashes in found.values() for each in hashes])
    for pk in [pk for pk, hashes in found.items() if not known.issuperset(hashes)]:
        _mend_leaves_of(pk, now=now)


@transaction.atomic
def _mend_leaves_of(pk: int, *, now: datetime) -> None:
    # Locked and read again: whoever deletes what opens the leaves has done it before, or waits until we are through.
    Message.objects.select_for_update().filter(pk=pk).first()
    for message in _openable([pk]):
        if not _is_of_another_day(message):
            for kind, fields in _leaves_of(message):
                log.append_once(kind, now=now, **fields)


def _openable(ids: Collection[int]) -> Iterable[Message]:
    messages = Message.objects.filter(pk__in=ids, opening__isnull=False, withdrawn_at__isnull=True)
    return messages.select_related("opening", "ended")


def _leaves_of(message: Message, *, day: date | None = None) -> Iterator[Leaf]:
    """The leaves that the log should have of it; `day` in place of the day on which it came."""
    opened = message.opening
    assert opened is not None  # noqa: S101 - asked for by whoever calls
    opening = received_opening(message, rid=opened.rid)
    received = commitment_of(opening | ({"day": leaves.day_of(day)} if day else {}), salt=opened.salt)
    yield leaves.RECEIVED, {"c": received}
    if hasattr(message, "ended"):
        ended = outcome_opening(message.ended, received=received)
        yield leaves.OUTCOME, outcome_fields(ended, salt=opened.outcome_salt)


def _is_of_another_day(message: Message) -> bool:
    """Whether its leaf names the day before or after: the desk's time zone was another one then. No leaf is lost."""
    days = [message.received_at.date() + timedelta(days=shift) for shift in (-1, 0, 1)]
    around = {_hash(next(_leaves_of(message, day=day))) for day in days}
    return bool(known_leaves(around - {_hash(next(_leaves_of(message)))}))


def _hash(leaf: Leaf) -> str:
    return leaf_hash(leaves.entry_of(*leaf)).hex()


def _owe_again(ids: Collection[int]) -> None:
    """Mark Cases that owe a Reply or an outcome and do not know it: `follow_up` does the rest."""
    settled = Message.objects.filter(pk__in=ids, case__state__in=(rules.ANSWERED, rules.CLOSED), case__owes=False)
    lost = {*_untold(settled), *settled.filter(ended__isnull=True).values_list("case", flat=True), *_not_withdrawn(ids)}
    for pk in sorted(lost):  # one by one: a lock on many would stand in the way of others that take them in turn
        Case.objects.filter(pk=pk, owes=False).update(owes=True)


def _untold(settled: QuerySet[Message]) -> Iterator[int]:
    """Cases with a Message whose sender is owed no Reply that says what the Case does."""
    told = Reply.objects.filter(message=OuterRef("pk"))
    answered, closed = settled.filter(case__state=rules.ANSWERED), settled.filter(case__state=rules.CLOSED)
    ours, foreign = (answered.filter(case__answer__current__isnull=none) for none in (False, True))
    for messages, reply in (
        (ours, told.filter(version=OuterRef("case__answer__current"))),
        (foreign, told.filter(kind=rules.ELSEWHERE)),
        (closed, told.filter(kind=rules.CLOSING)),
    ):
        yield from messages.filter(~Exists(reply)).values_list("case", flat=True)


def _not_withdrawn(ids: Collection[int]) -> Iterable[int]:
    """Cases whose Answer was withdrawn, with somebody who was told it and is owed no word of that."""
    begun = Q(done_at__isnull=False) | Q(tries__gt=0)
    told = Reply.objects.filter(begun, message__in=ids, version__answer__current__step=rules.WITHDRAW)
    same = Reply.objects.filter(message=OuterRef("message"), version=OuterRef("version__answer__current"))
    return told.filter(~Exists(same)).values_list("version__answer__case", flat=True)


def _acknowledge_again(ids: Collection[int], *, now: datetime) -> None:
    """Owe an acknowledgement to Messages of open Cases that are owed nothing at all."""
    untold = Message.objects.filter(pk__in=ids, case__state=rules.OPEN, replies__isnull=True)
    new = [Reply(message=each, kind=rules.ACKNOWLEDGED, due_at=now) for each in untold]
    Reply.objects.bulk_create(new, ignore_conflicts=True)


def _ask_again(ids: Collection[int], *, now: datetime) -> None:
    """Owe the Reply that tells an open Question, where there is none."""
    untold = Question.objects.filter(message__in=ids, ended_at__isnull=True, reply__isnull=True)
    new = [Reply(message_id=each.message_id, kind=rules.QUESTION, question=each, due_at=now) for each in untold]
    Reply.objects.bulk_create(new, ignore_conflicts=True)
