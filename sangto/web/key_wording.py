"""The keys of the staff pages, as their list says them: what a `data-key` in a template stands for."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

KEYS: dict[Promise, dict[str, Promise]] = {
    _("Everywhere"): {
        "?": _("Show this list"),
        "g i": _("Go to the inbox"),
        "g o": _("Go to the objections"),
        "g u": _("Go to the units"),
        "g t": _("Go to the templates"),
        "g w": _("Go to the work"),
    },
    _("In a list"): {
        "j": pgettext_lazy("key", "Next one"),
        "k": pgettext_lazy("key", "One before"),
        "x": _("Tick it, or take the tick away"),
        "/": _("Search the inbox"),
        "n": _("Next page"),
        "b": _("Page before"),
    },
    _("On a case"): {
        "a": _("To the answer"),
        "p": _("Preview what the public will see"),
        "m": _("To the messages"),
        "t": _("Take it"),
        "s": _("Say whose work it is"),
        "w": _("Watch it, or stop watching"),
        "q": _("Ask those who wrote"),
        "h": _("Hand it over to another unit"),
        "c": _("To closing it as not checkable"),
    },
}
