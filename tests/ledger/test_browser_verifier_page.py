"""The verifier page as a person uses it, opened from a file in Chromium."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from csp.middleware import CSPMiddleware
from django.test import RequestFactory
from django.utils.translation import override
from playwright.sync_api import Page, expect

from sangto.web.views.verify_page import verify
from tests.ledger import hostile_for_browser as hostile
from tests.ledger import receipts_for_browser as built
from tests.ledger.receipts_for_browser import ALONE, ANSWER, POLICY, receipt, version
from tests.ledger.verifier_window import check, fresh_window, one_page, saved_pages, upload  # noqa: F401

pytestmark = pytest.mark.browser


def test_receipt_is_checked_with_the_keyboard_alone(window):
    page = window(permissions=["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", receipt())

    for _ in range(4):
        page.keyboard.press("Tab")
    expect(page.get_by_label("Or paste the text of the file")).to_be_focused()
    page.keyboard.press("Control+V")
    for key in ("Tab", "Enter", "Tab", "Tab"):
        page.keyboard.press(key)
    expect(page.get_by_label("Or paste the text of the message")).to_be_focused()
    page.keyboard.insert_text(built.TEXT)
    page.keyboard.press("Tab")
    page.keyboard.insert_text(built.PLACE)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Valid")).to_be_focused()
    expect(page.get_by_text("The same: it is the text that was logged.")).to_be_visible()
    expect(page.get_by_text("The same: it is the place that was logged.")).to_be_visible()


def test_result_changes_its_language_and_stays(window):
    page = window("vi")
    upload(page, "Tệp biên nhận hoặc câu trả lời", "a.tlog-proof", receipt())
    page.get_by_role("button", name="Kiểm tra").click()
    expect(page.get_by_role("heading", name="Hợp lệ")).to_be_visible()
    expect(page.get_by_text("21 tháng 11, 2026")).to_be_visible()

    page.get_by_role("button", name="English").click()

    expect(page.get_by_role("heading", name="Valid")).to_be_visible()
    expect(page.get_by_text("November 21, 2026")).to_be_visible()
    expect(page).to_have_title("Check a Receipt or an answer · Sáng Tỏ")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.get_by_role("button", name="Tiếng Việt").click()
    expect(page.get_by_role("heading", name="Hợp lệ")).to_be_visible()


def test_every_word_is_there_in_both_languages(page):
    odd = page.evaluate(
        r"""() => {
          const open = (text) => (text.match(/\{\w+\}/g) ?? []).sort().join();
          const isOdd = ({ vi, en }) => !vi?.trim() || !en?.trim() || open(vi) !== open(en);
          return Object.keys(WORDS).filter((key) => isOdd(WORDS[key]));
        }"""
    )

    assert odd == []


def test_every_reason_has_its_words(page):
    reasons = {
        reason for *_, reason in [*hostile.REFUSED.values(), *hostile.BAD_POLICIES.values(), *hostile.OPEN.values()]
    }
    named = page.evaluate(
        r"""() => [...document.scripts].at(-1).textContent
          .matchAll(/(?:invalid|unsure|complain)\("(\w+)"/g).map(([, reason]) => reason).toArray()"""
    )

    assert len(reasons) > 30
    assert reasons | set(named) <= set(page.evaluate("Object.keys(WORDS)"))


def test_not_valid_says_why_and_what_was_not_checked(window):
    page = window()

    check(page, receipt().replace("index 4", "index 5"))

    expect(page.get_by_role("heading", name="Not valid")).to_be_focused()
    expect(page.locator("#summary")).to_have_text("The entry is not in the log that was signed.")
    expect(page.get_by_text("What comes after this was not checked.")).to_be_visible()
    expect(page.get_by_role("heading", name="What the record says")).to_be_hidden()


def test_wrong_text_is_told_apart_from_a_wrong_receipt(window):
    page = window()
    page.get_by_text("Prove what the message said").click()
    upload(page, "File with the text of the message", "text.txt", "something else")

    check(page)

    expect(page.get_by_role("heading", name="Not valid")).to_be_visible()
    expect(page.locator("#summary")).to_have_text(
        "The Receipt itself is sound, but what you gave with it does not match."
    )


def test_policy_from_elsewhere_is_used_and_told(window):
    page = window()
    page.get_by_text("Who is trusted").click()
    page.get_by_label("Policy").fill(ALONE)
    check(page)
    expect(page.get_by_text("the one you put in")).to_be_visible()
    expect(page.locator("#caveat")).to_contain_text("demands no witness")

    page.get_by_role("button", name="Back to the policy of this page").click()
    page.get_by_role("button", name="Verify").click()

    expect(page.get_by_text("this page's", exact=True)).to_be_visible()
    expect(page.locator("#caveat")).to_be_hidden()
    assert page.get_by_label("Policy").input_value() == POLICY


def test_last_thing_put_in_is_what_counts(window):
    page = window()
    file, pasted = (
        page.get_by_label("File of the Receipt or answer"),
        page.get_by_label("Or paste the text of the file"),
    )
    upload(page, "File of the Receipt or answer", "a.tlog-proof", "nothing of the kind")

    pasted.fill(receipt())
    assert file.evaluate("field => field.files.length") == 0
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_role("heading", name="Valid")).to_be_visible()

    upload(page, "File of the Receipt or answer", "a.tlog-proof", "nothing of the kind")
    assert pasted.input_value() == ""
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_role("heading", name="Not valid")).to_be_visible()


DROP = """([selector, files]) => {
  const dataTransfer = new DataTransfer();
  for (const text of files) dataTransfer.items.add(new File([text], "a.tlog-proof"));
  const options = { dataTransfer, bubbles: true, cancelable: true };
  return !document.querySelector(selector).dispatchEvent(new DragEvent("drop", options));
}"""


def test_file_may_be_dropped_anywhere(window):
    page = window()

    assert page.evaluate(DROP, ["h1", [receipt()]])
    page.get_by_text("Prove what the message said").click()
    assert page.evaluate(DROP, ["label[for=text-file]", [built.TEXT]])
    page.get_by_role("button", name="Verify").click()

    expect(page.get_by_text("The same: it is the text that was logged.")).to_be_visible()


def test_two_dropped_files_are_refused(window):
    page = window()

    page.evaluate(DROP, ["h1", [receipt(), receipt()]])

    expect(page.get_by_role("alert")).to_have_text("Only one file can be checked at a time.")


def test_nothing_put_in_is_said(window):
    page = window()

    page.get_by_role("button", name="Verify").click()

    expect(page.get_by_role("alert")).to_have_text("Choose a file or paste its text.")
    expect(page.get_by_label("File of the Receipt or answer")).to_be_focused()
    check(page)
    expect(page.get_by_role("alert")).to_be_hidden()


@pytest.mark.parametrize(
    "script",
    [
        "Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined })",
        """const before = SubtleCrypto.prototype.importKey;
        SubtleCrypto.prototype.importKey = function (format, key, how, ...rest) {
          if (how === "Ed25519") return Promise.reject(new DOMException("", "NotSupportedError"));
          return before.call(this, format, key, how, ...rest);
        };""",
        "SubtleCrypto.prototype.verify = async () => true",
        "SubtleCrypto.prototype.verify = async () => false",
    ],
    ids=["no Web Crypto", "no Ed25519", "one that says yes to all", "one that says no to all"],
)
def test_browser_that_cannot_check_says_so(window, script):
    page = window(script=script)
    expect(page.locator("#no-crypto")).to_be_visible()

    check(page)

    expect(page.get_by_role("heading", name="Cannot tell")).to_be_visible()
    expect(page.locator("#summary")).to_contain_text("verify_desk.py")


def test_able_browser_is_not_warned(window):
    expect(window().locator("#no-crypto")).to_be_hidden()


CONNECT = """() => new Promise((resolve) => {
  document.addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective));
  fetch("https://desk.example/").then(() => resolve("went out"), () => {});
})"""


def test_saved_page_is_held_back_from_the_network(window):
    page = window(complains=True)

    assert page.evaluate(CONNECT) == "connect-src"


def served(page: Page, address: str) -> None:
    """Open the page as the desk sends it, with its headers, from an address that need not exist."""
    answer = CSPMiddleware(lambda request: verify(request, POLICY))(RequestFactory().get("/log/verify"))
    page.route(address, lambda route: route.fulfill(headers=dict(answer.headers), body=answer.content))
    page.goto(address)


def test_served_page_works_under_its_rules(window):
    page = window(requests=["https://desk.example/en/log/verify"])
    with override("en"):
        served(page, "https://desk.example/en/log/verify")

    check(page)

    expect(page.get_by_role("heading", name="Valid")).to_be_visible()
    expect(page.get_by_role("link", name="Save this page, to check offline")).to_be_visible()
    expect(page.locator("#no-crypto")).to_be_hidden()


def test_page_from_an_insecure_address_cannot_tell(window):
    page = window(requests=["http://desk.example/en/log/verify"])
    with override("en"):
        served(page, "http://desk.example/en/log/verify")
    expect(page.locator("#no-crypto")).to_be_visible()

    check(page)

    expect(page.get_by_role("heading", name="Cannot tell")).to_be_visible()


def test_saved_page_offers_no_saving(window):
    expect(window().locator("#save")).to_be_hidden()


def test_page_without_script_points_to_the_command_line(window):
    page = window(java_script_enabled=False)

    expect(page.get_by_text("python3 verify_desk.py receipt FILE")).to_be_visible()
    expect(page.locator("form")).to_be_hidden()


def test_text_in_a_file_is_never_taken_for_html(window):
    page = window()
    answer = ANSWER | {"summary": "<img src=x onerror=alert(1)><b>bold</b>", "unit": "<script>1</script>"}

    check(page, version(answer))

    expect(page.get_by_text("<img src=x onerror=alert(1)><b>bold</b>")).to_be_visible()
    assert page.locator("#result img, #result b, #result script").count() == 0


def faults(page: Page) -> list[str]:
    """What the accessibility rules and the width of the window have against the page as it stands."""
    found = [f"{each['id']}: {each['nodes'][0]['html']}" for each in Axe().run(page).response["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("scrolls sideways")
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
def test_page_is_accessible_in_every_state(window, width, scheme):
    page = window(viewport={"width": width, "height": 900}, color_scheme=scheme)
    for summary in page.locator("summary").all():
        summary.click()
    found = {"start": faults(page)}
    for state, file in {
        "valid": receipt(),
        "invalid": receipt() + "x",
        "cannot": version(change={"proof": None}),
    }.items():
        check(page, file)
        expect(page.locator(f".found-{state}")).to_be_visible()
        found[state] = faults(page)

    assert found == {"start": [], "valid": [], "invalid": [], "cannot": []}
