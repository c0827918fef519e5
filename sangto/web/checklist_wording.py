"""The checklist in words: the five commitments of the fact-checkers' code, and what each asks of one answer."""

from django.utils.translation import gettext_lazy as _

COMMITMENTS = {
    "fairness": _("Fair to all sides"),
    "sources": _("Open about sources"),
    "organisation": _("Open about who answers"),
    "method": _("Open about the method"),
    "corrections": _("Honest about mistakes"),
}
LINES = {
    "verdict": _("There is a verdict that facts can settle."),
    "rates_claim": _("The text rates the claim, not a person."),
    "other_side": _("Whoever it concerns was asked or is quoted, where that applies."),
    "sources": _("It cites at least one dated source."),
    "sources_read": _("I read every source, and it says what the text says."),
    "unit": _("The page names the unit that answers."),
    "two_people": _("Two people stand for the same words; the desk publishes nothing otherwise."),
    "names": _("Each name and home address was decided on."),
    "change": _("It says in public what changes and why."),
    "contest": _("Its page has a link to contest it, and every version stays readable."),
}
