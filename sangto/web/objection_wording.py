"""The words about objections: for the public and for the staff."""

from django.utils.translation import gettext_lazy as _

RULINGS = {
    "kept": _("Kept: the answer stands"),
    "corrected": _("Corrected: the answer was changed"),
    "withdrawn": _("Withdrawn: the answer no longer stands"),
}
VIEWS = {"open": _("Open"), "decided": _("Decided")}
CANNOT_OBJECT = {
    "empty": _("Write what is wrong with the answer, then send it again."),
    "too_long": _("Your objection is too long. Shorten it, then send it again."),
    "not_text": _("This looks like a file, not a text. Type or paste the words themselves."),
    "unknown_lang": _("We read Vietnamese and English only."),
    "other_body": _("This form was already sent with other words. Here is a fresh one: send it again if you want to."),
    "twice": _("A field of the form came twice. Send it again from this page."),
    "no_room": _(
        "We have no room for new messages just now. Your text is still here: please send it again in a few minutes."
    ),
    "busy": _("We could not write your message down just now. Your text is still here: please send it again soon."),
}
CANNOT_RULE = {
    "not_allowed": _("Your role on the desk does not allow this."),
    "own_answer": _("You wrote or approved this answer, so another member has to decide."),
    "decided_before": _("This objection was decided before."),
    "unknown_ruling": _("Choose what becomes of the answer."),
    "no_reasons": _("Write the reasons: everybody reads them."),
    "too_long": _("The reasons are too long. Shorten them."),
    "undecided": _("There may be a name or an address in the reasons. Take it out, or say that it may be public."),
    "not_corrected": _("No correction was published since. Publish it first, then decide."),
    "not_withdrawn": _("The answer was not withdrawn since. Withdraw it first, then decide."),
    "corrected_since": _("The answer was corrected since, so it was not kept."),
    "withdrawn_since": _("The answer was withdrawn since, so it was not kept."),
}

CONFIRM_FIRST = _("Confirm that it is you in another tab, then send this again: your text is still here.")


def ruling_label(kind: str) -> str:
    """How an Objection was decided."""
    return str(RULINGS[kind])
