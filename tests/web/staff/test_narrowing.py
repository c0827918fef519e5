from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sangto.desk.models import Case
from sangto.people.actions import found_unit
from tests.factories import LAMP, NOW, make_member, make_unit, send
from tests.web.staff.pages import Page, at, signed_in

pytestmark = pytest.mark.django_db

BRIDGE = "Có đúng là cầu Rồng đóng cửa sáng mai không?"


@pytest.fixture
def lan():
    return make_member("lan")


def shown(client, **query: str) -> list[str]:
    return [case.number for case in client.get(at("inbox"), query).context["page"]]


def test_each_field_narrows_the_view_and_its_counts(lan):
    now = timezone.now()
    old = send(BRIDGE, kind="claim", now=now - timedelta(days=9)).case.number
    new = send(LAMP, kind="problem", now=now).case.number
    send(LAMP, kind="problem", now=now)
    client = signed_in(lan)

    for query, numbers in (
        ({"q": "cau rong"}, [old]), ({"q": "đèn đư"}, [new]), ({"q": "khong co tu nay"}, []),
        ({"kind": "claim"}, [old]), ({"days": "9"}, [old]), ({"asked": "2"}, [new]),
        ({"kind": "claim", "asked": "2"}, []), ({"q": "den", "view": "closed"}, []),
    ):  # fmt: skip
        response = client.get(at("inbox"), query)
        counts = {code: n for code, _text, n in response.context["tabs"]}
        assert ([case.number for case in response.context["page"]], counts["open"]) == (
            numbers, counts["open"] if "view" in query else len(numbers)), query  # fmt: skip


def test_only_units_that_the_member_may_read_are_offered(lan):
    theirs = found_unit("xa", name="Phường khác", on=NOW.date())
    here, there = send(BRIDGE).case, send(LAMP).case
    Case.objects.filter(pk=there.pk).update(unit=theirs)
    client = signed_in(lan)

    assert shown(client, unit=str(make_unit().pk)) == [here.number]
    assert shown(client, unit=str(theirs.pk)) == [here.number]  # not understood, like any other nonsense
    assert shown(client, q="den duong") == []


@pytest.mark.parametrize(
    "query",
    [{"unit": "x"}, {"unit": "99999999999999999999"}, {"kind": "opinion"}, {"days": "-1"}, {"days": "x"}, {"days": "0"},
     {"asked": "1e9"}, {"asked": "٣"}, {"q": "\x00"}, {"q": "'\"*"}, {"page": "9" * 40},
     {"days": "9" * 400, "q": "cau"}],
)  # fmt: skip
def test_what_cannot_be_understood_is_left_out(lan, query):
    number = send(BRIDGE, now=timezone.now()).case.number
    response = signed_in(lan).get(at("inbox"), query)

    assert response.status_code == 200
    if query.get("q") != "cau":
        assert [case.number for case in response.context["page"]] == [number]


def test_fields_keep_what_was_typed_and_tabs_keep_the_fields(lan):
    page = Page(signed_in(lan).get(at("inbox"), {"q": "<b>cầu", "kind": "claim", "days": "3"}))

    assert (page.values["q"], page.values["kind"], page.values["days"]) == ("<b>cầu", "claim", "3")
    assert any("view=closed" in link and "kind=claim" in link and "days=3" in link for link in page.links)
    assert page.shows("No case of this view fits.")


def test_more_than_is_counted_is_said_so(lan, monkeypatch):
    for module in ("sangto.web.views.staff.inbox", "sangto.web.templatetags.desk"):
        monkeypatch.setattr(f"{module}.MOST_COUNTED", 26)
    monkeypatch.setattr("sangto.web.views.staff.inbox.PAGES_COUNTED", 1)
    for n in range(27):
        send(f"Có đúng là cây cầu thứ {n} đóng cửa?", kind="claim")
    client = signed_in(lan)

    first = Page(client.get(at("inbox")))
    assert (first.shows("26+"), first.shows("Page 1<")) == (True, True)
    assert (len(shown(client)), len(shown(client, page="2")), len(shown(client, page="9"))) == (25, 2, 2)


def test_search_asks_as_often_for_three_rows_as_for_one(lan):
    client, asked = signed_in(lan), []
    for number in range(3):
        send(f"Có đúng là cây cầu thứ {number} đóng cửa?", kind="claim")
        with CaptureQueriesContext(connection) as queries:
            assert len(shown(client, q="cay cau", asked="1", days="1", kind="claim")) == number + 1
        asked.append(len(queries))

    assert asked == [asked[0]] * 3
