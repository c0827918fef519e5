import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sangto.desk.models import Case, Reassignment, Watch
from sangto.people.actions import found_unit
from tests.factories import NOW, holder, make_member, make_unit, send
from tests.web.staff.pages import Page, at, signed_in

pytestmark = pytest.mark.django_db
TAKE = 'data-key="t"'  # of the button


@pytest.fixture
def case():
    make_unit()
    return send().case


def test_case_is_taken_and_given_on_its_page(case):
    lan, minh = make_member("lan"), make_member("minh")
    client = signed_in(lan)
    page = Page(client.get(at("case", case)))
    assert TAKE in page.html and page.shows("Minh")

    taken = client.post(at("assign", case), {"to": lan.pk})
    assert (taken.status_code, Page(client.get(taken.url)).shows("Noted whose work this case is.")) == (303, True)
    assert TAKE not in Page(client.get(at("case", case))).html

    client.post(at("assign", case), {"to": minh.pk})
    assert Case.objects.get().assigned_to == minh
    client.post(at("assign", case), {"to": ""})
    assert Case.objects.get().assigned_to is None


@pytest.mark.parametrize("to", ["0", "x", "999999", "99999999999999999999"])
def test_nobody_else_can_be_named(case, to):
    response = signed_in(make_member("lan")).post(at("assign", case), {"to": to})

    assert response.status_code == 409
    assert Page(response).shows("Choose somebody who works on the cases of this unit.")


def test_reader_watches_but_assigns_nothing(case):
    page = Page(signed_in(holder("auditor")).get(at("case", case)))

    assert page.shows("Watch") and TAKE not in page.html


def test_watched_case_tells_its_news_in_the_inbox(case):
    lan = make_member("lan")
    client = signed_in(lan)
    client.post(at("watch", case), {"do": "watch"})
    send()
    signed_in(make_member("minh")).post(at("assign", case), {"to": lan.pk})

    page = Page(client.get(at("inbox"), {"view": "watched"}))
    assert page.shows("said whose work a case is") and page.shows("1 more message")

    client.post(at("watch", case), {"do": "seen"})
    assert not Page(client.get(at("inbox"), {"view": "watched"})).shows("1 more message")
    client.post(at("watch", case), {"do": "stop"})
    assert Watch.objects.count() == 0


def test_inbox_says_whose_each_case_is_and_finds_what_is_nobodys(case):
    lan, minh = make_member("lan"), make_member("minh")
    mine = signed_in(lan)
    mine.post(at("assign", case), {"to": lan.pk})

    assert Page(mine.get(at("inbox"), {"view": "mine"})).shows("Yours")
    assert Page(signed_in(minh).get(at("inbox"))).shows("Lan")
    assert not Page(mine.get(at("inbox"), {"free": "1"})).shows(case.number)


def test_handing_over_asks_for_a_note_and_keeps_what_was_typed(case):
    away = found_unit("xa", name="Phường khác", on=NOW.date())
    client = signed_in(holder("dispatcher"))

    refused = client.post(at("hand-over", case), {"unit": away.code, "why": "x" * 301})
    assert (refused.status_code, Page(refused).values["why"]) == (409, "x" * 301)
    assert signed_in(holder("dispatcher")).post(at("hand-over", case), {"unit": away.code}).status_code == 409

    client.post(at("hand-over", case), {"unit": away.code, "why": "Đường bên ấy."})
    assert Reassignment.objects.get().why == "Đường bên ấy."


def test_page_asks_the_same_of_the_database_however_many_ask(case):
    client = signed_in(make_member("lan"))
    asked = []
    for more in (1, 5):
        for _message in range(more):
            send()
        client.get(at("case", case))  # the index follows what came
        with CaptureQueriesContext(connection) as found:
            client.get(at("case", case))
        asked.append(len(found))

    assert asked[0] == asked[1]
