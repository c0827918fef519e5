"""Owe everybody who asked what their Case now says; found from state, so the next tick makes any crash good."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from sangto.desk import rules
from sangto.desk.models import AnswerVersion, Case, Change, Message, Reply

KEPT = timedelta(days=7)


def follow_up(*, now: datetime, limit: int = 100) -> int:
    """Make the Replies that the Cases marked as owing are due, Case by Case; returns how many Replies were made."""
    due = list(Case.objects.filter(owes=True).order_by("pk").values_list("pk", flat=True)[:limit])
    return sum(_follow_up_case(pk, now=now) for pk in due)


@transaction.atomic
def _follow_up_case(pk: int, *, now: datetime) -> int:
    # Whoever adds a Message also marks the Case, and waits for this lock: nobody slips between reading and clearing.
    case = Case.objects.select_for_update().get(pk=pk)
    made = Reply.objects.bulk_create(_owed(case, now=now), ignore_conflicts=True)
    Case.objects.filter(pk=pk).update(owes=False)
    return len(made)


def _owed(case: Case, *, now: datetime) -> list[Reply]:
    current = case.answer.current if hasattr(case, "answer") else None
    if current:
        return [_reply(each, rules.ANSWER, current, now) for each in _untold(case, current)]
    kind = {rules.CLOSED: rules.CLOSING, rules.ANSWERED: rules.ELSEWHERE}.get(case.state)
    if kind is None:
        return []
    told = Reply.objects.filter(message=OuterRef("pk"), kind=kind)
    return [_reply(each, kind, None, now) for each in case.messages.filter(~Exists(told))]


def _untold(case: Case, current: AnswerVersion) -> QuerySet[Message]:
    """Messages without a Reply on the current version; a withdrawal goes only to those who had been told the Answer."""
    mine = Reply.objects.filter(message=OuterRef("pk"))
    messages = case.messages.filter(~Exists(mine.filter(version=current)))
    if current.step == rules.WITHDRAW:
        messages = messages.filter(Exists(mine.filter(version__answer=current.answer, done_at__isnull=False)))
    return messages


def _reply(message: Message, kind: str, version: AnswerVersion | None, now: datetime) -> Reply:
    return Reply(message=message, kind=kind, version=version, due_at=now)


def forget_changes(*, now: datetime) -> int:
    """Delete the index's change rows of more than 7 days ago; returns how many. The newest stays as the mark."""
    newest = Change.objects.aggregate(newest=Max("pk"))["newest"] or 0
    return Change.objects.filter(at__lt=now - KEPT, pk__lt=newest).delete()[0]
