"""The words that every door shares, in the active language: ratings and outcomes, reasons, why a row was refused."""

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from sangto.engine.decide import Reason

VERDICTS: dict[str, str | Promise] = {
    "true": gettext_lazy("True"),
    "mostly_true": gettext_lazy("Mostly true"),
    "misleading": gettext_lazy("Missing context"),
    "false": gettext_lazy("False"),
    "unproven": gettext_lazy("Unproven"),
    "fixed": gettext_lazy("Fixed"),
    "planned": gettext_lazy("Planned"),
    "forwarded": gettext_lazy("Forwarded"),
    "declined": gettext_lazy("Declined"),
}
REASONS: dict[str, str | Promise] = {
    "same_link": gettext_lazy("same link"),
    "same_text": gettext_lazy("{value} % same text"),
    "same_words": gettext_lazy("{value} % same words"),
    "same_numbers": gettext_lazy("same numbers"),
    "same_dates": gettext_lazy("same date"),
    "same_places": gettext_lazy("the same place is named"),
    "same_place": gettext_lazy("same place"),
    "place_differs": gettext_lazy("another place"),
    "numbers_differ": gettext_lazy("numbers differ: {value}"),
    "dates_differ": gettext_lazy("dates differ: {value}"),
    "places_differ": gettext_lazy("places named differ: {value}"),
    "units_differ": gettext_lazy("units differ: {value}"),
    "things_differ": gettext_lazy("differs: {value}"),
    "negation_differs": gettext_lazy("one of them says “not”"),
    "opposites_differ": gettext_lazy("says the opposite: {value}"),
}
_REFUSALS: dict[str, str | Promise] = {
    "bad_csv": gettext_lazy("the quotes are broken"),
    "bad_date": gettext_lazy("the date is not written as YYYY-MM-DD"),
    "bad_json": gettext_lazy("it is not valid JSON"),
    "bad_url": gettext_lazy("the address does not start with http:// or https://"),
    "empty_item": gettext_lazy("the item is empty"),
    "no_claim_review": gettext_lazy("there is no ClaimReview"),
    "no_header": gettext_lazy("the header names none of the known columns"),
    "no_id": gettext_lazy("it has no id"),
    "no_publisher": gettext_lazy("it names no publishing organisation; give one with --publisher"),
    "no_question": gettext_lazy("it has no question"),
    "not_text": gettext_lazy("it is not UTF-8 text"),
    "too_long": gettext_lazy("a text is longer than allowed"),
    "unknown_kind": gettext_lazy("its kind is neither claim nor problem"),
    "unknown_lang": gettext_lazy("its language is neither vi nor en"),
    "wrong_type": gettext_lazy("a value is not a text"),
}


def verdict_word(code: str) -> str:
    """The word for a rating or an outcome; the code itself for one that has no word."""
    return str(VERDICTS.get(code, code))


def reason_text(reason: Reason) -> str:
    """Why an answer was found, as in "94 % same text"; the code itself where it is unknown here."""
    return str(REASONS.get(reason.code, reason.code)).format(value=reason.value).removesuffix(": ")


def refusal_text(code: str, *, column: str = "") -> str:
    """Why a row was refused; the code itself where it is unknown here."""
    why = str(_REFUSALS.get(code, code))
    return gettext("%(why)s (column %(column)s)") % {"why": why, "column": column} if column else why
