"""The inbox's views: all are counted in one statement, and no further than somebody asks."""

import pytest

from sangto.desk.queries.inbox import OWN_VIEWS, VIEWS, Inbox
from tests.factories import LAMP, NOW, make_answer, make_member, make_version, send

pytestmark = pytest.mark.django_db
TEXTS = ("Có đúng là uống cà phê gây mất ngủ không?", "Có phải tuần sau ở phường có tuyết rơi không?", LAMP)


def inbox(viewer=None) -> Inbox:
    return Inbox(viewer, today=NOW.date())


def test_desk_without_cases_counts_nothing():
    assert inbox(make_member()).counts() == dict.fromkeys(VIEWS, 0)


def test_views_are_counted_as_they_list(django_assert_num_queries):
    lan = make_member("lan")
    first, second, _ = (send(text).case for text in TEXTS)
    make_answer(first)
    make_version(second)
    found = inbox(lan)

    with django_assert_num_queries(2):  # the calendar, which says what is due soon, and all the views
        counts = found.counts()

    assert counts == {view: found.cases(view).count() for view in VIEWS}
    assert (counts["open"], counts["answered"], counts["review"]) == (2, 1, 1)


def test_member_who_may_read_no_cases_counts_nothing():
    send(LAMP)

    assert inbox(make_member("thu", role="privacy_officer")).counts() == dict.fromkeys(VIEWS, 0)


def test_counting_ends_one_beyond_what_is_asked_for():
    for text in TEXTS:
        send(text)

    assert [inbox().counts(("open",), most=most)["open"] for most in (1, 2, 3, None)] == [2, 3, 3, 3]


def test_operator_has_no_views_of_their_own():
    assert set(inbox().counts()) == set(VIEWS) - set(OWN_VIEWS)
