"""A member uploads a copy of a source, and everybody reads its hash; with and without script, axe over the pages."""

import hashlib
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Desk
from tests.journeys.test_browser import QUESTION, ask, faults, open_case, sign_in, tick_all, write

pytestmark = pytest.mark.browser
PDF = b"%PDF-1.7 a document"
DIGEST = hashlib.sha256(PDF).hexdigest()


def upload(page: Page) -> None:
    page.locator("#copies summary", has_text="Upload a copy").click()
    page.get_by_label("File").set_input_files({"name": "who.pdf", "mimeType": "text/html", "buffer": PDF})
    page.get_by_role("button", name="Upload", exact=True).click()


def draft(page: Page) -> None:
    open_case(sign_in(page, "lan"), "gargling")
    write(page, summary="No.", text="There is no evidence that it does.")
    page.get_by_role("button", name="Take it back to draft").click()


def test_copy_is_uploaded_and_read_by_everybody(desk: Desk, page_of):
    resident, lan, minh = page_of(width=360), page_of(), page_of()
    ask(resident, QUESTION)
    draft(lan)

    upload(lan)
    expect(lan.get_by_text("The copy is kept.")).to_be_visible()
    expect(lan.get_by_text(DIGEST[:16])).to_be_visible()
    with lan.expect_download() as download:
        lan.get_by_role("link", name=re.compile("Download the copy")).click()
    assert download.value.path().read_bytes() == PDF
    tick_all(lan)
    lan.get_by_role("button", name="Send to review").click()

    open_case(sign_in(minh, "minh"), "gargling", view="?view=review")
    expect(minh.get_by_text(DIGEST[:16])).to_be_visible()
    tick_all(minh)
    minh.get_by_role("button", name="Approve and publish").click()
    minh.get_by_role("link", name="Public page", exact=True).click()
    expect(minh.get_by_text(DIGEST)).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_with_copies_are_clean(desk: Desk, browser: Browser, width: int):
    page = browser.new_context(base_url=desk.url, viewport={"width": width, "height": 900}).new_page()
    ask(page, QUESTION)
    draft(page)
    case = page.url.removeprefix(desk.url).partition("?")[0]
    found = faults(page, case)
    upload(page)
    found += faults(page, case) + faults(page, case.removeprefix("/en"))
    tick_all(page)
    page.get_by_role("button").filter(has_text=re.compile("Gửi duyệt|Send to review")).first.click()
    sign_in(page, "minh")
    page.goto(case)
    tick_all(page)
    page.get_by_role("button", name="Approve and publish").click()
    page.get_by_role("link", name="Public page", exact=True).click()

    found += faults(page, page.url.removeprefix(desk.url))

    assert found == []
    page.context.close()
