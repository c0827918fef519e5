"""What the tests of the staff pages share: a signed-in browser, and the form as a browser would send it."""

import time
from html.parser import HTMLParser
from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse

from sangto.people.queries import may_anywhere
from sangto.people.rules import needs_second_factor
from tests.factories import SOURCE, TICKS

APP_KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def signed_in(member) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(member.user)
    just_confirmed(client, member)
    if may_anywhere(member, needs_second_factor):
        with_app(member)
    return client


def just_confirmed(client: Client, member, *, ago_s: float = 0) -> None:
    """The session as signing in with a password leaves it, that long ago."""
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time() - ago_s}]
    session["account_authentication_methods_user"] = str(member.user.pk)
    session.save()


def with_app(member) -> str:
    """Set up an authenticator app for the Member; returns its key."""
    if not Authenticator.objects.filter(user=member.user).exists():
        TOTP.activate(member.user, APP_KEY)
    return APP_KEY


def at(name: str, case=None) -> str:
    return reverse(f"staff:{name}", args=[case.number] if case else [])


def typed(**changes: str) -> dict[str, Any]:
    """A complete version as the form sends it, with one source and every tick."""
    rows = {"sources-TOTAL_FORMS": "3", "sources-INITIAL_FORMS": "0", **source(0)}
    text = "Chưa có bằng chứng nào.\r\n\r\nHãy hỏi bác sĩ của bạn."
    words = {"question": "Nước chanh nóng có chữa ung thư?", "verdict": "false", "summary": "Không.", "text": text}
    return {**rows, **words, "tick": list(TICKS), "do": "save", **changes}


def source(row: int, **changes: str) -> dict[str, str]:
    values = {
        "title": SOURCE.title,
        "publisher": SOURCE.publisher,
        "url": SOURCE.url,
        "dated_on": f"{SOURCE.dated_on:%Y-%m-%d}",
        **changes,
    }
    return {f"sources-{row}-{name}": value for name, value in values.items()}


NO_SOURCE = dict.fromkeys(source(0), "")


class Page(HTMLParser):
    """What a member sees and could send: forms by address, values, and texts of a class."""

    def __init__(self, response) -> None:
        super().__init__(convert_charrefs=True)
        self.html = response.content.decode()
        self.values: dict[str, str] = {}
        self.ticked: set[str] = set()
        self.forms: set[str] = set()
        self.buttons: set[str] = set()
        self.links: set[str] = set()
        self._inside: list[tuple[str, str]] = []
        self.feed(self.html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name, value = given.get("name", ""), given.get("value") or ""
        if tag == "form":
            self.forms.add(given.get("action") or "")
        elif tag == "a":
            self.links.add(given.get("href") or "")
        elif tag == "input" and given.get("type") == "checkbox":
            self.ticked |= {value} if "checked" in given else set()
        elif tag == "input" and name:
            self.values[name] = value
        elif tag == "option" and "selected" in given:
            self.values[self._inside[-1][1]] = value
        if tag in ("textarea", "select", "button"):
            self._inside.append((tag, name))

    def handle_endtag(self, tag):
        if self._inside and self._inside[-1][0] == tag:
            self._inside.pop()

    def handle_data(self, data):
        if not self._inside:
            return
        tag, name = self._inside[-1]
        if tag == "textarea":
            self.values[name] = self.values.get(name, "") + data.replace("\r\n", "\n").removeprefix("\n")
        elif tag == "button" and data.strip():
            self.buttons.add(data.strip())

    def shows(self, text: str) -> bool:
        return text in self.html
