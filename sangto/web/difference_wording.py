"""What differs between two texts in words: a line for each difference, and what is read out where a mark is seen."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sangto.engine.differ import Difference
from sangto.engine.lookalikes import spelt_out

_BOTH = {
    "number": _("Different number: {here} / {there}"),
    "date": _("Different date: {here} / {there}"),
    "place": _("Different place: {here} / {there}"),
}
_HERE = {
    "number": _("Only in what is asked: the number {here}"),
    "date": _("Only in what is asked: the date {here}"),
    "place": _("Only in what is asked: the place {here}"),
    "negation": _("One of them is negated: what is asked says “{here}”"),
}
_THERE = {
    "number": _("Only in the answer: the number {there}"),
    "date": _("Only in the answer: the date {there}"),
    "place": _("Only in the answer: the place {there}"),
    "negation": _("One of them is negated: the answer says “{there}”"),
}
_MARKS = {
    "number": _("differs: number"),
    "date": _("differs: date"),
    "place": _("differs: place"),
    "negation": _("differs: negation"),
}


def difference_line(difference: Difference) -> str:
    """A difference as a sentence, with the words of both texts as they were typed."""
    said = _BOTH if difference.here and difference.there else _HERE if difference.here else _THERE
    warning = gettext("lookalike letters")
    here, there = (spelt_out(each, warning=warning) for each in (difference.here, difference.there))
    return str(said[difference.kind]).format(here=here, there=there)


def differs(kind: str) -> str:
    """What a mark says to whoever does not see it."""
    return str(_MARKS[kind])
