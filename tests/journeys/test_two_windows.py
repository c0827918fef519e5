"""A draft that is kept while it is typed, in two windows of one member: neither writes over the other unseen."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Desk
from tests.journeys.test_browser import QUESTION, open_case, sign_in

pytestmark = pytest.mark.browser
SAVED = "Saved at"


def sentence(page: Page):
    return page.get_by_label("Answer in one sentence")


def status(page: Page):
    return page.locator("[data-autosave-status]")


def type_into(page: Page, text: str) -> None:
    sentence(page).fill(text)
    expect(status(page)).not_to_have_text("", timeout=20_000)


def test_two_windows_of_one_member_lose_nothing(desk: Desk, browser: Browser):
    desk.command("ask", QUESTION, "--lang", "en")
    context = browser.new_context(base_url=desk.url)
    one = sign_in(context.new_page(), "lan")
    open_case(one, "gargling")
    other = context.new_page()
    other.goto(one.url)

    type_into(one, "Typed in the first window.")
    expect(status(one)).to_contain_text(SAVED)
    type_into(other, "Typed in the second window.")
    expect(status(other)).to_contain_text("Not saved: this draft was changed in another window")

    # Saving by hand shows both texts; saving again is meant.
    other.get_by_role("button", name="Save draft").last.click()
    expect(other.get_by_text("This draft was changed in another window")).not_to_have_count(0)
    expect(sentence(other)).to_have_value("Typed in the second window.")
    expect(other.locator(".conflict ins").first).to_contain_text("first")
    assert [each["id"] for each in Axe().run(other).response["violations"]] == []
    other.get_by_role("button", name="Save mine anyway").click()
    expect(other.get_by_text("The draft is saved.")).to_be_visible()

    # The first window did not hear of it: what is typed there is refused too, and stays.
    sentence(one).fill("Typed in the first window, and on.")
    expect(status(one)).to_contain_text("Not saved: this draft was changed", timeout=20_000)
    expect(sentence(one)).to_have_value("Typed in the first window, and on.")
    context.close()


def test_sentence_typed_and_sent_at_once_is_no_conflict_with_itself(desk: Desk, browser: Browser):
    desk.command("ask", QUESTION, "--lang", "en")
    context = browser.new_context(base_url=desk.url)
    page = sign_in(context.new_page(), "lan")
    open_case(page, "gargling")
    page.route("**/write", lambda route: (page.wait_for_timeout(800), route.continue_()))
    with page.expect_request(lambda request: "autosave" in (request.post_data or ""), timeout=20_000):
        sentence(page).fill("Half a")
    sentence(page).fill("Half a sentence, then the whole.")
    page.get_by_role("button", name="Save draft").last.click()

    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    expect(sentence(page)).to_have_value("Half a sentence, then the whole.")
    context.close()


def test_no_connection_is_said_and_the_text_stays(desk: Desk, browser: Browser):
    desk.command("ask", QUESTION, "--lang", "en")
    context = browser.new_context(base_url=desk.url)
    page = sign_in(context.new_page(), "lan")
    open_case(page, "gargling")

    context.set_offline(True)
    type_into(page, "On a train.")
    expect(status(page)).to_have_text("Not saved: no connection. Your text stays here.")
    context.set_offline(False)

    expect(status(page)).to_contain_text(SAVED, timeout=30_000)
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "train" not in kept, "a shared computer would keep what somebody typed"
    context.close()
