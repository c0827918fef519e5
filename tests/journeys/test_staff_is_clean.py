"""Every staff page that links lead to, with everything unfolded, and every form refused: the accessibility rules hold.

The demonstration desk has Cases in every state. Forms are sent empty and with far too much, as no browser would let
them.
"""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.conftest import SANGTO, free_port, is_up, wait_until, without_settings
from tests.journeys.test_browser import faults
from tests.screenshots import sign_in

pytestmark = pytest.mark.browser

PAGES_MOST = 70  # of one member: the Cases of the demonstration repeat themselves
LONG = "x" * 6000
UNFOLD = "document.querySelectorAll('details').forEach(each => { each.open = true })"
KIND = "[...document.querySelectorAll('main h1, main h2')].map(each => each.id || each.className || 'h').join()"
FORMS = """() => [...document.querySelectorAll('main form[method=post]')].map((form) => ({
  action: new URL(form.action).pathname,
  fields: form.querySelectorAll('textarea, select, input:not([type=hidden])').length,
  buttons: form.querySelectorAll('button[type=submit]:not([tabindex="-1"])').length,
}))"""
SPOIL = """([form, text]) => {
  form.noValidate = true;
  for (const field of form.querySelectorAll('textarea, select, input:not([type=hidden])')) {
    if (['checkbox', 'radio'].includes(field.type)) field.checked = false;
    else if (field.tagName === 'SELECT') field.selectedIndex = -1;
    else if (field.type !== 'file') { field.removeAttribute('maxlength'); field.value = text; }
  }
}"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Iterator[str]:
    """The address of a demonstration desk."""
    bind = f"127.0.0.1:{free_port()}"
    environment = {
        **without_settings(),
        "SANGTO_HOME": str(tmp_path_factory.mktemp("demo")),
        "PATH": os.environ["PATH"],
    }
    log = Path(environment["SANGTO_HOME"]) / "serve.log"
    with log.open("wb") as out:
        process = subprocess.Popen([SANGTO, "demo", "--bind", bind], env=environment, stdout=out, stderr=out)
    try:
        wait_until(lambda: is_up(f"http://{bind}"), what=f"the demonstration: {log}", timeout_s=120)
        yield f"http://{bind}"
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


class Visitor:
    """Follows every link of the staff pages once a kind of page, and sends every kind of form to be refused."""

    def __init__(self, page: Page, prefix: str) -> None:
        self.page, self.waiting = page, [f"{prefix}/staff/"]
        self.start, self.security = f"{prefix}/staff/", f"{prefix}/staff/security"
        self.seen: set[str] = set()
        self.kinds: set[str] = set()
        self.forms: set[tuple[str, int, str]] = set()
        self.found: list[str] = []

    def walk(self) -> None:
        while self.waiting and len(self.seen) < PAGES_MOST:
            path = self.waiting.pop(0)
            self.seen.add(path)
            self.page.goto(path)
            self._note_links()
            kind = shape(urlsplit(path).path) + self.page.evaluate(KIND)
            if kind not in self.kinds:
                self.kinds.add(kind)
                self._look(path)
                self._spoil_forms(path)

    def _note_links(self) -> None:
        links = self.page.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.pathname + a.search)")
        for link in links:
            is_new = link not in self.seen and link not in self.waiting
            if is_new and link.startswith(self.start) and "page=" not in link:
                self.waiting.append(link)

    def _look(self, what: str) -> None:
        self.page.evaluate(UNFOLD)
        self.found += [f"{what}: {each}" for each in faults(self.page, "", visit=False)]

    def _spoil_forms(self, path: str) -> None:
        for form in self.page.evaluate(FORMS):
            for button in range(form["buttons"]):
                for text in ("", LONG):
                    key = shape(form["action"]), button, text
                    if form["fields"] and key not in self.forms and "security" not in form["action"]:
                        self.forms.add(key)
                        self._spoil(path, form["action"], button, text)

    def _spoil(self, path: str, action: str, button: int, text: str) -> None:
        self.page.goto(path)
        self.page.evaluate(UNFOLD)
        form = self.page.locator(f'main form[method=post][action="{action}"]').first
        pressed = form.locator('button[type=submit]:not([tabindex="-1"])').nth(button)
        if not pressed.count():
            return  # what was sent before has moved the Case on: it is another kind of page now
        self.page.evaluate(SPOIL, [form.element_handle(), text])
        with self.page.expect_navigation():
            pressed.click()
        self._look(f"{path} form {action} button {button} with {len(text)} characters")


def shape(path: str) -> str:
    """The address without the numbers in it."""
    return re.sub(r"\d+", "#", path)


@pytest.mark.parametrize(
    ("name", "prefix", "width"), [("lan", "", 360), ("minh", "/en", 1280), ("an", "", 1280), ("thu", "/en", 360)]
)
def test_no_page_and_no_refused_form_breaks_a_rule(demo: str, browser: Browser, name: str, prefix: str, width: int):
    page = browser.new_context(base_url=demo, viewport={"width": width, "height": 900}).new_page()
    page.set_default_timeout(15_000)
    page.on("response", lambda answer: answer.status < 500 or pytest.fail(f"{answer.status} {answer.url}"))
    page.on("dialog", lambda dialog: dialog.accept())
    sign_in(page, name)

    visitor = Visitor(page, prefix)
    visitor.walk()

    print(len(visitor.seen), "pages", len(visitor.kinds), "kinds", len(visitor.forms), "forms")
    assert visitor.found == [], "\n".join(visitor.found)
    assert len(visitor.kinds) >= 8, visitor.kinds
    page.context.close()
