"""The feeds: complete, our own alone, without what was withdrawn."""

from xml.etree import ElementTree

import pytest

from sangto.desk.actions import ForeignRow, import_answers
from tests.factories import HOSPITAL, LAMP, NOW, make_answer, make_correction, make_withdrawal, send

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def entries(response):
    root = ElementTree.fromstring(response.content)
    return [{part.tag.removeprefix(ATOM): part.text for part in entry} for entry in root.findall(f"{ATOM}entry")]


@pytest.fixture
def published():
    """A claim corrected once, a problem, a withdrawn claim, a foreign answer."""
    claim, problem = send(HOSPITAL).case, send(LAMP, kind="problem").case
    make_answer(claim)
    make_correction(claim)
    make_answer(problem)
    gone = send("Tắm nước lạnh buổi tối gây đột quỵ").case
    make_answer(gone)
    make_withdrawal(gone)
    import_answers([ForeignRow(external_id="1", publisher="Báo", question="Muối trị cận thị", verdict="Sai")], now=NOW)
    return claim, problem, gone


def test_atom_lists_our_answers(caller, published):
    claim, problem, _ = published

    response = caller.get("/feeds/answers.atom")

    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert response["Access-Control-Allow-Origin"] == "*"
    assert {entry["id"] for entry in entries(response)} == {
        f"https://desk.example/a/{case.number}" for case in (claim, problem)
    }
    assert entries(response)[0]["updated"].startswith("2026-11-21T09:00:00")
    root = ElementTree.fromstring(response.content)
    assert {name.text for name in root.iter(f"{ATOM}name")} == {"Phường Sông Xanh"}


def test_atom_speaks_and_filters_by_language(caller, published):
    make_answer(send("Carrots let you see in the dark at night", lang="en").case)

    english = caller.get("/feeds/answers.atom?lang=en")

    assert [entry["title"] for entry in entries(english)] == ["False: Carrots let you see in the dark at night"]
    assert b"answers" in english.content
    assert len(entries(caller.get("/feeds/answers.atom"))) == 3
    assert len(entries(caller.get("/feeds/answers.atom?lang=xx"))) == 3


def test_atom_survives_control_characters(caller):
    make_answer(send(HOSPITAL).case, question="Câu\x0b hỏi <script>", summary="Tóm\x00 tắt".replace("\x00", "\x07"))

    (entry,) = entries(caller.get("/feeds/answers.atom"))

    assert (entry["title"], entry["summary"]) == ("Sai: Câu hỏi <script>", "Tóm tắt")


def test_atom_summary_is_html_and_title_is_text(caller):
    make_answer(send(HOSPITAL).case, question="3 < 5 & <b>x</b>", summary="3 < 5 & <b>x</b>")

    response = caller.get("/feeds/answers.atom")

    (entry,) = entries(response)
    assert (entry["title"], entry["summary"]) == ("Sai: 3 < 5 & <b>x</b>", "3 &lt; 5 &amp; &lt;b&gt;x&lt;/b&gt;")
    assert b'<summary type="html">3 &amp;lt; 5' in response.content


def test_atom_title_has_the_verdict_in_the_answers_language(caller, published):
    make_answer(send("Carrots let you see in the dark at night", lang="en").case)

    titles = [entry["title"] for entry in entries(caller.get("/feeds/answers.atom", accept_language="en"))]

    assert sorted(title.partition(": ")[0] for title in titles) == ["False", "Sai", "Đã xử lý"]


def test_each_atom_feed_has_an_id_of_its_own(caller):
    feeds = [caller.get(f"/feeds/answers.atom{query}") for query in ("", "?lang=vi", "?lang=en")]

    ids = [ElementTree.fromstring(feed.content).findtext(f"{ATOM}id") for feed in feeds]

    own = "https://desk.example/feeds/answers.atom"
    assert ids == [own, f"{own}?lang=vi", f"{own}?lang=en"]


def test_claimreview_feed_is_complete_and_our_own(caller, published):
    claim, _, _ = published

    feed = caller.get("/feeds/claimreview.json").json()

    assert (feed["@type"], len(feed["dataFeedElement"])) == ("DataFeed", 1)
    (item,) = feed["dataFeedElement"][0]["item"]
    assert (item["url"], item["reviewRating"]["alternateName"]) == (f"https://desk.example/a/{claim.number}", "Sai")


def test_withdrawn_answer_moves_to_its_feed(caller, published):
    _, _, gone = published

    (withdrawn,) = caller.get("/feeds/withdrawn.json").json()["withdrawn"]

    assert (withdrawn["number"], withdrawn["change"]) == (gone.number, "Nguồn đã sai.")


@pytest.mark.parametrize("path", ["answers.atom", "claimreview.json", "withdrawn.json"])
def test_feed_costs_the_same_for_one_and_three(caller, path, django_assert_max_num_queries):
    for text in (HOSPITAL, "Tắm nước lạnh buổi tối gây đột quỵ", "Nước mưa hứng giữa trời pha trà ngon hơn"):
        case = send(text).case
        make_answer(case)
        with django_assert_max_num_queries(3):
            caller.get(f"/feeds/{path}")
