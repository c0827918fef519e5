"""What is allowed on the desk, and the words it uses. Pure: no database."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from sangto.engine.workdays import add_working_days

CLAIM, PROBLEM = "claim", "problem"
KINDS = (CLAIM, PROBLEM)

RATINGS = ("true", "mostly_true", "misleading", "false", "unproven")
OUTCOMES = ("fixed", "planned", "forwarded", "declined")
NOT_CHECKABLE, WITHDRAWN = "not_checkable", "withdrawn"
CLOSINGS = (NOT_CHECKABLE, WITHDRAWN)  # withdrawn: by everybody who had asked
VERDICTS = {CLAIM: RATINGS, PROBLEM: OUTCOMES}

OPEN, ANSWERED, CLOSED, MERGED = "open", "answered", "closed", "merged"
CASE_STATES = (OPEN, ANSWERED, CLOSED, MERGED)

DRAFT, IN_REVIEW, PUBLISHED = "draft", "in_review", "published"
VERSION_STATES = (DRAFT, IN_REVIEW, PUBLISHED)

AS_AUTHOR, AS_APPROVER = "author", "approver"
APPROVAL_ROLES = (AS_AUTHOR, AS_APPROVER)  # as whom a Member stands for a version's words

# What no program can see, and both the author and the approver say of a text with their own hand. Who changes the
# questions counts the list on: a row says which one its Member answered.
CHECKLIST = 1
SOURCES_READ, RATES_CLAIM, OTHER_SIDE = "sources_read", "rates_claim", "other_side"
TICKS = (SOURCES_READ, RATES_CLAIM, OTHER_SIDE)

PUBLISH, CORRECT, WITHDRAW = "publish", "correct", "withdraw"
STEPS = (PUBLISH, CORRECT, WITHDRAW)

MARKED_FIELDS = ("question", "summary", "text", "change")  # what of a version the public reads
MARKS = ("name", "address")  # found in it for a Member to decide on

SPLIT, MERGE, UNDO = "split", "merge", "undo"
REGROUPINGS = (SPLIT, MERGE, UNDO)

ANSWERED_AT_ONCE, OFFERED, RECEIVED = "answered", "offered", "received"
FIRST_OUTCOMES = (ANSWERED_AT_ONCE, OFFERED, RECEIVED)

ACKNOWLEDGED, ANSWER, ELSEWHERE, CLOSING = "acknowledged", "answer", "elsewhere", "closing"
QUESTION = "question"  # something the desk asks back
HANDED_OVER = "handed_over"  # another Unit answers for their Case
MISTAKEN = "mistaken"  # the answer that was told belonged to another question
REPLY_KINDS = (ACKNOWLEDGED, ANSWER, ELSEWHERE, CLOSING, MISTAKEN, QUESTION, HANDED_OVER)

LOGGED_OUTCOMES = ("answered", "forwarded", "declined", "expired", WITHDRAWN)

FETCHED, UPLOADED = "fetched", "uploaded"  # how an archived copy came
COPY_HOWS = (FETCHED, UPLOADED)
TAKEN, FAILED, WAITING = "taken", "failed", "waiting"

LANGUAGES = ("vi", "en")
CHANNELS = ("web", "api", "telegram", "console")
CHANNELS_WITH_ADDRESS = ("telegram",)  # a Reply is sent to a sealed return address; elsewhere its page tells it

LEGAL_GROUNDS = ("court_order", "personal_data", "rights_of_others")
ERASED_TEXT = "-"  # stands where a text was erased; the pages say in words what happened

# What the public reads as the change of a version that follows one which is lost, where its writer says nothing else.
AFTER_A_LOSS = {
    "vi": "Phiên bản trước của câu trả lời này bị mất khi khôi phục cơ sở dữ liệu từ bản sao lưu. Sổ công khai vẫn giữ "
    "chỗ của nó.",
    "en": "The earlier version of this answer was lost when the database was restored from a backup. The public log "
    "keeps its place.",
}


def is_verdict(kind: str, verdict: str) -> bool:
    """Whether the verdict is one of the kind's: a rating for a claim, an outcome for a problem."""
    return verdict in VERDICTS[kind]


def is_other_person(writer_id: int, approver_id: int) -> bool:
    """Whether the approver is somebody else than the writer: nobody approves their own text."""
    return writer_id != approver_id


def may_edit(writer_id: int, member_id: int) -> bool:
    """Whether the member may change a draft: its writer alone, so that nobody approves words of their own."""
    return writer_id == member_id


def ticks_needed(kind: str, step: str) -> tuple[str, ...]:
    """The lines of the checklist that a Member has to tick; a withdrawal says nothing new that they could be about."""
    if step == WITHDRAW:
        return ()
    return TICKS if kind == CLAIM else (SOURCES_READ, OTHER_SIDE)


_PLACEHOLDER = re.compile(r"\[(?!sic\])[^\W\d_][^\[\]\n]{0,79}\]")


def placeholders(text: str) -> list[str]:
    """What a Template left to fill in: words in square brackets, such as [place]. A number or dots are none."""
    return _PLACEHOLDER.findall(text)


def needs_change_note(step: str) -> bool:
    """Whether the public is owed a sentence on what changed and why."""
    return step in (CORRECT, WITHDRAW)


def logged_outcome(outcome: str) -> str:
    """How the log names the end of a Case with this problem outcome: `forwarded`, `declined`, else `answered`."""
    return outcome if outcome in ("forwarded", "declined") else "answered"


def is_outstanding(outcome: str) -> bool:
    """Whether a problem with this outcome still stands, so that the same words tell of the same problem."""
    return outcome in ("planned", "forwarded")


# --- objections -------------------------------------------------------------------------------------------------

KEPT, CORRECTED = "kept", "corrected"
RULINGS = (KEPT, CORRECTED, WITHDRAWN)


def may_rule(member_id: int, *, writer_id: int, approver_id: int | None) -> bool:
    """Whether the member may decide on an Objection: only who neither wrote nor approved what is contested."""
    return member_id not in (writer_id, approver_id)


def ruling_after(step: str, *, is_newer: bool) -> str:
    """The one ruling that fits what the Answer says now: its newest step, and whether it is newer than contested."""
    return {CORRECT: CORRECTED, WITHDRAW: WITHDRAWN}.get(step, KEPT) if is_newer else KEPT


# --- deadlines --------------------------------------------------------------------------------------------------

ASKED_BACK = "asked"
PAUSES = (ASKED_BACK,)  # why a clock stands: the sender was asked something
LAPSED, SETTLED = "lapsed", "settled"
QUESTION_ENDINGS = (ANSWERED, LAPSED, SETTLED, WITHDRAWN)  # settled: its Case was answered or closed meanwhile
RUNNING, OVERDUE, WAITING = "running", "overdue", "waiting"
DEADLINE_STATES = (RUNNING, OVERDUE, WAITING)


def deadline_state(*, due_on: date, is_paused: bool, today: date) -> str:
    """Whether the clock of an open Case runs, has run out, or stands because its sender was asked something."""
    if is_paused:
        return WAITING
    return OVERDUE if due_on < today else RUNNING


# --- requests of senders about their own data -------------------------------------------------------------------

REQUEST_KINDS = ("access", "correct", "erase", "restrict", "object", "other")
EXTENDED, DONE, REFUSED = "extended", "done", "refused"
REQUEST_STATES = (OPEN, ANSWERED, DONE, REFUSED)
REQUEST_OPEN_STATES = (OPEN, ANSWERED)
REQUEST_STEPS = (ANSWERED, EXTENDED, DONE, REFUSED)
REQUEST_ENDS = (DONE, REFUSED)
REQUEST_REFUSALS = ("not_held", "kept_by_law", "rights_of_others", "not_clear", "done_before")


@dataclass(frozen=True)
class Terms:
    """How long the desk may take over a request: to answer, in working days; to be done, in days."""

    answer_working_days: int
    done_days: int
    done_days_with_processor: int
    extension_days: int


def answer_due(made_on: date, *, terms: Terms) -> date:
    """The last day on which a request of that day is answered in time."""
    return add_working_days(made_on, terms.answer_working_days)


def done_due(made_on: date, *, terms: Terms) -> date:
    """The last day on which it is done in time, unless a processor takes part or the term is extended."""
    return made_on + timedelta(days=terms.done_days)


def longer(*, terms: Terms, with_processor: bool, extended: bool) -> timedelta:
    """By how much a term grows when it turns out that a processor takes part, and by its one extension."""
    more = max(terms.done_days_with_processor - terms.done_days, 0) if with_processor else 0
    return timedelta(days=more + extended * terms.extension_days)


def is_overdue(state: str, *, answer_due_on: date, done_due_on: date, today: date) -> bool:
    """Whether a term has passed that the desk has not kept yet."""
    return state == OPEN and answer_due_on < today or state in REQUEST_OPEN_STATES and done_due_on < today


# What the address of the inbox may hold, beside the page: the view, the order, and what narrows it.
VIEW_FIELDS = ("view", "order", "q", "unit", "kind", "days", "asked", "free")
