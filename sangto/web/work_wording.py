"""The work of the desk in words, for its members: jobs, and why something failed, by their codes."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

JOBS = {
    "day_keys": _("Making keys for addresses"),
    "deliver": _("Sending replies"),
    "copies": _("Fetching copies of sources"),
    "drop_copies": _("Clearing away copies that nothing cites"),
    "end_days": _("Destroying the keys of old addresses"),
    "end_questions": _("Ending questions that nobody answered"),
    "escalate": _("Showing what is overdue to somebody above"),
    "expire": _("Forgetting what is kept no longer"),
    "follow_up": _("Finding out who is owed an answer"),
    "put_back_left": _("Freeing the cases of whoever has left"),
    "follow_units": _("Passing cases on to the units that took over"),
    "forget_changes": _("Clearing away old notes of the search"),
    "log": _("Writing the public log"),
    "mend_files": _("Looking after the files of the log"),
    "recount": _("Counting again when cases are due"),
    "room": _("Looking after the room on the disk"),
    "sweep": _("Looking for work that was lost"),
}
REPLY_ERRORS = {
    "blocked": _("They do not want messages from us any more."),
    "key_gone": _("The key to their address was destroyed, as it is after some time."),
    "no_address": _("They left no address."),
    "not_configured": _("The channel is not set up."),
    "rate_limited": _("The channel asked us to wait."),
    "timeout": _("The channel did not answer in time."),
    "too_many_tries": _("Each try broke off. The log of the program says more."),
    "unreachable": _("The channel could not be reached."),
    "wrong_key": _("Their address was sealed to another key."),
}


def job_name(name: str) -> str:
    """What a job does, in a few words; its code where it has none."""
    return str(JOBS.get(name, name))


def reply_error(code: str) -> str:
    """Why Replies were given up, in a sentence."""
    if code.startswith("http_"):
        return gettext("The channel refused: error {status}.").format(status=code.removeprefix("http_"))
    return str(REPLY_ERRORS.get(code, code))
