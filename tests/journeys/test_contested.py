"""An answer is contested from its page and decided by somebody uninvolved; axe over what both see, and the figures."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import PASSWORD, Desk
from tests.journeys.test_browser import QUESTION, approve, ask, faults, open_case, sign_in, write

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [360, 1280])
def test_answer_is_contested_and_somebody_else_decides(desk: Desk, browser: Browser, width):
    def window() -> Page:
        return browser.new_context(base_url=desk.url, viewport={"width": width, "height": 900}).new_page()

    desk.command("member", "add", "hoa", "--name", "Hoa", "--role", "approver", "--password", PASSWORD)
    reader = window()
    ask(reader, QUESTION)
    editor, approver, other = (sign_in(window(), name) for name in ("lan", "minh", "hoa"))
    open_case(editor, "gargling with salt water")
    write(editor, summary="No. Salt water does not cure dengue.", text="There is no cure for dengue. See a doctor.")
    approve(approver, "Gargling")

    reader.goto("/en/answers")
    reader.get_by_role("link", name="Gargling").first.click()
    answer = reader.url.removeprefix(desk.url)
    reader.get_by_role("link", name="Contest this answer").click()
    assert faults(reader, f"{answer}/contest") == []
    reader.get_by_role("button", name="Send the objection").click()
    expect(reader.get_by_role("alert")).to_contain_text("Write what is wrong with the answer")
    reader.get_by_label("What is wrong with it").fill("The source says otherwise on page 3.")
    reader.get_by_role("button", name="Send the objection").click()
    expect(reader.get_by_role("status")).to_contain_text("We have your objection")
    objection = reader.url.removeprefix(desk.url).partition("?")[0]
    assert faults(reader, objection) + faults(reader, answer) + faults(reader, "/en/objections") == []
    expect(reader.locator("body")).not_to_contain_text("page 3")

    approver.goto("/en/staff/objections")
    approver.get_by_role("link", name="Gargling").click()
    expect(approver.get_by_text("another member has to decide")).to_be_visible()
    other.goto("/en/staff/objections")
    other.get_by_role("link", name="Gargling").click()
    mine = other.url.removeprefix(desk.url)
    assert faults(other, mine) + faults(other, "/en/staff/objections") == []
    other.goto(mine)
    other.get_by_label("The reasons, which everybody reads").fill("Page 3 of the source says the same as the answer.")
    other.get_by_role("button", name="Publish the decision").click()
    expect(other.get_by_role("status")).to_contain_text("It is decided")

    reader.goto(objection)
    expect(reader.get_by_text("Kept: the answer stands")).to_be_visible()
    expect(reader.get_by_text("Page 3 of the source says the same")).to_be_visible()
    assert faults(reader, objection) + faults(reader, "/en/figures") + faults(reader, "/figures") == []
    reader.goto("/en/figures")
    kept = reader.get_by_role("row").filter(has_text="Objections after which the answer was kept")
    expect(kept).to_contain_text("1")
    for page in (reader, editor, approver, other):
        page.context.close()
