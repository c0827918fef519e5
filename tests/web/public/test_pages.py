"""Each page in both languages, what every page carries, and how much each asks of the database."""

import hashlib
import json
import re
from pathlib import Path

import pytest
from django.test import Client

from sangto.desk.queries.messages import follow_token
from sangto.people.actions import found_unit
from tests.factories import LAMP, NOW, make_answer, make_unit, send

STATIC = Path(__file__).resolve().parents[3] / "sangto" / "web" / "static" / "web"
LEMON, GARLIC, SALT = "Nước chanh chữa ung thư", "Tỏi ngâm mật ong hạ sốt ngay", "Nước muối trị được cận thị"

pytestmark = pytest.mark.django_db


def page(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("path", ["/", "/answers", "/answers?q=chanh", "/answers?q=khong+co+gi", "/about"])
def test_page_opens_in_both_languages(client, prefix, path):
    make_answer(send(LEMON).case)

    html = page(client, prefix + path)

    assert re.search(r'<html lang="(\w+)">', html)[1] == ("en" if prefix else "vi")


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_answer_and_follow_pages_open_in_both_languages(client, prefix):
    message = send(LEMON)
    make_answer(message.case)

    statuses = [client.get(f"{prefix}{path}").status_code for path in
                (f"/a/{message.case.number}", f"/f/{follow_token(message)}")]  # fmt: skip

    assert statuses == [200, 200]


def test_language_link_leads_to_the_same_page(client):
    assert '<a href="/en/answers?q=chanh" lang="en" hreflang="en">' in page(client, "/answers?q=chanh")
    assert '<a href="/about" lang="vi" hreflang="vi">' in page(client, "/en/about")


def test_every_page_has_its_landmarks(client):
    for url in ("/en/", "/en/answers", "/en/about"):
        html = page(client, url)

        assert [html.count(f"<{tag}") for tag in ("header", "main", "footer", "h1")] == [1, 1, 1, 1]
        assert 'class="skip-link" href="#content"' in html


def test_no_page_has_inline_style_or_script(client):
    make_answer(send(LEMON).case)

    for url in ("/en/", "/en/answers", "/en/about"):
        html = page(client, url)

        assert re.findall(r"\sstyle=|<style|\son\w+=|javascript:|<script(?![^>]+src=)", html) == []


def test_pages_allow_only_our_own_scripts(client):
    policy = client.get("/").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy


def test_home_shows_the_newest_answers_first(client):
    make_answer(send(LEMON).case, question="Cũ hơn", now=NOW)
    make_answer(send(GARLIC).case, question="Mới hơn", now=NOW.replace(hour=10))

    html = page(client, "/en/")

    assert re.findall(r"Cũ hơn|Mới hơn", html) == ["Mới hơn", "Cũ hơn"]


@pytest.mark.parametrize("url", ["/en/", "/en/answers", "/en/answers?q=nuoc+toi"])
def test_list_asks_as_much_for_three_rows_as_for_one(client, url, django_assert_max_num_queries):
    make_unit()  # whose name costs one query however many answers there are
    make_answer(send(LEMON).case)
    page(client, url)
    with django_assert_max_num_queries(6) as one:
        page(client, url)
    for text in (GARLIC, SALT):
        make_answer(send(text).case, question=text)
    page(client, url)

    with django_assert_max_num_queries(6) as three:
        page(client, url)

    assert len(three) == len(one)


def test_banner_marks_demonstration_data(client):
    found_unit("demo", name="Thị trấn mẫu", on=NOW.date())

    assert "Demonstration data" in page(client, "/en/")


def test_real_desk_has_no_banner(client):
    make_unit()

    assert "Demonstration data" not in page(client, "/en/")


def test_demonstration_is_looked_up_once(client, django_assert_num_queries):
    found_unit("demo", name="Thị trấn mẫu", on=NOW.date())
    page(client, "/en/about")

    with django_assert_num_queries(4):  # the figures of the deadlines, and nothing else
        page(client, "/en/about")


def test_search_without_a_find_offers_to_ask(client):
    html = page(client, "/en/answers?q=xe+buýt+số+tám")

    assert "No answer matches “xe buýt số tám”" in html
    assert re.search(r"<textarea[^>]*>\s*xe buýt số tám</textarea>", html)


@pytest.mark.parametrize(
    "query", ["q=%00", "q=%FF%FE", "q=" + "a" * 5000, "q=%22%29+OR+*", "page=abc", "page=-1", "page=9999"]
)
def test_odd_search_is_answered(client, query):
    assert client.get(f"/answers?{query}").status_code == 200


def test_list_is_cut_into_pages(client, monkeypatch):
    monkeypatch.setattr("sangto.web.views.public.PAGE_SIZE", 2)
    for number, text in enumerate((LEMON, GARLIC, SALT)):
        make_answer(send(text).case, question=f"Câu {number}", now=NOW.replace(minute=number))

    first, second = page(client, "/en/answers"), page(client, "/en/answers?page=2")

    assert (re.findall(r"Câu \d", first), re.findall(r"Câu \d", second)) == (["Câu 2", "Câu 1"], ["Câu 0"])
    assert 'rel="next" href="?page=2"' in first
    assert 'rel="prev" href="?page=1"' in second


def test_robots_stay_out_of_secret_links(client):
    response = client.get("/robots.txt")

    assert response.headers["Content-Type"] == "text/plain"
    assert {"Disallow: /f/", "Disallow: /en/f/", "Disallow: /staff/"} <= set(response.content.decode().splitlines())


def test_vendored_script_is_the_one_that_was_checked():
    rows = re.findall(r"\| `(\S+\.js)` \|.*`([0-9a-f]{64})`", (STATIC / "vendor" / "README.md").read_text())

    assert {name for name, _ in rows} == {path.name for path in (STATIC / "vendor").glob("*.js")}
    assert all(hashlib.sha256((STATIC / "vendor" / name).read_bytes()).hexdigest() == digest for name, digest in rows)


def test_every_linked_file_exists(client):
    links = re.findall(r'(?:href|src)="/static/web/([^"]+)"', page(client, "/"))

    assert links
    assert [link for link in links if not (STATIC / link).is_file()] == []


def test_problem_shows_its_outcome(client):
    make_answer(send(LAMP, kind="problem").case, verdict="planned")

    assert '<span class="verdict verdict-planned ">Planned</span>' in page(client, "/en/")


def test_browser_keeps_no_page_and_asks_for_it_again_on_back(client):
    html = client.get("/en/").content.decode()

    config = json.loads(re.search(r"<meta name=\"htmx-config\" content='([^']*)'", html)[1])
    assert (config["historyCacheSize"], config["refreshOnHistoryMiss"], config["timeout"]) == (0, True, 30_000)


def test_ask_box_has_a_hidden_note_for_a_desk_that_cannot_be_reached(client):
    html = client.get("/en/").content.decode()

    note = re.search(r"<p[^>]* data-send-failed hidden>([^<]*)</p>", html)
    assert 'role="alert"' in note[0]
    assert note[1].startswith("We could not reach the desk. Your text is still here")
    assert re.findall(r'<script src="[^"]*send-failed[^"]*" type="module"></script>', html) != []
