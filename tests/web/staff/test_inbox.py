from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sangto.desk import actions
from sangto.desk.models import Reply
from tests.factories import LAMP, content, make_answer, make_member, make_version, send
from tests.web.staff.pages import Page, at, signed_in

pytestmark = pytest.mark.django_db

CLAIMS = (
    "Uống nước chanh nóng có chữa được ung thư không?",
    "Có phải từ tháng sau mọi người phải nộp 50.000 đồng để đổi căn cước?",
    "Is it true that the old bridge closes for repairs in December?",
)


@pytest.fixture
def lan():
    return make_member("lan")


def shown(client, **query: str) -> list[str]:
    """The numbers of the Cases that the page lists, in its order."""
    return [case.number for case in client.get(at("inbox"), query).context["page"]]


def test_each_view_lists_its_cases(lan):
    waiting, drafted, reviewed, answered, closed = (send(f"Có đúng là {word}?", kind="claim").case for word in
        ("muối biển trị cảm cúm", "vắc xin gây béo phì", "cầu Rồng đóng cửa sáng mai", "thuế đất tăng gấp đôi",
         "đội bóng sẽ thắng trận tới"))  # fmt: skip
    actions.draft(drafted, content=content(drafted), by=lan, now=timezone.now())
    make_version(reviewed)
    make_answer(answered)
    actions.close_not_checkable(closed, by=lan, now=timezone.now())
    client = signed_in(lan)

    views = {view: shown(client, view=view) for view in ("open", "review", "answered", "closed")}

    assert views == {
        "open": [waiting.number, drafted.number, reviewed.number],
        "review": [reviewed.number],
        "answered": [answered.number],
        "closed": [closed.number],
    }


def test_tabs_say_how_many(lan):
    make_answer(send(CLAIMS[0]).case)
    send(CLAIMS[1])

    tabs = signed_in(lan).get(at("inbox")).context["tabs"]

    counts = {code: count for code, _text, count in tabs}
    assert set(counts) == {"open", "mine", "overdue", "due_soon", "waiting", "review", "watched", "answered", "closed"}
    assert [counts[view] for view in ("open", "waiting", "review", "answered", "closed")] == [1, 0, 0, 1, 0]


def test_order_is_age_or_askers(lan):
    first, second = send(CLAIMS[0]).case, send(CLAIMS[1]).case
    send(CLAIMS[1])
    client = signed_in(lan)

    assert shown(client) == [first.number, second.number]
    assert shown(client, order="asked") == [second.number, first.number]


@pytest.mark.parametrize("query", [{"view": "x"}, {"order": "x"}, {"page": "x"}, {"page": "99"}, {"page": "-1"}])
def test_unknown_wish_shows_the_plain_inbox(lan, query):
    number = send().case.number

    assert shown(signed_in(lan), **query) == [number]


def test_row_says_what_is_known(lan):
    case = send(LAMP, place="Phường Hoa Sữa", now=timezone.now() - timedelta(days=3)).case
    actions.draft(case, content=content(case), by=lan, now=timezone.now())

    page = Page(signed_in(lan).get(at("inbox")))

    said = ("Something to fix", case.number, LAMP, "Phường Hoa Sữa", "Asked once", "Waiting for 3", "Draft by Lan")
    assert [text for text in said if not page.shows(text)] == []
    assert at("case", case) in page.links


def test_text_of_a_person_is_shown_as_text(lan):
    send("<script>alert(1)</script> có đúng không?")

    assert not Page(signed_in(lan).get(at("inbox"))).shows("<script>alert")


def test_page_holds_25(lan):
    for n in range(26):
        send(f"Có đúng là cây cầu thứ {n} đóng cửa?", kind="claim")
    client = signed_in(lan)

    assert (len(shown(client)), len(shown(client, page="2"))) == (25, 1)
    assert "?page=2" in Page(client.get(at("inbox"))).links


def test_empty_inbox_says_so(lan):
    assert Page(signed_in(lan).get(at("inbox"))).shows("No case is here now.")


def test_replies_given_up_are_noticed(lan):
    send()
    client = signed_in(lan)
    before = Page(client.get(at("inbox"))).shows("could not be delivered")
    Reply.objects.update(gave_up_at=timezone.now())

    after = Page(client.get(at("inbox"))).shows("1 reply could not be delivered")

    assert (before, after) == (False, True)


@pytest.mark.parametrize("view", ["open", "review", "answered"])
def test_inbox_asks_as_often_for_three_rows_as_for_one(lan, view):
    make = {"open": lambda case: None, "review": make_version, "answered": make_answer}[view]
    client = signed_in(lan)

    asked = []
    for text in CLAIMS:
        make(send(text).case)
        with CaptureQueriesContext(connection) as queries:
            shown(client, view=view)
        asked.append(len(queries))

    assert asked == [asked[0]] * 3
