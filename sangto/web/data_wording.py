"""The words about what is held of a message, and about requests: for its sender and for the staff."""

from django.utils.translation import gettext_lazy as _

REQUEST_KINDS = {
    "access": _("Tell me what you hold"),
    "correct": _("Correct something"),
    "erase": _("Erase something"),
    "restrict": _("Stop using it for something"),
    "object": _("I object to how it is used"),
    "other": _("Something else"),
}
REQUEST_STATES = {
    "open": _("Waiting for a first answer"),
    "answered": _("Being worked on"),
    "done": _("Done"),
    "refused": _("Refused"),
}
REQUEST_STEPS = {
    "answered": _("First answer"),
    "extended": _("Taking longer"),
    "done": _("Done"),
    "refused": _("Refused"),
}
REQUEST_REFUSALS = {
    "not_held": _("We hold nothing of the kind"),
    "kept_by_law": _("A law makes us keep it"),
    "rights_of_others": _("It would harm the rights of others"),
    "not_clear": _("We could not tell what is meant"),
    "done_before": _("It was done before"),
}
CANNOT_REQUEST = {
    "unknown_kind": _("Choose what your request is about."),
    "unknown_lang": _("We read Vietnamese and English only."),
    "not_text": _("This looks like a file, not a text. Type or paste the words themselves."),
    "empty": _("Write what you want us to do, then send it again."),
    "too_long": _("Your request is too long. Shorten it, then send it again."),
    "too_many": _("Several of your requests are still open. Wait until one is done, then send the next."),
    "twice": _("A field of the form came twice. Send it again from this page."),
}
CANNOT_HANDLE = {
    "not_allowed": _("Your role on the desk does not allow this."),
    "no_reply": _("Write what the sender shall read."),
    "too_long": _("The text for the sender is too long. Shorten it."),
    "unknown_reason": _("Choose the reason for the refusal."),
    "over": _("This request is over."),
    "answered_before": _("The first answer was given before."),
    "extended_before": _("The term was extended before, and it can be extended only once."),
    "too_late": _("The term has passed, so it can no longer be extended."),
}
REQUEST_VIEWS = {"open": _("Open"), "over": _("Over")}
REQUEST_DONE = {
    "answered": _("The sender can read your answer now."),
    "extended": _("The term is extended, and the sender can read why."),
    "done": _("The request is done."),
    "refused": _("The request is refused, and the sender can read why."),
}
DATA_DONE = {
    "forgotten": _("Your return address is deleted. What we have to tell you is on this page from now on."),
    "requested": _("We have your request. Its number and what becomes of it are below."),
}
ENDINGS = {
    "answered": _("It was answered in public."),
    "forwarded": _("It was passed to the unit that is responsible."),
    "declined": _("It was declined, with the reason."),
    "expired": _("Its time ran out without an answer."),
    "withdrawn": _("You withdrew it."),
}
REPLY_STATES = {
    "sent": _("told"),
    "waiting": _("waits to be told"),
    "void": _("no longer to be told"),
    "given_up": _("could not be delivered"),
}
DECIDERS = {
    "engine": _("found by the program"),
    "person": _("said by you"),
    "member": _("decided by a member of the staff"),
}


def request_kind_label(kind: str) -> str:
    """What a request is about."""
    return str(REQUEST_KINDS[kind])


def request_state_label(state: str) -> str:
    """Where a request stands."""
    return str(REQUEST_STATES[state])


def request_step_label(step: str) -> str:
    """What the desk did about a request."""
    return str(REQUEST_STEPS[step])


def request_refusal_label(reason: str) -> str:
    """Why a request was refused."""
    return str(REQUEST_REFUSALS[reason])


def ending_label(kind: str) -> str:
    """How a message ended, in the words of the log."""
    return str(ENDINGS[kind])


def reply_state_label(state: str) -> str:
    """What became of a Reply."""
    return str(REPLY_STATES[state])


def decider_label(decided_by: str) -> str:
    """Who put a message into its case."""
    return str(DECIDERS[decided_by])
