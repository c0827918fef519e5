"""Replies that are due, and what a channel needs to send one."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from sangto.desk.models import AnswerVersion, Message, Reply
from sangto.vault.queries import address_of


@dataclass(frozen=True)
class Letter:
    """What a channel needs to tell one sender one thing. `address` is None where the sender left none."""

    kind: str
    message: Message
    version: AnswerVersion | None
    address: str | None
    question: str = ""  # what the desk asks back
    unit: str = ""  # which has the Case now


def replies_waiting() -> QuerySet[Reply]:
    """Replies neither sent, nor overtaken, nor given up."""
    return Reply.objects.filter(Reply.waiting())


def replies_due(*, now: datetime, limit: int) -> list[Reply]:
    """Replies that may be sent now and that no living worker holds, oldest first."""
    return list(replies_waiting().filter(Reply.free(now)).order_by("due_at", "pk")[:limit])


def letter_for(reply: Reply) -> Letter:
    """The Reply with its address opened; raises vault's KeyGone when the day's key was destroyed."""
    message = Message.objects.select_related("case", "contact").get(pk=reply.message_id)
    address = address_of(message.contact) if message.contact else None
    question = reply.question.text if reply.question else ""
    return Letter(reply.kind, message, reply.version, address, question, str(reply.move.to_unit) if reply.move else "")


def replies_given_up() -> int:
    """How many Replies the desk has given up."""
    return Reply.objects.filter(gave_up_at__isnull=False).count()


def reply_counts() -> dict[str, int]:
    """How many Replies wait, were sent, and were given up."""
    return {
        "waiting": replies_waiting().count(),
        "sent": Reply.objects.filter(done_at__isnull=False).count(),
        "given_up": replies_given_up(),
    }
