"""An officer asks those who wrote something, and what they answer joins their Message. Nobody sees who they are."""

from collections.abc import Collection
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from sangto.desk import rules
from sangto.desk.actions.deeds import note_deed, roles_on
from sangto.desk.actions.grouping import lock_cases, still_asked, void_unsent
from sangto.desk.actions.pause import pause, resume
from sangto.desk.actions.receive import delivery_key
from sangto.desk.actions.room import NoRoom, or_no_room
from sangto.desk.models import Addition, Case, Delivery, Message, Pause, Question, Reply
from sangto.desk.queries.asking import answerable, cases_to_resume, questions_over
from sangto.desk.queries.calendars import calendars
from sangto.desk.queries.room import LOOK
from sangto.engine.redact import redact
from sangto.engine.text import is_binary, is_empty, normal
from sangto.engine.workdays import add_working_days
from sangto.people.models import Member
from sangto.people.rules import may_write

QUESTIONS_A_MESSAGE = 3  # or a desk could let its clock stand for ever
AT_ONCE = 200


class CannotAsk(Exception):
    """Nobody was asked.

    `code`: not_allowed, empty, not_text, too_long, no_messages, case_over, asked_before or too_often.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class CannotAdd(Exception):
    """Nothing was added. `code`: empty, not_text, too_long, no_question or message_withdrawn."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def ask_back(case: Case, *, messages: Collection[Message], text: str, by: Member, now: datetime) -> list[Question]:
    """Ask the senders of these Messages of an open Case; each is owed a Reply, and the Case's clock stands.

    What could be somebody's data in the text is masked. Raises CannotAsk, and then nobody was asked.
    """
    if not may_write(roles_on(case, by)):
        raise CannotAsk("not_allowed")
    fault = _fault(text, limit=settings.QUESTION_MAX_CHARS)
    if fault:
        raise CannotAsk(fault)
    return _ask(case.pk, {each.pk for each in messages}, redact(normal(text)).text, by=by, now=now)


@transaction.atomic
def _ask(pk: int, chosen: set[int], text: str, *, by: Member, now: datetime) -> list[Question]:
    case = lock_cases(pk)[pk]
    messages = list(still_asked(case).filter(pk__in=chosen))
    if case.state != rules.OPEN:
        raise CannotAsk("case_over")
    if not messages or len(messages) != len(chosen):
        raise CannotAsk("no_messages")
    _check_asked(messages)
    calendar = calendars().of(case.unit_id)
    due = add_working_days(timezone.localdate(now), settings.QUESTION_WORKING_DAYS, calendar=calendar)
    asked = [_ask_one(each, text, by=by, due=due, now=now) for each in messages]
    pause(case, now=now)
    note_deed("asked_back", case, by=by, now=now)
    return asked


def _ask_one(message: Message, text: str, *, by: Member, due: date, now: datetime) -> Question:
    row = Question.objects.create(message=message, text=text, asked_by=by, asked_at=now, answer_due_on=due)
    Reply.objects.create(message=message, kind=rules.QUESTION, question=row, due_at=now)
    return row


def _check_asked(messages: Collection[Message]) -> None:
    for message in messages:
        if message.questions.filter(ended_at__isnull=True).exists():
            raise CannotAsk("asked_before")
        if message.questions.count() >= QUESTIONS_A_MESSAGE:
            raise CannotAsk("too_often")


def add_answer(message: Message, *, text: str, now: datetime, channel: str = "", external_id: str = "") -> Addition:
    """What the sender answers to the open question about their Message, kept once; the Case's clock goes on.

    Personal data is masked before anything is kept. A repeat (the same delivery of a channel, or the same words) gives
    what was kept. A question whose time has passed can still be answered. Raises CannotAdd, and NoRoom.
    """
    fault = _fault(text, limit=settings.MESSAGE_MAX_CHARS)
    if fault:
        raise CannotAdd(fault)
    with or_no_room():
        return _add(message.pk, redact(normal(text)).text, channel=channel, external_id=external_id, now=now)


@transaction.atomic
def _add(pk: int, text: str, *, channel: str, external_id: str, now: datetime) -> Addition:
    case = lock_cases(Message.objects.values_list("case", flat=True).get(pk=pk))
    message = Message.objects.select_for_update(no_key=True, of=("self",)).select_related("case").get(pk=pk)
    if message.withdrawn_at:
        raise CannotAdd("message_withdrawn")
    last = message.questions.order_by("-pk").first()
    if last is None:
        raise CannotAdd("no_question")
    key = delivery_key(channel, external_id) if external_id else delivery_key("question", f"{last.pk}\0{text}")
    earlier = Addition.objects.filter(key=key, message=message).first()
    if earlier:
        return earlier
    question = answerable(message)
    if question is None or message.case_id not in case or Delivery.objects.filter(key=key).exists():
        raise CannotAdd("no_question")
    if not LOOK.has_room(now=now):
        raise NoRoom
    added = Addition.objects.create(message=message, question=question, text=text, key=key, at=now)
    _end(question, rules.ANSWERED, now=now)
    resume(message.case, now=now)
    return added


def end_questions(*, now: datetime) -> int:
    """End questions whose time has passed or whose Case is over, and let clocks go on that wait for no answer.

    Found from state: after a crash the next round goes on. Returns how many questions ended and clocks went on.
    """
    done = 0
    for pk, ending in questions_over(today=timezone.localdate(now), limit=AT_ONCE):
        done += _end_one(pk, ending, now=now)
    for case in cases_to_resume(limit=AT_ONCE):
        resume(case, now=now)
        done += not Pause.objects.filter(case=case, ended_at__isnull=True).exists()
    return done


@transaction.atomic
def _end_one(pk: int, ending: str, *, now: datetime) -> int:
    lock_cases(Question.objects.values_list("message__case", flat=True).get(pk=pk))
    question = Question.objects.select_related("message").get(pk=pk)
    if question.ended_at:  # it was answered a moment ago
        return 0
    _end(question, ending, now=now)
    return 1


def _end(question: Question, ending: str, *, now: datetime) -> None:
    """End a question once; one that had lapsed and is answered after all stays what it is."""
    at = max(now, question.asked_at)
    Question.objects.filter(pk=question.pk, ended_at__isnull=True).update(ended_at=at, ending=ending)
    void_unsent(Reply.objects.filter(question=question), now=now)


def _fault(text: str, *, limit: int) -> str:
    if is_binary(text):
        return "not_text"
    if is_empty(normal(text)):
        return "empty"
    return "too_long" if len(normal(text)) > limit else ""
