"""Takes the pictures of `docs/use` from a fresh demonstration desk: `python -m tests.screenshots`."""

import os
import signal
import subprocess
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.chromium import CHROMIUM, FLAGS
from tests.journeys.conftest import SANGTO, free_port, is_up, wait_until

EDITOR, HEAD, PASSWORD = "lan", "an", "sangto-demo-2026"
PICTURES = Path(__file__).parent.parent / "docs" / "use"


def main() -> None:
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        bind = f"127.0.0.1:{free_port()}"
        desk = subprocess.Popen([SANGTO, "demo", "--bind", bind], env={**os.environ, "SANGTO_HOME": home})
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            wait_until(lambda: is_up(f"http://{bind}"), what="the demonstration", timeout_s=120)
            take(chromium.new_page(base_url=f"http://{bind}", viewport={"width": 1280, "height": 900}))
        finally:
            chromium.close()
            desk.send_signal(signal.SIGTERM)
            desk.wait(30)


def take(page: Page) -> None:
    page.goto("/")
    page.screenshot(path=PICTURES / "home.png")
    page.goto(page.locator(".answer-card a").first.get_attribute("href") or "/")
    page.screenshot(path=PICTURES / "answer.png")
    page.goto(page.locator("a[href$='/contest']").get_attribute("href") or "/")
    page.locator("#objection-words").fill("Nguồn ở trang 3 nói khác với câu trả lời này.")
    page.locator("main form button").click()
    page.screenshot(path=PICTURES / "objection.png")
    page.goto("/figures")
    page.screenshot(path=PICTURES / "figures.png")
    page.goto("/log")
    page.screenshot(path=PICTURES / "log.png")
    sign_in(page, EDITOR)
    page.screenshot(path=PICTURES / "inbox.png")
    page.keyboard.press("?")
    page.screenshot(path=PICTURES / "keys.png")
    page.keyboard.press("Escape")
    page.locator("main a[href*='/case/']").first.click()
    page.screenshot(path=PICTURES / "case.png")
    page.goto("/staff/?view=review")
    page.locator("main a[href*='/case/']").first.click()
    page.screenshot(path=PICTURES / "review.png")
    page.locator("a[href$='/preview']").click()
    page.screenshot(path=PICTURES / "preview.png")
    page.goto("/staff/templates")
    page.screenshot(path=PICTURES / "templates.png")
    page.goto("/staff/objections")
    page.screenshot(path=PICTURES / "objections.png")
    page.goto("/staff/terms")
    page.screenshot(path=PICTURES / "terms.png")
    page.context.clear_cookies()
    sign_in(page, HEAD)
    page.goto("/staff/members")
    page.screenshot(path=PICTURES / "members.png")


def sign_in(page: Page, username: str) -> None:
    """To the inbox, by the demonstration's password."""
    page.goto("/staff/sign-in")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form.sign-in button, .sign-in button").first.click()
    page.wait_for_url("**/staff/")


if __name__ == "__main__":
    main()
