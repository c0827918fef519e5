"""Everything the desk holds about one Message, for its sender: what the data page says and the export carries."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from sangto.desk.models import Message, Outcome
from sangto.desk.queries.asking import asked_about
from sangto.desk.queries.messages import as_reasons, follow_token
from sangto.desk.queries.receipts import outcome_receipt_of, receipt_of
from sangto.desk.queries.requests import requests_of
from sangto.engine.decide import Reason
from sangto.vault.models import Contact
from sangto.vault.rules import ends_on


@dataclass(frozen=True)
class HeldReply:
    """A Reply in any state: waiting, sent, given_up, or void (overtaken, forgotten). `n`: the version, 0 for others."""

    kind: str
    n: int
    state: str
    due_at: datetime
    sent_at: datetime | None


@dataclass(frozen=True)
class HeldJoining:
    """Into which Case the Message was put, by whom (engine, person, member), when, and why."""

    case: str
    decided_by: str
    at: datetime
    sureness: float | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class HeldOffer:
    """An answer that was shown as "is it one of these?"; `chosen` is None while nothing was said."""

    answer: str
    rank: int
    sureness: float
    reasons: tuple[Reason, ...]
    chosen: bool | None


@dataclass(frozen=True)
class HeldStep:
    """What the desk did about a request, with its reply to the sender; `reason` is the code of a refusal."""

    step: str
    at: datetime
    reply: str
    reason: str


@dataclass(frozen=True)
class HeldRequest:
    """A request about this data, with the days by which it is owed."""

    number: str
    kind: str
    words: str
    state: str
    made_at: datetime
    answer_due_on: date
    done_due_on: date
    steps: tuple[HeldStep, ...]


@dataclass(frozen=True)
class HeldQuestion:
    """What the desk asked back, until when, how it ended (empty while it is open), and what was answered to it."""

    text: str
    asked_at: datetime
    answer_due_on: date
    ended_at: datetime | None
    ending: str
    answer: str
    answered_at: datetime | None


@dataclass(frozen=True)
class HeldOutcome:
    """How the Message ended, as the log has it."""

    kind: str
    answer: str
    at: datetime


@dataclass(frozen=True)
class Held:
    """Everything that is held about one Message. A return address is never opened for it: only whether there is one."""

    number: str
    token: str
    text: str
    place: str
    lang: str
    kind: str
    channel: str
    told_first: str
    received_at: datetime
    withdrawn_at: datetime | None
    deliveries: int  # keyed hashes that tell a repeat of the same delivery
    contact_day: date | None  # of the key to which the return address is sealed
    contact_until: date | None
    has_opening: bool
    has_receipt: bool
    has_outcome_receipt: bool
    outcome: HeldOutcome | None
    replies: tuple[HeldReply, ...]
    joinings: tuple[HeldJoining, ...]
    offers: tuple[HeldOffer, ...]
    requests: tuple[HeldRequest, ...]
    questions: tuple[HeldQuestion, ...]


def held_about(message: Message) -> Held:
    """What is held about the Message now, in a number of queries that does not grow with it."""
    receipt, outcome_receipt = receipt_of(message), outcome_receipt_of(message)
    contact, outcome = message.contact, Outcome.objects.filter(message=message).first()
    return Held(
        number=message.number,
        token=follow_token(message),
        text=message.text,
        place=message.place,
        lang=message.lang,
        kind=message.case.kind,
        channel=message.channel,
        told_first=message.outcome,
        received_at=message.received_at,
        withdrawn_at=message.withdrawn_at,
        deliveries=message.deliveries.count(),
        contact_day=contact.day if contact else None,
        contact_until=_contact_until(contact) if contact else None,
        has_opening=message.opening is not None,
        has_receipt=receipt is not None and receipt.is_ready,
        has_outcome_receipt=outcome_receipt is not None and outcome_receipt.is_ready,
        outcome=HeldOutcome(outcome.kind, outcome.answer, outcome.at) if outcome else None,
        replies=_replies(message),
        joinings=_joinings(message),
        offers=_offers(message),
        requests=_requests(message),
        questions=tuple(HeldQuestion(**vars(each)) for each in asked_about(message)),
    )


def _contact_until(contact: Contact) -> date:
    """The day on which the return address is gone at the latest, whatever happens."""
    return ends_on(contact.arrived_on, days=settings.VAULT_CONTACT_MOST_DAYS)


def _replies(message: Message) -> tuple[HeldReply, ...]:
    rows = message.replies.select_related("version").order_by("pk")
    return tuple(
        HeldReply(row.kind, row.version.n if row.version else 0, row.state, row.due_at, row.done_at) for row in rows
    )


def _joinings(message: Message) -> tuple[HeldJoining, ...]:
    rows = message.joinings.select_related("case").order_by("pk")
    return tuple(
        HeldJoining(row.case.number, row.decided_by, row.at, row.sureness, as_reasons(row.reasons)) for row in rows
    )


def _offers(message: Message) -> tuple[HeldOffer, ...]:
    rows = message.offers.select_related("case").order_by("rank")
    return tuple(
        HeldOffer(row.case.number, row.rank, row.sureness, as_reasons(row.reasons), row.chosen) for row in rows
    )


def _requests(message: Message) -> tuple[HeldRequest, ...]:
    return tuple(
        HeldRequest(
            number=row.number,
            kind=row.kind,
            words=row.words,
            state=row.state,
            made_at=row.made_at,
            answer_due_on=row.answer_due_on,
            done_due_on=row.done_due_on,
            steps=tuple(HeldStep(each.step, each.at, each.reply, each.reason) for each in row.steps.all()),
        )
        for row in requests_of(message)
    )
