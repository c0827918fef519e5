"""A sender looks at what is held, asks about it, takes it along, withdraws: by keyboard, with and without script."""

import json
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Desk
from tests.journeys.test_browser import ask, secret_link, sign_in

pytestmark = pytest.mark.browser
QUESTION = "Is it true that the old lighthouse closes for repairs in December?"
WISH = "Please tell me who has read my message."
TABS = 60


def press(page: Page, target: Locator) -> None:
    """Go to it with the Tab key alone, and press Enter there."""
    for _time in range(TABS):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            page.keyboard.press("Enter")
            return
    pytest.fail("the Tab key never leads there")


def is_sound(page: Page, *, with_script: bool) -> None:
    """Nothing on the page speaks against the accessibility rules, and it fits a phone."""
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 900})
        if with_script:  # the rules are checked by a script that runs in the page
            assert [each["id"] for each in Axe().run(page).response["violations"]] == []
        assert page.locator("html").evaluate("page => page.scrollWidth <= page.clientWidth")


def test_sender_sees_asks_takes_along_and_withdraws(desk: Desk, page_of, request, tmp_path: Path):
    with_script = "without" not in request.node.callspec.id
    page, officer = page_of(), page_of()
    ask(page, QUESTION)
    expect(page.get_by_role("heading", name="We have your message")).to_be_visible()
    link = secret_link(page)
    page.goto(link)

    press(page, page.get_by_role("link", name="Open your data"))
    expect(page.get_by_role("heading", name="Your data", exact=True)).to_be_visible()
    expect(page.get_by_text("None is held.")).to_be_visible()
    is_sound(page, with_script=with_script)

    page.get_by_label("What it is about").select_option("access")
    page.get_by_label("What you want us to do").fill(WISH)
    press(page, page.get_by_role("button", name="Send the request"))
    expect(page.get_by_role("status")).to_contain_text("We have your request")
    expect(page.get_by_role("heading", name="Tell me what you hold")).to_be_visible()

    sign_in(officer, "minh")
    press(officer, officer.get_by_role("link", name="Requests 1"))
    expect(officer.get_by_role("heading", name="Requests about data")).to_be_visible()
    is_sound(officer, with_script=with_script)
    officer.get_by_role("link", name="Tell me what you hold").click()
    expect(officer.get_by_text(WISH)).to_be_visible()
    is_sound(officer, with_script=with_script)
    officer.get_by_label("For the sender").first.fill("Two members of the desk have.")
    press(officer, officer.get_by_role("button", name="Send the answer"))
    expect(officer.get_by_role("status")).to_contain_text("The sender can read your answer now.")

    page.reload()
    expect(page.get_by_text("Two members of the desk have.")).to_be_visible()
    is_sound(page, with_script=with_script)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download your data").click()
    download.value.save_as(tmp_path / "data.json")
    assert json.loads((tmp_path / "data.json").read_text())["message"]["text"] == QUESTION

    press(page, page.get_by_role("link", name="Withdraw this message"))
    expect(page.get_by_role("heading", name="Withdraw this message?")).to_be_visible()
    is_sound(page, with_script=with_script)
    press(page, page.get_by_role("button", name="Withdraw it for good"))
    expect(page.get_by_role("heading", name="You withdrew this message")).to_be_visible()
    expect(page.get_by_text(QUESTION)).to_have_count(0)
    is_sound(page, with_script=with_script)

    page.goto(f"{link}/data")
    expect(page.get_by_text("Erased: you withdrew the message")).to_be_visible()
    expect(page.get_by_text("Two members of the desk have.")).to_be_visible()
    is_sound(page, with_script=with_script)
    officer.goto("/en/staff/?view=closed")
    expect(officer.get_by_role("link", name="(withdrawn by whoever wrote it)")).to_be_visible()
    is_sound(officer, with_script=with_script)
