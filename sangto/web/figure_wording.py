"""The words about figures."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from sangto.desk.queries.figures import Figures

NAMES: dict[str, str | Promise] = {
    "messages": _("Messages received"),
    "cases": _("Questions and problems they told of"),
    "answered": _("Got their first answer"),
    "median_hours": _("Half of the first answers came within (hours)"),
    "p90_hours": _("Nine in ten of them came within (hours)"),
    "in_time": _("Came by the last day of their term (percent)"),
    "answered_at_once": _("Messages answered at once, because the answer was there"),
    "found_wrong": _("Of these, found to belong to another question"),
    "not_checkable": _("Closed as not checkable: opinions, predictions, private matters"),
    "reopened": _("Closed, and opened again"),
    "corrected": _("Answers corrected"),
    "withdrawn": _("Answers withdrawn"),
    "objections_kept": _("Objections after which the answer was kept"),
    "objections_overturned": _("Objections after which it was corrected or withdrawn"),
    "writers": _("Members who wrote answers"),
    "largest_share": _("Share of the answers that the busiest of them wrote (percent)"),
}
SHARES = ("in_time", "largest_share")
TENTHS = ("median_hours", "p90_hours")


@dataclass(frozen=True)
class Row:
    """One figure: its name for programs, its words, and its value, None where there is nothing to measure."""

    name: str
    label: str
    value: float | int | None


def rows_of(found: Figures) -> list[Row]:
    """The figures one by one, in the order in which they are shown."""
    return [Row(name, str(label), _value(name, found)) for name, label in NAMES.items()]


def age_label(low: int, high: int | None) -> str:
    """How many days a case has waited."""
    if high is None:
        return ngettext("{n} day or more", "{n} days or more", low).format(n=low)
    return gettext("{low} to {high} days").format(low=low, high=high)


def _value(name: str, found: Figures) -> float | int | None:
    value: float | int | None = getattr(found, name)
    if value is None:
        return None
    if name in SHARES:
        return round(100 * value)
    return round(value, 1) if name in TENTHS else value
