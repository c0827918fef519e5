"""What was asked back about Messages, what was answered, and which questions are over."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q

from sangto.desk import rules
from sangto.desk.models import Case, Message, Pause, Question


@dataclass(frozen=True)
class AskedBack:
    """One question about a Message and its answer (empty while there is none). `ending` is empty while it is open."""

    text: str
    asked_at: datetime
    answer_due_on: date
    ended_at: datetime | None
    ending: str
    answer: str
    answered_at: datetime | None


def asked_back(messages: Iterable[Message]) -> Mapping[int, list[AskedBack]]:
    """The questions about these Messages with their answers, by Message, oldest first; one query."""
    found: dict[int, list[AskedBack]] = {}
    rows = Question.objects.filter(message__in=[each.pk for each in messages]).select_related("addition")
    for row in rows.order_by("pk"):
        found.setdefault(row.message_id, []).append(_asked(row))
    return found


def asked_about(message: Message) -> list[AskedBack]:
    """The questions about one Message with their answers, oldest first."""
    return asked_back([message]).get(message.pk, [])


def _asked(row: Question) -> AskedBack:
    addition = getattr(row, "addition", None)
    text, at = (addition.text, addition.at) if addition else ("", None)
    return AskedBack(row.text, row.asked_at, row.answer_due_on, row.ended_at, row.ending, text, at)


def answerable(message: Message) -> Question | None:
    """The newest question that can still be answered: no answer yet, its Message not withdrawn, its Case open."""
    if message.withdrawn_at or message.case.state != rules.OPEN:
        return None
    waiting = message.questions.filter(addition__isnull=True, ending__in=("", rules.LAPSED))
    return waiting.order_by("-pk").first()


def questions_over(*, today: date, limit: int) -> list[tuple[int, str]]:
    """Open questions that are over, by id, with how they ended: settled with their Case, or lapsed."""
    open_ = Question.objects.filter(ended_at__isnull=True).exclude(message__case__state=rules.OPEN)
    settled = [(pk, rules.SETTLED) for pk in open_.values_list("pk", flat=True)[:limit]]
    late = Question.objects.filter(ended_at__isnull=True, message__case__state=rules.OPEN, answer_due_on__lt=today)
    return settled + [(pk, rules.LAPSED) for pk in late.values_list("pk", flat=True)[:limit]]


def cases_to_resume(*, limit: int) -> list[Case]:
    """Cases whose clock stands although they are over, or wait for no answer of anybody who asks them."""
    asked = Question.objects.filter(message__case=OuterRef("pk"), ended_at__isnull=True)
    stands = Pause.objects.filter(case=OuterRef("pk"), ended_at__isnull=True)
    over = ~Exists(asked) | ~Q(state=rules.OPEN)
    return list(Case.objects.filter(Exists(stands)).filter(over).order_by("pk")[:limit])
