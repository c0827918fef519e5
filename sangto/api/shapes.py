"""The shapes of the JSON, in and out. What a shape holds is said here and appears in the OpenAPI document."""

from datetime import date, datetime
from typing import Literal

from ninja import Field, Schema
from pydantic import ConfigDict

Kind = Literal["claim", "problem"]
ReplyKind = Literal["acknowledged", "answer", "elsewhere", "closing", "mistaken", "question", "handed_over"]
FirstOutcome = Literal["answered", "offered", "received"]
Outcome = Literal["answered", "offered", "received", "closed", "withdrawn"]


class Given(Schema):
    """A body: members that it does not know are refused."""

    model_config = ConfigDict(extra="forbid")


class ErrorBody(Schema):
    code: str = Field(description="One of the codes in docs/api/errors.md; stable.")
    message: str = Field(description="What is wrong and what to do, in the language of Accept-Language.")


class Problem(Schema):
    error: ErrorBody


# --- messages ---------------------------------------------------------------------------------------------------


class MessageIn(Given):
    text: str = Field(description="What somebody saw or what is broken, in their words; at most 4,000 characters.")
    lang: str | None = Field(None, description="vi or en; without it the Accept-Language header, else the desk's own.")
    kind: str | None = Field(None, description="claim or problem; without it the desk tells by the text.")
    place: str | None = Field(None, description="Where it is, for a problem; at most 200 characters.")


class Suggestion(Schema):
    number: str
    url: str
    question: str
    rating: str | None = Field(
        description="Our rating of a claim; null for problems and for other organisations' answers."
    )
    summary: str
    reasons: list[str] = Field(description="Why this answer was found, readable, in the message's language.")


class Received(Schema):
    number: str = Field(description="The message's number.")
    follow_url: str = Field(
        description="A secret page that follows the message. Its last part is the token used below."
    )
    outcome: FirstOutcome
    queue_place: int | None = Field(description="The place in the queue, from 1; null when nothing is waited for.")
    answers: list[Suggestion]


class Told(Schema):
    kind: ReplyKind
    version: int | None = Field(description="The version of the answer that was sent; null for other replies.")
    unit: str | None = Field(description="The unit that the message was handed over to; null for other replies.")
    at: datetime


class Deadline(Schema):
    state: Literal["running", "overdue", "waiting"] = Field(
        description="waiting: the clock stands, because somebody who wrote was asked something."
    )
    due_on: date = Field(description="The last day for the first answer, on the desk's clock.")
    working_days_left: int = Field(description="Working days after today up to the last one; 0 when there are none.")


class DeadlineCounts(Schema):
    open: int
    overdue: int = Field(description="Open cases whose last day has passed while their clock ran.")
    waiting: int = Field(description="Open cases whose clock stands, because somebody who wrote was asked something.")
    escalated: int = Field(description="Overdue cases that were shown to somebody above.")


class AskedBack(Schema):
    text: str = Field(description="What the desk asks the sender of the message.")
    asked_at: datetime
    answer_due_on: date = Field(description="After this day the desk's clock goes on without an answer.")
    ended_at: datetime | None
    ending: Literal["answered", "lapsed", "settled", "withdrawn"] | None = Field(description="Null while it is open.")
    answer: str | None = Field(description="What was answered: personal data is masked.")
    answered_at: datetime | None


class AddedAnswer(Given):
    text: str = Field(description="The answer to the open question; at most 4,000 characters.")


class AskIn(Given):
    messages: list[str] = Field(description="The numbers of the messages whose senders are asked.", max_length=500)
    text: str = Field(description="The question; at most 1,000 characters.")


class Standing(Schema):
    number: str
    received_at: datetime
    kind: Kind
    outcome: Outcome
    queue_place: int | None
    asked: int = Field(description="How many messages ask the same.")
    deadline: Deadline | None = Field(description="By when an answer is owed; null when none is.")
    answers: list[Suggestion]
    told: list[Told] = Field(description="The replies that reached the sender.")
    questions: list[AskedBack] = Field(description="What the desk asked back, oldest first.")


class Choice(Given):
    answer: str | None = Field(description="The number of the offered answer that fits, or null for none of them.")


# --- answers ----------------------------------------------------------------------------------------------------


class KeptCopy(Schema):
    sha256: str = Field(description="Of the bytes that the desk keeps, in hex. The log binds to it.")
    taken_at: datetime


class SourceOut(Schema):
    title: str
    publisher: str
    url: str
    dated_on: date
    kept_copy: KeptCopy | None = Field(description="The desk's archived copy; its bytes are not offered to the public.")


class AnswerOut(Schema):
    number: str
    url: str
    kind: Kind
    lang: str
    question: str
    rating: str | None = Field(description="Our rating of a claim: true, mostly_true, misleading, false, unproven.")
    outcome: str | None = Field(description="What became of a problem: fixed, planned, forwarded, declined.")
    summary: str
    text: str
    place: str
    unit: str
    asked: int = Field(description="How many messages asked it.")
    version: int
    withdrawn: bool
    contested: bool = Field(description="Whether an objection to it is open.")
    change: str = Field(description="What the newest version changed and why; empty for the first one.")
    published_at: datetime | None = Field(description="First publication by this desk; null for foreign answers.")
    changed_at: datetime | None = Field(description="Publication of the newest version, or last import.")
    written_role: str
    approved_role: str
    sources: list[SourceOut]
    publisher: str | None = Field(description="The organisation that published a foreign answer; null for our own.")
    verdict: str | None = Field(description="Its own word for the verdict; never one of our ratings.")
    original_url: str | None = Field(description="Where it published the answer.")
    published_on: date | None = Field(description="When it published the answer.")


class WordChange(Schema):
    kind: Literal["same", "added", "removed"]
    text: str


class VersionOut(Schema):
    n: int
    step: Literal["publish", "correct", "withdraw"]
    rating: str | None
    outcome: str | None
    question: str
    summary: str
    text: str
    change: str
    published_at: datetime
    sources: list[SourceOut]
    erased: bool = Field(description="Whether its texts were erased by law; they are then a dash.")
    proof_url: str = Field(description="The version with its salt, its leaf in the public log, and the proof.")
    changes: list[WordChange] = Field(
        description="The text against the version before, word by word; empty where it is unchanged."
    )


class FullAnswer(AnswerOut):
    versions: list[VersionOut] = Field(description="Every published version, newest first; empty for a foreign answer.")


class AnswerPage(Schema):
    answers: list[AnswerOut]
    page: int
    next_page: int | None


# --- cases, for members ---------------------------------------------------------------------------------------------


class SourceIn(Given):
    title: str
    publisher: str
    url: str
    dated_on: date


class DraftIn(Given):
    question: str = ""
    verdict: str = Field("", description="A rating for a claim, an outcome for a problem.")
    summary: str = ""
    text: str = ""
    sources: list[SourceIn] = []
    change: str = Field("", description="For a correction: what changed and why, for the public.")
    mark: str | None = Field(
        None, description="The mark of the draft that was read; refused when another text stands there by now."
    )


class ChangeIn(Given):
    change: str = Field(description="Why the answer is withdrawn, for the public.")


class Checked(Given):
    ticks: list[Literal["sources_read", "rates_claim", "other_side"]] = Field(
        [], description="What you stand for; the documentation says what each means and which of them a version needs."
    )


class Approval(Checked):
    mark: str | None = Field(
        None, description="The mark of the version that was read; refused when it was rewritten since."
    )


class CaseOut(Schema):
    number: str
    kind: Kind
    lang: str
    state: Literal["open", "answered", "closed", "merged"]
    question: str
    place: str
    asked: int
    opened_at: datetime
    last_at: datetime | None = Field(description="When the newest message came.")
    deadline: Deadline | None = Field(description="By when a first answer is owed; null when none is.")
    work: str | None = Field(description="The state of the version under work: draft or in_review.")


class CasePage(Schema):
    cases: list[CaseOut]
    page: int
    next_page: int | None


class CaseMessage(Schema):
    number: str
    text: str
    lang: str
    place: str
    received_at: datetime
    decided_by: Literal["engine", "person", "member"]
    sureness: float | None
    reasons: list[str]
    questions: list[AskedBack] = Field(description="What was asked back about it, with the answers.")


class Place(Schema):
    key: str = Field(description="Names the place within this version.")
    field: Literal["question", "summary", "text", "change"]
    start: int = Field(description="In characters of the field, from 0.")
    end: int
    kind: Literal["name", "address"]
    may_be_public: bool = Field(description="Whether a member said so. Nothing is published while one is false.")


class Decision(Given):
    keys: list[str] = Field(description="The places whose words may be public.")
    mark: str | None = Field(
        None, description="The mark of the version that was read; refused when it was rewritten since."
    )


class DraftOut(Schema):
    n: int
    mark: str = Field(description="Changes whenever the version is rewritten.")
    step: Literal["publish", "correct", "withdraw"]
    state: Literal["draft", "in_review", "published"]
    question: str
    verdict: str
    summary: str
    text: str
    change: str
    written_by: str
    approved_by: str | None
    published_at: datetime | None
    review_note: str
    sources: list[SourceOut]
    highlights: list[Place] = Field(description="What may be a personal name or a home address.")


class FullCase(Schema):
    number: str
    kind: Kind
    lang: str
    state: Literal["open", "answered", "closed", "merged"]
    closing: str
    question: str
    place: str
    opened_at: datetime
    deadline: Deadline | None = Field(description="By when a first answer is owed; null when none is.")
    merged_into: str | None
    messages: list[CaseMessage]
    versions: list[DraftOut] = Field(description="Every version, the one under work too, newest first.")
