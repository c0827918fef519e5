"""What a sender says about the answers they were shown, and about what kind of message it is."""

from datetime import datetime

from django.db import transaction

from sangto.desk import rules
from sangto.desk.actions.grouping import Joined, enter, new_case, touch
from sangto.desk.models import Case, Message, Reply
from sangto.desk.queries.messages import as_reasons


class CannotChoose(Exception):
    """The choice does not fit the Message's state. `code`: not_offered, not_answered, unknown_kind or too_late."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def accept_offer(message: Message, *, case: Case, now: datetime) -> None:
    """The sender says that this offered answer settles their question: the Message joins its Case."""
    message = _locked(message)
    offer = message.offers.filter(case=case, chosen__isnull=True).first()
    target = Case.objects.select_for_update().get(pk=case.pk)
    if offer is None or target.state != rules.ANSWERED:
        raise CannotChoose("not_offered")
    offer.chosen = True
    offer.save(update_fields=["chosen"])
    message.offers.filter(chosen__isnull=True).update(chosen=False)
    left = message.case
    enter(message, target, joined=Joined(offer.sureness, as_reasons(offer.reasons)), now=now, left=left,
          decided_by="person")  # fmt: skip
    _empty_case_goes(left, into=target, now=now)
    touch(target, now=now)


@transaction.atomic
def decline_answers(message: Message, *, now: datetime) -> None:
    """The sender says "none of these": offers are put away; an instant answer gives way to a Case of its own."""
    message = _locked(message)
    if message.offers.filter(chosen__isnull=True).update(chosen=False):
        return
    if message.case.state != rules.ANSWERED:
        raise CannotChoose("not_answered")
    _set_aside(message, kind=message.case.kind, now=now)


@transaction.atomic
def change_kind(message: Message, *, kind: str, now: datetime) -> None:
    """The sender says: something to check, or something to fix. A Message among others gets a Case of its own."""
    if kind not in rules.KINDS:
        raise CannotChoose("unknown_kind")
    message = _locked(message)
    case = Case.objects.select_for_update().get(pk=message.case_id)
    if case.kind == kind:
        return
    if case.state != rules.OPEN or hasattr(case, "answer"):
        raise CannotChoose("too_late")
    if case.messages.exclude(pk=message.pk).exists():
        _set_aside(message, kind=kind, now=now)
        return
    case.kind = kind
    case.save(update_fields=["kind"])
    case.wordings.all().delete()
    message.offers.filter(chosen__isnull=True).update(chosen=False)
    touch(case, now=now)


def _locked(message: Message) -> Message:
    return Message.objects.select_for_update(of=("self",)).select_related("case").get(pk=message.pk)


def _set_aside(message: Message, *, kind: str, now: datetime) -> None:
    left = message.case
    case = new_case(message.text, kind=kind, lang=message.lang, place=message.place, now=now)
    enter(message, case, joined=Joined(), now=now, left=left, decided_by="person")
    message.replies.filter(done_at__isnull=True, void_at__isnull=True).update(void_at=now)
    Reply.objects.get_or_create(message=message, kind=rules.ACKNOWLEDGED, version=None, defaults={"due_at": now})
    touch(case, now=now)
    touch(left, now=now)


def _empty_case_goes(case: Case, *, into: Case, now: datetime) -> None:
    """A Case whose only Message found its answer elsewhere leaves the queue; its words lead to the answer."""
    if case.messages.exists() or hasattr(case, "answer"):
        return
    case.wordings.update(case=into)
    Case.objects.filter(pk=case.pk).update(state=rules.MERGED, merged_into=into, settled_at=now)
    touch(case, now=now)
