import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sangto.desk.models import SavedView
from tests.factories import make_member, send
from tests.web.staff.pages import Page, at, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return signed_in(make_member("lan"))


def test_a_search_is_saved_shown_as_a_tab_and_deleted(client):
    searched = Page(client.get(at("inbox"), {"q": "cầu", "kind": "claim", "page": "1"}))
    query = searched.values["query"]

    saved = client.post(at("save-view"), {"name": "Cầu & <b>", "query": query})
    page = Page(client.get(saved.url))

    assert (saved.status_code, page.values["q"], page.values["kind"]) == (303, "cầu", "claim")
    assert f"?{query}" in page.links
    assert page.shows("Cầu &amp; &lt;b&gt;")

    client.post(at("drop-view"), {"saved": page.values["saved"]})

    assert f"?{query}" not in Page(client.get(at("inbox"))).links


def test_a_refusal_keeps_name_and_search(client):
    page = client.post(at("save-view"), {"name": "x" * 41, "query": "q=cầu&days=3"})

    assert page.status_code == 409
    shown = Page(page)
    assert (shown.values["name"], shown.values["q"], shown.values["days"]) == ("x" * 41, "cầu", "3")
    assert shown.shows("Something is longer than it may be.")


@pytest.mark.parametrize("query", ["next=//x", "view=x&order=y", "%FF=%FF", "q=" + "a" * 5000])
def test_any_query_is_answered(client, query):
    assert client.post(at("save-view"), {"name": "a", "query": query}).status_code in (303, 409)
    assert client.get(at("inbox")).status_code == 200


@pytest.mark.parametrize("given", ["", "x", "9" * 30, "-1", "1"])
def test_dropping_what_is_not_there_leads_back(client, given):
    assert client.post(at("drop-view"), {"saved": given}).status_code == 303


def test_nobody_drops_the_view_of_another(client):
    client.post(at("save-view"), {"name": "a", "query": "q=x"})
    view = SavedView.objects.get()

    signed_in(make_member()).post(at("drop-view"), {"saved": str(view.pk)})

    assert SavedView.objects.count() == 1


def test_inbox_asks_as_often_for_three_views_as_for_one(client):
    send()
    asked = []
    for name in "abc":
        client.post(at("save-view"), {"name": name, "query": "q=x"})
        with CaptureQueriesContext(connection) as queries:
            client.get(at("inbox"))
        asked.append(len(queries))

    assert asked == [asked[0]] * 3
