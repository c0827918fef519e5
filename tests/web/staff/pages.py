"""What the tests of the staff pages share: a signed-in browser, and the form as a browser would send it."""

from html.parser import HTMLParser

from django.test import Client
from django.urls import reverse

from tests.factories import SOURCE


def signed_in(member) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(member.user)
    return client


def at(name: str, case=None) -> str:
    return reverse(f"staff:{name}", args=[case.number] if case else [])


def typed(**changes: str) -> dict[str, str]:
    """A complete version as the form sends it, with one source."""
    rows = {"sources-TOTAL_FORMS": "3", "sources-INITIAL_FORMS": "0", **source(0)}
    text = "Chưa có bằng chứng nào.\r\n\r\nHãy hỏi bác sĩ của bạn."
    words = {"question": "Nước chanh nóng có chữa ung thư?", "verdict": "false", "summary": "Không.", "text": text}
    return {**rows, **words, "do": "save", **changes}


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
