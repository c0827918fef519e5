"""A published answer beside what is asked, and the page of one's sign-ins: as a member uses them; axe over both."""

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Desk
from tests.journeys.test_browser import QUESTION, approve, ask, faults, open_case, sign_in, write

pytestmark = pytest.mark.browser
ASKED = "Is it true that gargling with salt water 3 times never cures dengue fever in Hanoi after July 5, 2026?"


def answered_and_asked_again(page_of) -> None:
    """Salt water is answered by Lan and Minh; then somebody asks nearly the same."""
    ask(page_of(), QUESTION)
    lan = sign_in(page_of(), "lan")
    open_case(lan, "gargling")
    write(lan, summary="No. Salt water does not cure dengue.", text="See a doctor.")
    approve(sign_in(page_of(), "minh"), "Gargling")
    resident = page_of()
    ask(resident, ASKED)
    decline = resident.get_by_role("button", name="None of these")
    if decline.count():
        decline.first.click()


def test_officer_sees_what_differs_and_answers_with_what_is_published(desk: Desk, page_of):
    answered_and_asked_again(page_of)
    lan = sign_in(page_of(width=360), "lan")

    open_case(lan, "3 times")

    beside = lan.get_by_role("region", name="Answered before?")
    expect(beside.get_by_text("No. Salt water does not cure dengue.")).to_be_visible()
    for line in ("number 3 times", "date July 5, 2026", "place Hanoi", "One of them is negated"):
        expect(beside.get_by_text(line)).to_be_visible()
    expect(beside.locator("mark")).to_have_count(4)
    beside.get_by_role("button", name="Answer with").click()
    expect(lan.get_by_text("Asked 2 times")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_both_pages_are_clean(desk: Desk, browser: Browser, page_of, width: int):
    answered_and_asked_again(page_of)
    page = browser.new_context(base_url=desk.url, viewport={"width": width, "height": 900}).new_page()
    open_case(sign_in(page, "lan"), "3 times")
    case = page.url.removeprefix(desk.url).partition("?")[0]

    found = []
    for path in (case, "/en/staff/security"):
        for each in (path, path.removeprefix("/en")):
            found += faults(page, each)

    assert found == []
    page.context.close()
