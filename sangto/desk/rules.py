"""What is allowed on the desk, and the words it uses. Pure: no database."""

CLAIM, PROBLEM = "claim", "problem"
KINDS = (CLAIM, PROBLEM)

RATINGS = ("true", "mostly_true", "misleading", "false", "unproven")
OUTCOMES = ("fixed", "planned", "forwarded", "declined")
CLOSINGS = ("not_checkable",)
VERDICTS = {CLAIM: RATINGS, PROBLEM: OUTCOMES}

OPEN, ANSWERED, CLOSED, MERGED = "open", "answered", "closed", "merged"
CASE_STATES = (OPEN, ANSWERED, CLOSED, MERGED)

DRAFT, IN_REVIEW, PUBLISHED = "draft", "in_review", "published"
VERSION_STATES = (DRAFT, IN_REVIEW, PUBLISHED)

PUBLISH, CORRECT, WITHDRAW = "publish", "correct", "withdraw"
STEPS = (PUBLISH, CORRECT, WITHDRAW)

MARKED_FIELDS = ("question", "summary", "text", "change")  # what of a version the public reads
MARKS = ("name", "address")  # found in it for a Member to decide on

SPLIT, MERGE, UNDO = "split", "merge", "undo"
REGROUPINGS = (SPLIT, MERGE, UNDO)

ANSWERED_AT_ONCE, OFFERED, RECEIVED = "answered", "offered", "received"
FIRST_OUTCOMES = (ANSWERED_AT_ONCE, OFFERED, RECEIVED)

ACKNOWLEDGED, ANSWER, ELSEWHERE, CLOSING = "acknowledged", "answer", "elsewhere", "closing"
MISTAKEN = "mistaken"  # the answer that was told belonged to another question
REPLY_KINDS = (ACKNOWLEDGED, ANSWER, ELSEWHERE, CLOSING, MISTAKEN)

LOGGED_OUTCOMES = ("answered", "forwarded", "declined", "expired")

LANGUAGES = ("vi", "en")
CHANNELS = ("web", "api", "telegram", "console")


LEGAL_GROUNDS = ("court_order", "personal_data", "rights_of_others")
ERASED_TEXT = "-"  # stands in the columns of an erased version; the pages say in words what happened


def is_verdict(kind: str, verdict: str) -> bool:
    """Whether the verdict is one of the kind's: a rating for a claim, an outcome for a problem."""
    return verdict in VERDICTS[kind]


def is_other_person(writer_id: int, approver_id: int) -> bool:
    """Whether the approver is somebody else than the writer: nobody approves their own text."""
    return writer_id != approver_id


def may_edit(writer_id: int, member_id: int) -> bool:
    """Whether the member may change a draft: its writer alone, so that nobody approves words of their own."""
    return writer_id == member_id


def needs_change_note(step: str) -> bool:
    """Whether the public is owed a sentence on what changed and why."""
    return step in (CORRECT, WITHDRAW)


def logged_outcome(outcome: str) -> str:
    """How the log names the end of a Case with this problem outcome: `forwarded`, `declined`, else `answered`."""
    return outcome if outcome in ("forwarded", "declined") else "answered"


def is_outstanding(outcome: str) -> bool:
    """Whether a problem with this outcome still stands, so that the same words tell of the same problem."""
    return outcome in ("planned", "forwarded")
