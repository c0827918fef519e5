"""What the desk holds about one Message, as its sender is given it."""

from datetime import date, datetime
from typing import Literal

from ninja import Field, Schema

from sangto.api.shapes import AskedBack, FirstOutcome, Kind, ReplyKind


class HeldMessage(Schema):
    number: str
    text: str = Field(description="As it is kept: personal data is masked. A dash once the message is withdrawn.")
    place: str
    lang: str
    kind: Kind
    channel: str
    told_first: FirstOutcome
    received_at: datetime
    withdrawn_at: datetime | None


class HeldContact(Schema):
    held: bool = Field(description="Whether a return address is held. The address itself is sealed and never shown.")
    sealed_on: date | None = Field(description="The day to whose key it is sealed.")
    until: date | None = Field(description="When it is deleted at the latest.")


class HeldReceipts(Schema):
    opening_held: bool = Field(description="Whether what opens the message's entries in the log is held.")
    received: str | None = Field(description="Where the receipt can be downloaded, once it is ready.")
    outcome: str | None = Field(description="Where the receipt of the outcome can be downloaded, once it is ready.")


class HeldOutcome(Schema):
    kind: Literal["answered", "forwarded", "declined", "expired", "withdrawn"]
    answer: str | None
    at: datetime


class HeldReply(Schema):
    kind: ReplyKind
    version: int | None
    state: Literal["waiting", "sent", "void", "given_up"]
    due_at: datetime
    sent_at: datetime | None


class HeldReason(Schema):
    code: str
    value: str


class HeldGrouping(Schema):
    case: str
    decided_by: Literal["engine", "person", "member"]
    at: datetime
    sureness: float | None
    reasons: list[HeldReason]


class HeldOffer(Schema):
    answer: str
    rank: int
    sureness: float
    reasons: list[HeldReason]
    chosen: bool | None = Field(description="Null while the sender said nothing.")


class HeldStep(Schema):
    step: Literal["answered", "extended", "done", "refused"]
    at: datetime
    reply: str
    reason: str | None = Field(description="Of a refusal.")


class HeldRequest(Schema):
    number: str
    kind: Literal["access", "correct", "erase", "restrict", "object", "other"]
    words: str
    state: Literal["open", "answered", "done", "refused"]
    made_at: datetime
    answer_due_on: date
    done_due_on: date
    steps: list[HeldStep]


class MessageData(Schema):
    format: str = Field(description="sangto/message-data/v1; docs/api/formats.md describes it.")
    message: HeldMessage
    contact: HeldContact
    receipts: HeldReceipts
    outcome: HeldOutcome | None
    replies: list[HeldReply]
    grouping: list[HeldGrouping]
    offers: list[HeldOffer]
    deliveries: int = Field(description="Keyed marks by which a repeated delivery is known again.")
    requests: list[HeldRequest]
    questions: list[AskedBack]
