"""Takes the pictures of `docs/use` from a fresh demonstration desk: `python -m tests.screenshots`."""

import os
import signal
import subprocess
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.chromium import CHROMIUM, FLAGS
from tests.journeys.conftest import SANGTO, free_port, is_up, wait_until

EDITOR, PASSWORD = "lan", "sangto-demo-2026"
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
    page.goto("/log")
    page.screenshot(path=PICTURES / "log.png")
    page.goto("/staff/sign-in")
    page.locator("[name=username]").fill(EDITOR)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("form.sign-in button, .sign-in button").first.click()
    page.screenshot(path=PICTURES / "inbox.png")
    page.locator("main a[href*='/case/']").first.click()
    page.screenshot(path=PICTURES / "case.png")


if __name__ == "__main__":
    main()
