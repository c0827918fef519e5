"""A passkey set up, signed in with and confirmed with, in Chromium's own virtual authenticator; by keyboard alone."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import PASSWORD, Desk
from tests.journeys.test_browser import QUESTION, approve, ask, faults, open_case, sign_in, write

pytestmark = pytest.mark.browser
SIGN_IN, SECURITY = "/en/staff/sign-in", "/en/staff/security"


def with_authenticator(page: Page) -> None:
    """A phone or computer that holds passkeys and whose owner is at it."""
    client = page.context.new_cdp_session(page)
    client.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    client.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def press(page: Page, role: str, name: str) -> None:
    """Move the focus to it and press Enter, as whoever has no mouse."""
    thing = page.get_by_role(role, name=name, exact=True)
    thing.focus()
    page.keyboard.press("Enter")


def test_approver_sets_up_a_passkey_signs_in_with_it_and_publishes(desk: Desk, browser: Browser):
    page = browser.new_context(base_url=desk.url).new_page()
    with_authenticator(page)
    page.goto(SIGN_IN)
    page.get_by_label("Login name").fill("minh")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("a password alone is too little")).to_be_visible()

    press(page, "link", "Add a passkey")
    page.get_by_label("A name for this passkey").fill("phone")
    page.keyboard.press("Enter")
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    press(page, "link", "Go on")
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
    press(page, "button", "Sign out")
    expect(page.get_by_role("button", name="Sign out")).to_have_count(0)
    page.wait_for_load_state("networkidle")

    page.goto(SIGN_IN)
    press(page, "button", "Sign in with a passkey")
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()

    page.goto("/en/staff/confirm?next=/en/staff/work")
    press(page, "button", "Use a passkey")
    expect(page.get_by_role("heading", name="Work", exact=True)).to_be_visible()

    other = browser.new_context(base_url=desk.url).new_page()
    ask(other, QUESTION)
    editor = sign_in(browser.new_context(base_url=desk.url).new_page(), "lan")
    open_case(editor, "gargling with salt water")
    write(editor, summary="No. Salt water does not cure dengue.", text="There is no cure for dengue. See a doctor.")
    approve(page, "Gargling")
    expect(page.get_by_text("Published. Everybody who asked will be told.")).to_be_visible()
    for each in (page, other, editor):
        each.context.close()


def test_password_and_passkey_together_sign_in_and_a_browser_without_them_offers_the_code(desk: Desk, browser: Browser):
    page = browser.new_context(base_url=desk.url, java_script_enabled=False).new_page()
    page.goto(SIGN_IN)

    expect(page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)
    sign_in(page, "minh")
    expect(page.get_by_role("heading", name="Inbox")).to_be_visible()
    page.context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_of_signing_in_and_of_members_are_clean(desk: Desk, browser: Browser, width: int):
    desk.command("member", "add", "an", "--name", "An", "--role", "head", "--password", PASSWORD)
    desk.command("staff", "grant", "an", "auditor")
    link = desk.command("staff", "invite", "--role", "editor").strip().removeprefix(desk.url)
    page = browser.new_context(base_url=desk.url, viewport={"width": width, "height": 900}).new_page()
    paths = ("/staff/security", "/staff/security/codes/make", "/staff/security/passkeys/add", "/staff/confirm",
             "/staff/members", "/staff/audit", link, link + "x")  # fmt: skip
    page.goto(SIGN_IN)
    page.get_by_label("Login name").fill("an")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("a password alone is too little")).to_be_visible()
    before = faults(page, f"{SECURITY}/app")

    sign_in(page, "an")

    found = [problem for path in paths for prefix in ("", "/en") for problem in faults(page, prefix + path)]
    assert before + found == []
    page.context.close()
