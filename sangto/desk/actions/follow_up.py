"""Owe everybody who asked what their Case now says, and log how they ended.

Found from state, so the next tick makes any crash good.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from sangto.desk import rules
from sangto.desk.actions.grouping import lock_cases, void_unsent
from sangto.desk.actions.record import record_outcomes
from sangto.desk.models import AnswerVersion, Case, Change, Message, Reply
from sangto.engine.crash import crash_point

KEPT = timedelta(days=7)
AT_ONCE = 500
OVERTAKEN = (rules.ACKNOWLEDGED, rules.HANDED_OVER)  # by what the Case says in the end


def follow_up(*, now: datetime, limit: int = 100) -> int:
    """Make the Replies that the Cases marked as owing are due, Case by Case; returns how many Replies were made."""
    due = list(Case.objects.filter(owes=True).order_by("pk").values_list("pk", flat=True)[:limit])
    return sum(_follow_up_case(pk, now=now) for pk in due)


@transaction.atomic
def _follow_up_case(pk: int, *, now: datetime) -> int:
    # Whoever adds a Message also marks the Case, and waits for this lock: nobody slips between reading and clearing.
    case = lock_cases(pk)[pk]
    made = _owe(case, now=now)
    crash_point("follow_up.owed")
    # Thousands of outcomes in one transaction would keep every sender waiting: the next tick goes on with the rest.
    more = _end(case, now=now) == AT_ONCE
    crash_point("follow_up.ended")
    Case.objects.filter(pk=pk).update(owes=more)
    crash_point("follow_up.before_commit")
    return made


def _owe(case: Case, *, now: datetime) -> int:
    moved = _owe_move(case, now=now)
    current = case.answer.current if hasattr(case, "answer") else None
    kind = rules.ANSWER if current else {rules.CLOSED: rules.CLOSING, rules.ANSWERED: rules.ELSEWHERE}.get(case.state)
    if kind is None:
        return moved
    owed = _owed_messages(case, current)
    same = Reply.objects.filter(kind=kind, version=current)
    # A Reply that was overtaken before it was sent, and is owed again (the Message came back, say), is revived.
    unsent = same.filter(message__in=owed, void_at__isnull=False, done_at__isnull=True)
    revived = unsent.update(void_at=None, due_at=now)
    missing = owed.filter(~Exists(same.filter(message=OuterRef("pk"))))
    # Whoever is told what the Case says need not hear any more that it came and who has it, least of all after it.
    void_unsent(Reply.objects.filter(message__in=owed, kind__in=OVERTAKEN), now=now)
    new = [Reply(message=each, kind=kind, version=current, due_at=now) for each in missing]
    return moved + revived + len(Reply.objects.bulk_create(new, ignore_conflicts=True))


def _owe_move(case: Case, *, now: datetime) -> int:
    """Owe whoever asked before a Member gave the open Case to another Unit that it lies there; how many are owed."""
    move = case.reassignments.filter(by__isnull=False).order_by("pk").last() if case.state == rules.OPEN else None
    if move is None:
        return 0
    asked = case.messages.filter(withdrawn_at__isnull=True, received_at__lte=move.at)
    told = Reply.objects.filter(message=OuterRef("pk"), move=move)
    earlier = Reply.objects.filter(message__in=asked, kind=rules.HANDED_OVER)
    void_unsent(earlier.exclude(move=move), now=now)  # where it lay in between is of no use to anybody
    new = [Reply(message=each, kind=rules.HANDED_OVER, move=move, due_at=now) for each in asked.filter(~Exists(told))]
    return len(Reply.objects.bulk_create(new, ignore_conflicts=True))


def _end(case: Case, *, now: datetime) -> int:
    """Write down how the Case's Messages ended, once each, with the leaves that let anybody count them; how many."""
    if case.state not in (rules.ANSWERED, rules.CLOSED):
        return 0
    current = case.answer.current if hasattr(case, "answer") else None
    waiting = case.messages.filter(ended__isnull=True).select_related("opening").order_by("pk")[:AT_ONCE]
    kind = rules.logged_outcome(current.outcome if current else "")
    return record_outcomes(waiting, kind=kind, number=case.number if case.state == rules.ANSWERED else "", now=now)


def _owed_messages(case: Case, current: AnswerVersion | None) -> QuerySet[Message]:
    """Who is owed what the Case says: its Messages; of a withdrawal, everybody who may have read the Answer.

    They include who has left the Case since, and whose letter was on its way when its worker died. Whoever withdrew
    their Message is owed nothing.
    """
    if current is None or current.step != rules.WITHDRAW:
        return case.messages.filter(withdrawn_at__isnull=True)
    begun = Q(done_at__isnull=False) | Q(tries__gt=0)
    told = Reply.objects.filter(begun, message=OuterRef("pk"), version__answer=current.answer_id)
    return Message.objects.filter(Exists(told), withdrawn_at__isnull=True)


def forget_changes(*, now: datetime) -> int:
    """Delete the index's change rows of more than 7 days ago; returns how many. The newest stays as the mark."""
    newest = Change.objects.aggregate(newest=Max("pk"))["newest"] or 0
    return Change.objects.filter(at__lt=now - KEPT, pk__lt=newest).delete()[0]
