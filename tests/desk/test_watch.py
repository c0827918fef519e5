"""What a Member hears of a Case that they watch, and that nobody else learns of it."""

from importlib import import_module

import pytest

from sangto.desk import actions
from sangto.desk.models import Case, Watch
from sangto.desk.queries.inbox import Inbox
from sangto.desk.queries.watching import News, is_watching, news_for
from sangto.people.actions import end_grant, found_unit
from tests.factories import NOW, holder, make_unit, make_version, send

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def first():
    return make_unit()


def test_news_is_what_others_did_and_who_asked_since(django_assert_num_queries):
    case, lan = send().case, holder("intake", "editor")
    actions.watch(case, by=lan)
    assert not news_for(lan)[case.pk]

    send()
    make_version(case, by=holder("editor"))
    actions.assign(case, to=lan, by=lan, now=NOW)

    with django_assert_num_queries(4):
        news = news_for(lan)
    assert news == {case.pk: News(("wrote", "submitted"), 1)}


def test_mark_is_moved_by_the_watchers_click_alone():
    case, lan = send().case, holder("auditor")
    actions.watch(case, by=lan)
    actions.assign(case, to=None, by=holder("editor"), now=NOW)
    send()

    assert news_for(lan)[case.pk] == News((), 1)
    actions.watch(case, by=lan)

    assert not news_for(lan)[case.pk]
    assert Watch.objects.count() == 1


def test_watched_case_is_in_a_view_whatever_its_state():
    case, lan, minh = send().case, holder("intake"), holder("editor")
    actions.watch(case, by=lan)
    actions.close_not_checkable(case, by=lan, now=NOW)

    assert list(Inbox(lan, today=NOW.date()).cases("watched")) == [case]
    assert list(Inbox(minh, today=NOW.date()).cases("watched")) == []
    actions.stop_watching(case, by=lan)
    assert (is_watching(lan, case), news_for(lan)) == (False, {})


def test_case_that_may_not_be_read_is_neither_watched_nor_heard_of():
    away = found_unit("xa", name="Phường khác", on=NOW.date())
    case, lan = send().case, holder("editor")
    Case.objects.filter(pk=case.pk).update(unit=away)
    with pytest.raises(actions.CannotWatch, match="not_allowed"):
        actions.watch(Case.objects.get(pk=case.pk), by=lan)

    theirs = holder("editor", unit=away)
    actions.watch(Case.objects.get(pk=case.pk), by=theirs)
    end_grant(theirs.grants.get(role="editor"), by=None, now=NOW)

    assert news_for(theirs) == {}


def test_number_of_watches_is_bounded(monkeypatch):
    monkeypatch.setattr(import_module("sangto.desk.actions.watch"), "MOST", 1)
    one, two = send().case, send("Có đúng là cầu Rồng đóng cửa sáng mai?").case
    lan = holder("editor")
    actions.watch(one, by=lan)

    with pytest.raises(actions.CannotWatch, match="too_many"):
        actions.watch(two, by=lan)
    actions.watch(one, by=lan)  # one that is watched already is no further one
