"""Units in words: what changed them, how much of one went where, and why a case cannot be passed on."""

from django.utils.translation import gettext_lazy as _

from sangto.web.staff_wording import GONE, NOT_ALLOWED

UNIT_VIEWS = {
    "today": _("Today"),
    "events": _("What changed"),
    "proposals": _("Waiting to be checked"),
    "cases": _("Which unit now?"),
}
EVENTS = {
    "rename": _("Renamed"),
    "recode": _("Another code"),
    "upgrade": _("Another kind"),
    "move": _("Moved to another unit"),
    "merge": _("Merged"),
    "split": _("Divided"),
    "transfer": _("A part passed over"),
    "found": _("Founded"),
    "close": _("Ended"),
    "reverse": _("An event reversed"),
}
SHARES = {"whole": _("all of it"), "part": _("a part of it")}
CANNOT_REASSIGN = {
    "not_allowed": NOT_ALLOWED,
    "gone": GONE,
    "no_unit": _("Choose a unit that exists today."),
    "same_unit": _("The case is with this unit already."),
    "no_reason": _("Say in a few words why this unit answers."),
}
