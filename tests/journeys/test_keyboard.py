"""From signing in by passkey to a published answer, by two people who have no mouse: every step is a key."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.conftest import PASSWORD, Desk
from tests.journeys.test_browser import QUESTION, faults
from tests.journeys.test_passkey import SIGN_IN, with_authenticator

pytestmark = pytest.mark.browser
MOST_TABS = 150


class Keys:
    """Somebody at a keyboard: Tab until the thing has the focus, then the key that it takes."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, thing: Locator) -> None:
        expect(thing).to_be_visible()
        for _ in range(MOST_TABS):
            if thing.evaluate("each => each === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"no Tab leads to {thing}")

    def press(self, role: str, name: str, key: str = "Enter") -> None:
        self.reach(self.page.get_by_role(role, name=name, exact=True))  # type: ignore[arg-type]
        self.page.keyboard.press(key)

    def type(self, label: str, text: str, *, within: Locator | None = None) -> None:
        self.reach((within or self.page).get_by_label(label))
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def tick_all(self) -> None:
        """Answer each question of the checklist."""
        for box in self.page.locator("#checklist input[type=checkbox]").all():
            self.reach(box)
            self.page.keyboard.press("Space")

    def keys(self, *names: str) -> None:
        """Keys of the staff pages, once their script listens."""
        expect(self.page.locator("[data-keys-open]")).to_be_visible()
        for name in names:
            self.page.keyboard.press(name)


def person(browser: Browser, desk: Desk, name: str) -> Keys:
    """Somebody who set up a passkey and signed in with it."""
    page = browser.new_context(base_url=desk.url, locale="en-US").new_page()
    with_authenticator(page)
    one = Keys(page)
    page.goto(SIGN_IN)
    one.type("Login name", name)
    one.type("Password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.goto("/en/staff/security")
    one.press("link", "Add a passkey")
    one.type("A name for this passkey", "key")
    page.keyboard.press("Enter")
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    one.press("button", "Sign out")
    expect(page.get_by_role("button", name="Sign out")).to_have_count(0)
    page.goto(SIGN_IN)
    one.press("button", "Sign in with a passkey")
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
    return one


def write(one: Keys) -> None:
    one.type("Question, as the public reads it", "Gargling with salt water cures dengue fever")
    one.type("Verdict", "False")  # the letters choose the option
    one.type("Answer in one sentence", "No. Salt water does not cure dengue.")
    one.type("Answer in full", "There is no cure for dengue. See a doctor.")
    source = one.page.get_by_role("group", name="Source 1")
    one.type("Title of the document", "Dengue and severe dengue", within=source)
    one.type("Published by", "World Health Organization", within=source)
    one.type("Web address", "https://www.who.int/", within=source)
    one.reach(source.get_by_label("Date of the document"))
    one.page.keyboard.type("11102026")


def test_two_people_without_a_mouse_answer_and_publish(desk: Desk, browser: Browser):
    desk.command("ask", QUESTION, "--lang", "en")
    editor, approver = person(browser, desk, "lan"), person(browser, desk, "minh")

    editor.keys("j", "Enter")
    expect(editor.page.get_by_role("heading", name="Messages")).to_be_visible()
    editor.keys("t")
    expect(editor.page.get_by_text("Noted whose work this case is.")).to_be_visible()
    editor.keys("a")
    write(editor)
    editor.tick_all()
    editor.press("button", "Send to review")
    expect(editor.page.get_by_text("Sent to review.")).to_be_visible()

    approver.keys("g", "i")
    approver.press("link", "In review 1")
    expect(approver.page.get_by_role("link", name="Gargling")).to_be_visible()
    approver.keys("j", "Enter")
    expect(approver.page.get_by_role("heading", name="Review this text")).to_be_visible()
    approver.tick_all()
    approver.press("button", "Approve and publish")
    expect(approver.page.get_by_text("Published. Everybody who asked will be told.")).to_be_visible()

    approver.page.goto("/en/answers")
    expect(approver.page.get_by_role("link", name="Gargling with salt water cures dengue fever")).to_be_visible()
    for each in (editor, approver):
        each.page.context.close()


def test_keys_are_listed_rest_while_somebody_types_and_can_be_turned_off(desk: Desk, browser: Browser):
    desk.command("ask", QUESTION, "--lang", "en")
    one = person(browser, desk, "lan")
    page, shown = one.page, one.page.get_by_role("dialog", name="Keys")

    one.keys("?")
    expect(shown).to_be_visible()
    assert faults(page, "", visit=False) == []
    one.keys("Escape")
    expect(shown).to_be_hidden()

    one.keys("/")
    page.keyboard.type("gargling ?")
    expect(shown).to_be_hidden()
    assert page.get_by_label("Words in the case").input_value() == "gargling ?"
    one.keys("Enter")
    expect(page.get_by_role("link", name="Show all")).to_be_visible()
    one.keys("j", "x")
    expect(page.get_by_role("checkbox", name="Choose case")).to_be_checked()
    one.keys("g", "u")
    expect(page.get_by_role("heading", name="Units")).to_be_visible()

    one.keys("?")
    one.press("checkbox", "Use these keys in this browser", "Space")
    one.keys("Escape", "g", "i")
    expect(page.get_by_role("heading", name="Units")).to_be_visible()
    page.context.close()
