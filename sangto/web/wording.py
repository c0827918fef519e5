"""The desk's codes in words: one label for each, in the reader's language."""

from typing import Protocol

from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from sangto.interchange.wording import REASONS, VERDICTS, reason_text

__all__ = ["REASONS", "VERDICTS", "reason_text"]

KINDS = {"claim": _("Something to check"), "problem": _("Something to fix")}
MEANINGS = {
    "true": _("The facts bear this out."),
    "mostly_true": _("Right in the main, with details that are not."),
    "misleading": _("True in part, but important context is missing."),
    "false": _("The facts say otherwise."),
    "unproven": _("There is not enough evidence to say."),
    "fixed": _("The work is done."),
    "planned": _("The work is decided and has a date."),
    "forwarded": _("Passed to the unit that is responsible."),
    "declined": _("It will not be done, and the answer says why."),
}
CLOSINGS = {
    "not_checkable": _("Not a checkable claim"),
    "withdrawn": _("Withdrawn by everybody who asked"),
}
CASE_STATES = {"open": _("Waiting"), "answered": _("Answered"), "closed": _("Closed"), "merged": _("Merged")}
VERSION_STATES = {"draft": _("Draft"), "in_review": _("In review"), "published": _("Published")}
STEPS = {"publish": _("Published"), "correct": _("Corrected"), "withdraw": _("Withdrawn")}
MARKS = {"name": _("a name"), "address": _("an address")}
MARKED_FIELDS = {
    "question": _("in the question"),
    "summary": _("in the sentence that answers"),
    "text": _("in the text"),
    "change": _("in what changes"),
}
REGROUPINGS = {"split": _("Split"), "merge": _("Merged"), "undo": _("Undone")}
ROLES = {
    "intake": _("Intake"),
    "editor": _("Editor"),
    "approver": _("Approver"),
    "dispatcher": _("Dispatcher"),
    "privacy_officer": _("Privacy officer"),
    "auditor": _("Auditor"),
    "head": _("Head"),
}
CHANNELS = {"web": _("This website"), "api": _("API"), "telegram": _("Telegram"), "console": _("Console")}
OUTCOMES = {
    "answered": _("There is an answer"),
    "offered": _("Is it one of these?"),
    "received": _("We have your message"),
    "closed": _("This is not a claim that facts can settle"),
    "withdrawn": _("You withdrew this message"),
}
REPLIES = {
    "acknowledged": _("We confirmed that we have your message."),
    "answer": _("We told you the answer."),
    "elsewhere": _("We told you of an answer that somebody else published."),
    "closing": _("We told you that this is not a checkable claim."),
    "question": _("We asked you something."),
    "handed_over": _("We told you who answers your question now:"),
    "mistaken": _("We told you that the answer you got was not for your question."),
}
AGAINST = tuple(code for code in REASONS if code.endswith(("_differ", "_differs")))
CANNOT_RECEIVE = {
    "empty": _("Write what you saw or what is broken, then send it again."),
    "too_long": _("Your text has {length} characters; at most {limit} fit. Shorten it, then send it again."),
    "place_too_long": _("The place has more than 200 characters. Shorten it, then send it again."),
    "not_text": _("This looks like a file, not a text. Type or paste the words themselves."),
    "unknown_kind": _("Choose whether we should check something or fix something."),
    "unknown_lang": _("We read Vietnamese and English only."),
    "other_body": _("This form was already sent with other words. Here is a fresh one: send it again if you want to."),
    "no_room": _(
        "We have no room for new messages just now. Your text is still here: please send it again in a few minutes."
    ),
    "busy": _("We could not write your message down just now. Your text is still here: please send it again soon."),
    "twice": _("A field of the form came twice. Send it again from this page."),
}
CANNOT_ADD = {
    "empty": _("Write your answer, then send it again."),
    "no_question": _("No question is open about your message any more. You can send a new message."),
    "message_withdrawn": _("You withdrew this message, so nothing can be added to it."),
}
CANNOT_CHOOSE = {
    "not_offered": _("That answer can no longer be chosen. What you see here is where your message stands now."),
    "not_answered": _("Your message has no answer to put aside. It is waiting in the queue."),
    "unknown_kind": _("Choose whether we should check something or fix something."),
    "too_late": _("Somebody is already working on your message, so its kind cannot be changed any more."),
    "message_withdrawn": _("You withdrew this message, so there is nothing left to choose."),
}


class Code(Protocol):
    """What the engine gives as a reason: a code, and what it is about."""

    @property
    def code(self) -> str: ...

    @property
    def value(self) -> str: ...


def kind_label(kind: str) -> str:
    """What we took a message for: something to check, or to fix."""
    return str(KINDS[kind])


def verdict_label(verdict: str) -> str:
    """A rating or an outcome in a word or two."""
    return str(VERDICTS[verdict])


def verdict_meaning(verdict: str) -> str:
    """A rating or an outcome in a sentence."""
    return str(MEANINGS[verdict])


def closing_label(closing: str) -> str:
    """Why a Case was closed without an Answer."""
    return str(CLOSINGS[closing])


def state_label(state: str) -> str:
    """The state of a Case or of a version."""
    return str((CASE_STATES | VERSION_STATES)[state])


def step_label(step: str) -> str:
    """What a version did to its Answer."""
    return str(STEPS[step])


def mark_label(kind: str) -> str:
    """What words of a text may be: a person's name, or a home address."""
    return str(MARKS[kind])


def marked_field_label(field: str) -> str:
    """Where in a version such words stand."""
    return str(MARKED_FIELDS[field])


def regrouping_label(step: str) -> str:
    """What an officer did to the grouping."""
    return str(REGROUPINGS[step])


def role_label(role: str) -> str:
    """A Member's role."""
    return str(ROLES[role])


def channel_label(channel: str) -> str:
    """The way by which a Message came."""
    return str(CHANNELS[channel])


def outcome_label(outcome: str) -> str:
    """Where a Message stands, as a heading for its sender."""
    return str(OUTCOMES[outcome])


def reply_label(kind: str, n: int = 0) -> str:
    """What a sender was told; `n` is the version of the Answer, 0 for other Replies."""
    if kind == "answer" and n > 1:
        return say("We told you that the answer changed (version {n}).").format(n=n)
    return str(REPLIES[kind])


def is_against(reason: Code) -> bool:
    """Whether the reason speaks against the two being the same."""
    return reason.code in AGAINST


def receive_error(code: str, *, length: int = 0, limit: int = 0) -> str:
    """What a sender can do about a message that was refused."""
    return str(CANNOT_RECEIVE[code]).format(length=length, limit=limit)


def add_error(code: str, *, length: int = 0, limit: int = 0) -> str:
    """What a sender can do about an answer that was refused."""
    return str((CANNOT_RECEIVE | CANNOT_ADD)[code]).format(length=length, limit=limit)


def choose_error(code: str) -> str:
    """What a sender can do about a choice that was refused."""
    return str(CANNOT_CHOOSE[code])
