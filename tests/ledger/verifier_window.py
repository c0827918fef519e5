"""The verifier page, saved and opened in windows that must ask for nothing and complain of nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override
from playwright.sync_api import Browser, Page

from sangto.web.views.verify_page import verify_page
from tests.ledger.receipts_for_browser import POLICY, receipt


@pytest.fixture(scope="module", name="pages")
def saved_pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The page in each language, saved."""
    folder, saved = tmp_path_factory.mktemp("pages"), {}
    for language in ("vi", "en"):
        saved[language] = folder / f"{language}.html"
        with override(language):
            saved[language].write_text(verify_page(POLICY).html, encoding="utf-8")
    return saved


class Opened:
    """A window with the page, what it asked for, and what went wrong in it."""

    def __init__(self, browser: Browser, path: Path, *, script: str = "", **options: Any) -> None:
        self.context = browser.new_context(**options)
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda message: self.errors.append(message.text))
        self.page.add_init_script(script)
        self.page.goto(path.as_uri())


@pytest.fixture(scope="module", name="page")
def one_page(browser: Browser, pages: dict[str, Path]) -> Iterator[Page]:
    """One window for all that only calls the checks."""
    opened = Opened(browser, pages["en"])
    yield opened.page
    opened.context.close()
    assert (opened.requests, opened.errors) == ([pages["en"].as_uri()], [])


@pytest.fixture(name="window")
def fresh_window(browser: Browser, pages: dict[str, Path]) -> Iterator[Any]:
    """A function that opens the page; it must ask for nothing but itself and `requests`, nor complain unless it may."""
    opened: list[tuple[Opened, list[str], bool]] = []

    def open_page(
        language: str = "en", *, requests: list[str] | None = None, complains: bool = False, **options: Any
    ) -> Page:
        made = Opened(browser, pages[language], **options)
        opened.append((made, [pages[language].as_uri(), *(requests or [])], complains))
        return made.page

    yield open_page
    for made, expected, complains in opened:
        made.context.close()
        assert made.requests == expected
        assert bool(made.errors) == complains, made.errors


def upload(page: Page, label: str, name: str, text: str) -> None:
    page.get_by_label(label).set_input_files({"name": name, "mimeType": "text/plain", "buffer": text.encode()})


def check(page: Page, text: str = "") -> None:
    upload(page, "File of the Receipt or answer", "a.tlog-proof", text or receipt())
    page.get_by_role("button", name="Verify").click()
