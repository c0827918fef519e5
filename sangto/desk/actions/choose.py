"""What a sender says about the answers they were shown, and about what kind of message it is."""

from datetime import datetime

from django.db import transaction

from sangto.desk import rules
from sangto.desk.actions.clock import change_term
from sangto.desk.actions.findable import renew_words
from sangto.desk.actions.grouping import (
    Joined,
    close_if_all_withdrew,
    enter,
    lock_cases,
    merge_away,
    new_case,
    touch,
)
from sangto.desk.models import Case, Message, Reply
from sangto.desk.queries.messages import as_reasons


class CannotChoose(Exception):
    """The choice does not fit the Message's state.

    `code`: not_offered, not_answered, unknown_kind, too_late or message_withdrawn.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def accept_offer(message: Message, *, case: Case, now: datetime) -> None:
    """The sender says that this offered answer settles their question: the Message joins its Case."""
    message, cases = _locked(message, also=case)
    left, target = message.case, cases[case.pk]
    offer = message.offers.filter(case=case).exclude(chosen=False).first()
    if offer is None or target.state != rules.ANSWERED:
        raise CannotChoose("not_offered")
    if left == target:
        return  # said twice
    offer.chosen = True
    offer.save(update_fields=["chosen"])
    _put_offers_away(message)
    joined = Joined(offer.sureness, as_reasons(offer.reasons))
    enter(message, target, joined=joined, now=now, left=left, decided_by="person")
    renew_words([left])
    _empty_case_goes(left, into=target, now=now)
    touch(target, now=now)


@transaction.atomic
def decline_answers(message: Message, *, now: datetime) -> None:
    """The sender says "none of these": offers are put away; an instant answer gives way to a Case of its own."""
    message, _ = _locked(message)
    put_away = _put_offers_away(message)
    if message.case.state == rules.ANSWERED:
        _set_aside(message, kind=message.case.kind, now=now)
    elif not put_away:
        raise CannotChoose("not_answered")


@transaction.atomic
def change_kind(message: Message, *, kind: str, now: datetime) -> None:
    """The sender says: something to check, or something to fix. A Message among others gets a Case of its own."""
    if kind not in rules.KINDS:
        raise CannotChoose("unknown_kind")
    message, _ = _locked(message)
    case = message.case
    if case.kind == kind:
        return
    if case.state != rules.OPEN or hasattr(case, "answer"):
        raise CannotChoose("too_late")
    _put_offers_away(message)
    if case.messages.exclude(pk=message.pk).exists():
        _set_aside(message, kind=kind, now=now)
        return
    case.kind = kind
    case.save(update_fields=["kind"])
    change_term(case)
    case.wordings.all().delete()
    touch(case, now=now)


def _locked(message: Message, *, also: Case | None = None) -> tuple[Message, dict[int, Case]]:
    """The Message with its Case, and the Cases by id, all as they are now: Cases locked first, as everywhere."""
    case_id = Message.objects.values_list("case", flat=True).get(pk=message.pk)
    cases = lock_cases(case_id, *([also.pk] if also else []))
    message = Message.objects.select_for_update(no_key=True).get(pk=message.pk)
    if message.case_id not in cases:  # an officer moved it a moment ago
        raise CannotChoose("too_late")
    if message.withdrawn_at:
        raise CannotChoose("message_withdrawn")
    message.case = cases[message.case_id]
    return message, cases


def _put_offers_away(message: Message) -> int:
    return message.offers.filter(chosen__isnull=True).update(chosen=False)


def _set_aside(message: Message, *, kind: str, now: datetime) -> None:
    left = message.case
    case = new_case(message.text, kind=kind, lang=message.lang, place=message.place, now=now)
    enter(message, case, joined=Joined(), now=now, left=left, decided_by="person")
    renew_words([left])
    Reply.objects.get_or_create(message=message, kind=rules.ACKNOWLEDGED, version=None, defaults={"due_at": now})
    touch(case, now=now)
    touch(left, now=now)
    close_if_all_withdrew(left, now=now)


def _empty_case_goes(case: Case, *, into: Case, now: datetime) -> None:
    """A Case whose only Message found its answer elsewhere leaves the queue; its words lead to the answer."""
    close_if_all_withdrew(case, now=now)
    if case.messages.exists() or hasattr(case, "answer") or hasattr(case, "foreign"):
        return
    case.wordings.update(case=into)
    merge_away(case, into=into)
    touch(case, now=now)
