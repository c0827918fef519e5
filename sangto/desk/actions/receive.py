"""Take one message in: redact, match, then keep everything in ONE transaction."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from sangto.desk import matcher, rules
from sangto.desk.actions.grouping import Entering, enter, owner_of, stored, touch
from sangto.desk.actions.record import record_received
from sangto.desk.actions.room import NoRoom, or_no_room
from sangto.desk.models import Case, Delivery, Message, Offer, Reply
from sangto.desk.queries.room import LOOK
from sangto.engine.crash import crash_point
from sangto.engine.kind import guess_kind
from sangto.engine.redact import redact
from sangto.engine.text import is_binary, is_empty, normal
from sangto.vault.actions import draw_opening, keep, seal
from sangto.vault.models import Contact
from sangto.vault.queries import NoKey

PLACE_CHARS = 200
__all__ = ["CannotReceive", "Incoming", "NoKey", "Received", "receive"]


@dataclass(frozen=True)
class Incoming:
    """What a channel took out of a delivery: named fields only. The address is sealed before anything is kept.

    `external_id` is the channel's own id of the delivery; `kind` is None where the sender did not choose.
    """

    channel: str
    external_id: str
    text: str
    lang: str = "vi"
    kind: str | None = None
    place: str = ""
    address: str | None = None


@dataclass(frozen=True)
class Received:
    """A kept Message; `repeated` when this delivery had been kept before and nothing changed."""

    message: Message
    repeated: bool


class CannotReceive(Exception):
    """The delivery is refused.

    `code`: empty, too_long, place_too_long, not_text, unknown_kind, unknown_lang or other_body.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def receive(incoming: Incoming, *, now: datetime) -> Received:
    """Keep the message, join it to a Case, and owe its sender a Reply; a repeated delivery changes nothing.

    Raises CannotReceive when it is no usable text, or when the same external id came with another body; NoKey when an
    address comes along that cannot be sealed now, and NoRoom when nothing can be kept: then it is to be sent again
    later. What was kept before is found again also then.
    """
    _check(incoming)
    with or_no_room():
        return _receive(incoming, now=now)


def _receive(incoming: Incoming, *, now: datetime) -> Received:
    crash_point("intake.parsed")
    earlier = _delivered(incoming)
    if earlier:
        return Received(earlier, repeated=True)
    if not LOOK.has_room(now=now):
        raise NoRoom
    text, place = redact(normal(incoming.text)).text, redact(normal(incoming.place)).text
    kind = incoming.kind or guess_kind(text)
    finding = matcher.find(text, kind=kind, place=place)
    crash_point("intake.matched")
    contact = seal(incoming.address, on=timezone.localdate(now)) if incoming.address else None
    crash_point("intake.sealed")
    entering = Entering(text=text, place=place, lang=incoming.lang, kind=kind, finding=finding)
    try:
        message = _keep(incoming, entering, contact, now=now)
    except IntegrityError:
        # The same delivery arrived twice at once: the other one won, and its Message is the answer.
        earlier = _delivered(incoming)
        if earlier is None:
            raise
        return Received(earlier, repeated=True)
    crash_point("intake.committed")
    return Received(message, repeated=False)


@transaction.atomic
def _keep(incoming: Incoming, entering: Entering, contact: Contact | None, *, now: datetime) -> Message:
    case, joined = owner_of(entering, now=now)
    crash_point("intake.joined")
    outcome = _outcome(case, entering.finding)
    message = Message.objects.create(
        case=case,
        text=entering.text,
        lang=entering.lang,
        place=entering.place,
        channel=incoming.channel,
        contact=keep(contact) if contact else None,
        opening=draw_opening(),
        outcome=outcome,
        received_at=now,
    )
    crash_point("intake.kept")
    key = delivery_key(incoming.channel, incoming.external_id)
    Delivery.objects.create(key=key, body=_body(incoming), message=message)
    crash_point("intake.delivered")
    record_received(message, now=now)
    crash_point("intake.logged")
    enter(message, case, joined=joined, now=now)
    if outcome == rules.OFFERED:
        _offer(message, entering.finding)
    _owe(message, case, now=now)
    touch(case, now=now)
    crash_point("intake.before_commit")
    return message


def _outcome(case: Case, finding: matcher.Finding) -> str:
    if case.state == rules.ANSWERED:
        return rules.ANSWERED_AT_ONCE
    return rules.OFFERED if finding.offers and case.state == rules.OPEN else rules.RECEIVED


def _offer(message: Message, finding: matcher.Finding) -> None:
    Offer.objects.bulk_create(
        Offer(message=message, case_id=each.id, rank=rank, sureness=each.sureness, reasons=stored(each.reasons))
        for rank, each in enumerate(finding.offers, start=1)
    )


def _owe(message: Message, case: Case, *, now: datetime) -> None:
    current = case.answer.current if case.state == rules.ANSWERED and hasattr(case, "answer") else None
    kind = rules.ACKNOWLEDGED
    if current:
        kind = rules.ANSWER
    elif case.state == rules.ANSWERED:
        kind = rules.ELSEWHERE
    elif case.state == rules.CLOSED:
        kind = rules.CLOSING
    Reply.objects.create(message=message, kind=kind, version=current, due_at=now)


def _check(incoming: Incoming) -> None:
    if is_empty(normal(incoming.text)):
        raise CannotReceive("empty")
    if is_binary(incoming.text):
        raise CannotReceive("not_text")
    if len(normal(incoming.text)) > settings.MESSAGE_MAX_CHARS:
        raise CannotReceive("too_long")
    if len(normal(incoming.place)) > PLACE_CHARS:
        raise CannotReceive("place_too_long")
    if incoming.kind not in (None, *rules.KINDS):
        raise CannotReceive("unknown_kind")
    if incoming.lang not in rules.LANGUAGES:
        raise CannotReceive("unknown_lang")


def _delivered(incoming: Incoming) -> Message | None:
    key = delivery_key(incoming.channel, incoming.external_id)
    for body, pk in Delivery.objects.filter(key=key).values_list("body", "message"):
        if body != _body(incoming):
            raise CannotReceive("other_body")
        return Message.objects.select_related("case").get(pk=pk)
    return None


def delivery_key(channel: str, external_id: str) -> str:
    """What a Delivery keeps in the place of its channel's own id."""
    value = f"{channel}\0{external_id}"
    return salted_hmac("sangto.delivery", value, algorithm="sha256").hexdigest()


def _body(incoming: Incoming) -> str:
    parts = (incoming.text, incoming.lang, incoming.kind or "", incoming.place)
    # Escapes keep lone surrogates, which a chat can deliver, from raising here. Keyed like the id: from a plain hash
    # of the text as it came, whoever has the database could find out the numbers that were masked.
    value = "\0".join(parts).encode(errors="backslashreplace")
    return salted_hmac("sangto.delivery.body", value, algorithm="sha256").hexdigest()
