"""A member asks back, whoever wrote answers on their page, and both see where the clock stands; axe over the pages."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Desk
from tests.journeys.test_browser import QUESTION, ask, faults, open_case, secret_link, sign_in

pytestmark = pytest.mark.browser
WHERE = "Where did you see this?"


def ask_back(page: Page) -> None:
    page.get_by_text("Ask those who wrote").click()
    page.get_by_label("Whoever sent").first.check()
    page.get_by_label("The question", exact=True).fill(WHERE)
    page.get_by_role("button", name="Ask", exact=True).click()


def test_sender_is_asked_and_answers(desk: Desk, page_of):
    resident, lan = page_of(width=360), page_of()
    ask(resident, QUESTION)
    link = secret_link(resident)
    expect(resident.get_by_text("working days left")).to_be_visible()

    open_case(sign_in(lan, "lan"), "gargling")
    ask_back(lan)
    expect(lan.get_by_text("Waits for whoever wrote: the clock stands")).to_be_visible()

    resident.goto(link)
    expect(resident.get_by_text("We wait for you: please answer")).to_be_visible()
    resident.get_by_label("Your answer").fill("On a leaflet at the market.")
    resident.get_by_role("button", name="Send the answer").click()
    expect(resident.get_by_text("Thank you. We have added this to your message.")).to_be_visible()

    lan.reload()
    expect(lan.get_by_text("On a leaflet at the market.")).to_be_visible()
    expect(lan.get_by_text("working days left").first).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_of_deadlines_and_questions_are_clean(desk: Desk, browser: Browser, width: int):
    page = browser.new_context(base_url=desk.url, viewport={"width": width, "height": 900}).new_page()
    ask(page, QUESTION)
    link = secret_link(page).removeprefix(desk.url)
    open_case(sign_in(page, "lan"), "gargling")
    case = page.url.removeprefix(desk.url).partition("?")[0]
    ask_back(page)
    sign_in(page, "minh")

    found = []
    for path in (link, case, "/en/staff/?view=waiting", "/en/staff/terms", "/en/about"):
        for each in (path, path.removeprefix("/en")):
            found += faults(page, each)

    assert found == []
    page.context.close()
