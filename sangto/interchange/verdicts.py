"""What ratings and outcomes are called in the reader's language, for the doors that name one in plain text."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_VERDICTS: dict[str, str | Promise] = {
    "true": _("True"),
    "mostly_true": _("Mostly true"),
    "misleading": _("Misleading"),
    "false": _("False"),
    "unproven": _("Unproven"),
    "fixed": _("Fixed"),
    "planned": _("Planned"),
    "forwarded": _("Forwarded"),
    "declined": _("Declined"),
}


def verdict_word(code: str) -> str:
    """The word for a rating or an outcome in the active language; the code itself for one that has no word."""
    return str(_VERDICTS.get(code, code))
