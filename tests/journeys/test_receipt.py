"""A sender takes the receipt along and strangers check it: in the saved page, with the program, without the desk."""

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import Desk
from tests.journeys.test_browser import QUESTION, approve, ask, open_case, secret_link, sign_in, write

pytestmark = pytest.mark.browser


@pytest.fixture
def page(desk: Desk, browser: Browser) -> Page:
    return browser.new_context(base_url=desk.url, viewport={"width": 1280, "height": 900}).new_page()


def taken(page: Page, name: str, folder: Path) -> Path:
    """The file behind a link of the page."""
    with page.expect_download() as download:
        page.get_by_role("link", name=name, exact=True).click()
    return download.value.path().rename(folder / download.value.suggested_filename)


def stranger(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """What the downloaded program says on a machine that has nothing of ours."""
    command = [sys.executable, "-I", "verify_desk.py", *words, "--lang", "en"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


def checked(page: Page, receipt: Path, text: Path) -> Page:
    """The saved page after it has looked at a receipt and its text."""
    page.get_by_label("File of the Receipt or answer").set_input_files(receipt)
    page.locator("details.more-fields summary").first.click()
    page.locator("#text-file").set_input_files(text)
    page.get_by_role("button", name="Verify", exact=True).click()
    return page


def test_sender_holds_a_proof_that_needs_no_desk(desk: Desk, page: Page, browser: Browser, tmp_path: Path):
    ask(page, QUESTION)
    link = secret_link(page)
    expect(page.get_by_text("The receipt will be ready at")).to_have_count(0)  # it is on the page of the link
    page.goto(link)
    expect(page.get_by_text("The receipt will be ready at")).to_be_visible()
    desk.command("ledger", "publish")
    page.reload()

    receipt = taken(page, "Download the receipt", tmp_path)
    text = taken(page, "Download the text it proves", tmp_path)
    page.goto("/en/log")
    taken(page, "verify_desk.py", tmp_path)
    page.goto("/en/log/verify")
    (tmp_path / "verify.html").write_text(page.content())
    saved = browser.new_context(offline=True).new_page()
    saved.goto((tmp_path / "verify.html").as_uri())

    assert stranger(tmp_path, "receipt", receipt.name, "--text", text.name).returncode == 0
    expect(checked(saved, receipt, text).get_by_role("heading", name="Valid", exact=True)).to_be_visible()
    text.write_text("Something else")
    assert stranger(tmp_path, "receipt", receipt.name, "--text", text.name).returncode == 1
    assert saved.context.pages[0].evaluate("navigator.onLine") is False


def test_stranger_watches_the_desk(desk: Desk, page: Page, browser: Browser, tmp_path: Path):
    ask(page, QUESTION)
    editor = sign_in(browser.new_context(base_url=desk.url).new_page(), "lan")
    open_case(editor, "gargling")
    write(editor, summary="No. Salt water does not cure dengue.", text="There is no cure for dengue. See a doctor.")
    approve(sign_in(browser.new_context(base_url=desk.url).new_page(), "minh"), "Gargling")
    desk.command("ledger", "publish")
    page.goto("/en/log")
    taken(page, "verify_desk.py", tmp_path)

    watched = stranger(tmp_path, "monitor", desk.url, "--state", "seen")

    assert (watched.returncode, watched.stderr) == (0, "")
    assert "Valid: everything fits; answer versions checked: 1." in watched.stdout
