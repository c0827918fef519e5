"""The main job through real pages: a resident, an editor and an approver, each in a window of their own."""

import time

import httpx
import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.channels.stand_in import SECRET, BotApi, recorded
from tests.journeys.conftest import PASSWORD, Desk, wait_until

pytestmark = pytest.mark.browser

CODE_S = 30
QUESTION = "Is it true that gargling with salt water cures dengue fever?"
SAME_QUESTION = "is it true that gargling with salt water cures dengue fever"


def ask(page: Page, text: str) -> None:
    page.goto("/en/")
    page.get_by_label("What did you see, or what is broken?").fill(text)
    page.get_by_role("button", name="Send", exact=True).click()


def secret_link(page: Page) -> str:
    return page.get_by_label("Your secret link").input_value()


def sign_in(page: Page, name: str) -> Page:
    page.goto("/en/staff/sign-in")
    page.get_by_label("Login name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    if "needed=1" in page.url:
        set_up_app(page)
    return page


def set_up_app(page: Page) -> None:
    """The role needs a second factor: an authenticator app, as its owner's phone would show its code."""
    page.get_by_role("link", name="Set up an app").click()
    key = page.locator(".totp-key").inner_text()
    while time.time() % CODE_S > CODE_S - 10:  # a code that is about to end would be refused
        page.wait_for_timeout(500)
    counter = next(iter(yield_hotp_counters_from_time()))
    page.get_by_label("Code").fill(format_hotp_value(hotp_value(key, counter)))
    page.get_by_role("button", name="Set it up").click()
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    page.get_by_role("link", name="Go on").click()


def open_case(page: Page, words: str, *, view: str = "") -> None:
    page.goto(f"/en/staff/{view}")
    page.get_by_role("link", name=words).first.click()


def telegram(desk: Desk, text: str, *, update_id: int) -> None:
    update = recorded("text")
    update["update_id"] = update_id
    update["message"]["text"] = text
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    httpx.post(f"{desk.url}/hooks/telegram", json=update, headers=headers).raise_for_status()


def write(page: Page, *, summary: str, text: str, change: str = "") -> None:
    page.get_by_label("Question, as the public reads it").fill("Gargling with salt water cures dengue fever")
    page.get_by_label("Verdict").select_option("false")
    page.get_by_label("Answer in one sentence").fill(summary)
    page.get_by_label("Answer in full").fill(text)
    source = page.get_by_role("group", name="Source 1")
    source.get_by_label("Title of the document").fill("Dengue and severe dengue")
    source.get_by_label("Published by").fill("World Health Organization")
    source.get_by_label("Web address").fill("https://www.who.int/")
    source.get_by_label("Date of the document").fill("2026-11-10")
    if change:
        page.get_by_label("What changes and why").fill(change)
    tick_all(page)
    page.get_by_role("button", name="Send to review").click()


def tick_all(page: Page) -> None:
    """Answer each question of the checklist."""
    for box in page.locator("#checklist input[type=checkbox]").all():
        box.check()


def approve(page: Page, words: str) -> None:
    open_case(page, words, view="?view=review")
    tick_all(page)
    page.get_by_role("button", name="Approve and publish").click()


def told(bot_api: BotApi, words: str, times: int = 1) -> None:
    wait_until(
        lambda: sum(words in letter["text"] for letter in bot_api.letters) == times, what=f"{times} x {words!r} told"
    )


def test_question_is_asked_grouped_answered_reviewed_told_corrected_and_told_again(
    desk: Desk, bot_api: BotApi, page_of
):
    telegram(desk, QUESTION, update_id=1)
    one, other = page_of(), page_of(width=360)
    ask(one, QUESTION)
    ask(other, SAME_QUESTION)
    expect(one.get_by_role("heading", name="We have your message")).to_be_visible()
    links = [secret_link(one), secret_link(other)]

    editor, approver = sign_in(page_of(), "lan"), sign_in(page_of(), "minh")
    open_case(editor, "gargling with salt water")
    expect(editor.get_by_text("same text").first).to_be_visible()
    write(editor, summary="No. Salt water does not cure dengue.", text="There is no cure for dengue. See a doctor.")
    expect(editor.get_by_role("button", name="Approve and publish")).to_have_count(0)
    approve(approver, "Gargling")

    for page, link in zip((one, other), links, strict=True):
        page.goto(link)
        expect(page.get_by_role("heading", name="There is an answer")).to_be_visible()
        expect(page.get_by_text("No. Salt water does not cure dengue.").first).to_be_visible()
    told(bot_api, "No. Salt water does not cure dengue.")

    open_case(editor, "Gargling", view="?view=answered")
    editor.get_by_role("button", name="Correct this answer").click()
    write(
        editor,
        summary="No. Salt water does not cure dengue, and waiting is dangerous.",
        text="There is no cure for dengue. See a doctor at the first sign of bleeding.",
        change="We added when to see a doctor.",
    )
    approve(approver, "Gargling")

    told(bot_api, "We added when to see a doctor.")
    one.goto(links[0])
    one.get_by_role("link", name="Gargling").first.click()
    expect(one.locator("ins").filter(has_text="at the first sign of bleeding")).to_have_count(1)
    expect(one.get_by_text("We added when to see a doctor.").first).to_be_visible()

    ask(other, SAME_QUESTION)
    expect(other.get_by_role("heading", name="There is an answer")).to_be_visible()
    other.get_by_role("button", name="This is not my question").click()
    expect(other.get_by_role("heading", name="We have your message")).to_be_visible()


def test_bad_input_is_explained_and_keeps_what_was_typed(desk: Desk, page_of):
    page = page_of(width=360)

    ask(page, "   ")
    empty = page.get_by_role("alert").first.inner_text()
    ask(page, "word " * 1000)
    long = page.get_by_role("alert").first.inner_text()

    assert "Write what you saw" in empty
    assert "4000" in long.replace(",", "").replace(".", "")
    assert page.get_by_label("What did you see, or what is broken?").input_value().startswith("word word")


@pytest.mark.parametrize("more_settings", [{"SANGTO_DISK_RESERVE_MB": str(10**9)}], ids=["full disk"], indirect=True)
@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_desk_without_room_says_so_and_keeps_what_was_typed(desk: Desk, browser: Browser, script: bool):
    page = browser.new_context(base_url=desk.url, java_script_enabled=script).new_page()

    ask(page, QUESTION)

    expect(page.get_by_role("alert")).to_contain_text("We have no room for new messages just now.")
    assert page.get_by_label("What did you see, or what is broken?").input_value() == QUESTION
    assert page.get_by_role("button", name="Send", exact=True).is_enabled()
    page.context.close()


STAFF_PAGES = ("/en/staff/", "/en/staff/work", "/en/staff/units", "/en/staff/units/1")
PUBLIC_PAGES = ("/", "/answers?q=water", "/about", "/log", "/log/verify", "/staff/sign-in")


def faults(page: Page, path: str, *, visit: bool = True) -> list[str]:
    """What the accessibility rules and the width of the window have against a page, or against what it shows now."""
    if visit:
        page.goto(path)
    found = [f"{path}: {each['id']}" for each in Axe().run(page).response["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"{path} scrolls sideways")
    return found


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_are_clean_in_both_languages(desk: Desk, browser: Browser, width: int):
    desk.command("ask", QUESTION, "--lang", "en")
    page = browser.new_context(base_url=desk.url, viewport={"width": width, "height": 900}).new_page()
    public = [problem for path in PUBLIC_PAGES for prefix in ("", "/en") for problem in faults(page, prefix + path)]
    ask(page, SAME_QUESTION)
    link = secret_link(page).removeprefix(desk.url)
    sign_in(page, "lan")
    case = page.get_by_role("link", name="gargling").first.get_attribute("href") or ""

    own = [problem for path in (link, case, *STAFF_PAGES) for problem in faults(page, path)]
    own_paths = [path.removeprefix("/en") for path in (link, case, *STAFF_PAGES)]
    vietnamese = [problem for path in own_paths for problem in faults(page, path)]

    assert public + own + vietnamese == []
    page.context.close()
