"""Where one Message stands, for its sender: the tracking page, the API and the replies on every channel read this."""

import json
from dataclasses import dataclass
from datetime import datetime

from django.core import signing

from sangto.desk import rules
from sangto.desk.models import Case, Joining, Message, Reply
from sangto.desk.queries.answers import PublicAnswer, answers_in
from sangto.engine.decide import Reason

SIGNER = signing.Signer(salt="sangto.follow", sep=".")


@dataclass(frozen=True)
class Suggestion:
    """A public answer shown to a sender, with why it was found."""

    answer: PublicAnswer
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Told:
    """One Reply that reached its sender: the version's number (0 for other replies), when, and the Unit it names."""

    kind: str
    n: int
    at: datetime
    unit: str = ""


@dataclass(frozen=True)
class Standing:
    """Where a Message stands. `outcome`: answered, offered, received, closed, withdrawn. `queue_place`: from 1."""

    number: str
    token: str
    text: str
    lang: str
    kind: str
    place: str
    received_at: datetime
    outcome: str
    queue_place: int | None
    asked: int
    suggestions: tuple[Suggestion, ...]
    told: tuple[Told, ...]
    can_change_kind: bool
    withdrawn: PublicAnswer | None = None  # the answer that the Case had and that was taken back
    withdrawn_at: datetime | None = None  # when the sender withdrew the Message itself

    @property
    def answer(self) -> PublicAnswer | None:
        """The answer that settles the Message's Case, or None while there is none."""
        return self.suggestions[0].answer if self.outcome == rules.ANSWERED_AT_ONCE else None


def follow_token(message: Message) -> str:
    """The secret part of a Message's follow link: its id, signed (HMAC-SHA256). Nothing of it is stored."""
    return SIGNER.sign(str(message.pk))


def message_by_token(token: str) -> Message | None:
    """The Message whose follow link this is, or None for any other text."""
    try:
        pk = int(SIGNER.unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return Message.objects.select_related("case").filter(pk=pk).first()


def standing_of(message: Message) -> Standing:
    """Where the Message stands now."""
    if message.withdrawn_at:
        return _withdrawn(message)
    case, offered = message.case, _offered(message)
    public = {each.case_id: each for each in answers_in([case.pk, *offered])}
    found = public.pop(case.pk, None)
    settled = found if found and not found.withdrawn else None
    offers = () if found else _offers(offered, public)
    return Standing(
        number=message.number,
        token=follow_token(message),
        text=message.text,
        lang=message.lang,
        kind=case.kind,
        place=message.place,
        received_at=message.received_at,
        outcome=_outcome(case, settled=bool(settled), offered=bool(offers)),
        queue_place=queue_place(case),
        asked=case.messages.filter(withdrawn_at__isnull=True).count(),
        suggestions=(Suggestion(settled, _reasons(message, case)),) if settled else offers,
        told=_told(message),
        can_change_kind=case.state == rules.OPEN and found is None,
        withdrawn=found if settled is None else None,
    )


def _withdrawn(message: Message) -> Standing:
    """Of a withdrawn Message nothing stands but that it was: neither its words nor what its Case says."""
    return Standing(
        number=message.number,
        token=follow_token(message),
        text=message.text,
        lang=message.lang,
        kind=message.case.kind,
        place=message.place,
        received_at=message.received_at,
        outcome=rules.WITHDRAWN,
        queue_place=None,
        asked=0,
        suggestions=(),
        told=_told(message),
        can_change_kind=False,
        withdrawn_at=message.withdrawn_at,
    )


def queue_place(case: Case) -> int | None:
    """How many open Cases, this one included, are as old or older; None when the Case is not waiting."""
    if case.state != rules.OPEN:
        return None
    return Case.objects.filter(state=rules.OPEN, pk__lte=case.pk).count()


def _outcome(case: Case, *, settled: bool, offered: bool) -> str:
    if settled:
        return rules.ANSWERED_AT_ONCE
    if case.state == rules.CLOSED:
        return rules.CLOSED
    return rules.OFFERED if offered else rules.RECEIVED


def _offered(message: Message) -> dict[int, str]:
    """The Cases that were offered and not yet judged, first choice first, with the stored reasons."""
    rows = message.offers.filter(chosen__isnull=True).order_by("rank")
    return dict(rows.values_list("case", "reasons"))


def _offers(offered: dict[int, str], public: dict[int, PublicAnswer]) -> tuple[Suggestion, ...]:
    found = [public[pk] for pk in offered if pk in public]
    return tuple(Suggestion(each, as_reasons(offered[each.case_id])) for each in found if not each.withdrawn)


def _reasons(message: Message, case: Case) -> tuple[Reason, ...]:
    joining = Joining.objects.filter(message=message, case=case).order_by("-pk").first()
    return as_reasons(joining.reasons) if joining else ()


def as_reasons(stored: str) -> tuple[Reason, ...]:
    """The engine's reasons out of a row, where they are kept as JSON [[code, value], ...]."""
    return tuple(Reason(code, value) for code, value in json.loads(stored))


def _told(message: Message) -> tuple[Told, ...]:
    rows = Reply.objects.filter(message=message, done_at__isnull=False).select_related("version", "move__to_unit")
    return tuple(_as_told(row) for row in rows.order_by("done_at").prefetch_related("move__to_unit__periods"))


def _as_told(row: Reply) -> Told:
    n, unit = row.version.n if row.version else 0, str(row.move.to_unit) if row.move else ""
    return Told(row.kind, n, row.done_at or row.due_at, unit)
