"""Why signing in through an identity provider did not work, and what the pages about sign-ins say."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

FAILURES = {
    "stale": _("This sign-in was begun in another browser, or too long ago. Begin again."),
    "unreachable": _("{name} does not answer just now. Sign in with your password or a passkey, or try again later."),
    "bad_provider": _("{name} and this desk do not understand each other. Please tell your operator."),
    "refused": _("{name} could not confirm who you are. Begin again."),
    "bad_token": _("{name} could not confirm who you are. Begin again."),
    "denied": _("{name} did not sign you in: it was cancelled, or you may not use it here."),
    "unknown": _("This account at {name} is tied to nobody here. Sign in with your password, then tie it to yourself."),
    "taken": _("This account at {name} signs in somebody already, or you have tied one. Untie it first."),
    "too_long": _("{name} and this desk do not understand each other. Please tell your operator."),
}
SECURITY_DONE = {
    "tied": _("The account is tied. From now on you can sign in with it."),
    "untied": _("The account is untied."),
    "ended": _("The sign-in is ended."),
    "others": _("All your other sign-ins are ended."),
    "named": _("The name is kept."),
}
CONFIRMED_BY = {
    "password": _("with your password"),
    "passkey": _("with a passkey"),
    "app": _("with a code of the app"),
    "codes": _("with a recovery code"),
}


def failure(code: str, name: str) -> str:
    """Why it did not work, in a sentence or two."""
    return str(FAILURES[code]).format(name=name)


def confirmed_by_label(code: str) -> str:
    """What was shown last when signing in."""
    return str(CONFIRMED_BY.get(code) or gettext("through your identity provider"))
