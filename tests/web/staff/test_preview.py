"""What a preview shows is what the public reads afterwards, to the byte."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sangto.desk import actions
from sangto.desk.models import AnswerVersion
from sangto.people.actions import found_unit
from tests.factories import (
    LAMP,
    NOW,
    TICKS,
    content,
    make_answer,
    make_correction,
    make_member,
    make_version,
    make_withdrawal,
    send,
)
from tests.web.staff.pages import Page, at, signed_in, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def lan():
    return make_member("lan")


@pytest.fixture
def minh():
    return make_member("minh", role="approver")


def article(response) -> str:
    found = re.search(r"<article class=\"answer beside\">.*</article>", response.content.decode(), re.DOTALL)
    return found.group(0)


def public_page(case):
    return Client(headers={"accept-language": "en"}).get(reverse("answer", args=[case.number]))


def first(case, lan):
    return make_version(case, by=lan)


def correction(case, lan):
    make_answer(case)
    actions.start_correction(case, by=lan, now=NOW)
    values = {"change": "Đổi người để hỏi.", "text": "Hãy hỏi <b>dược sĩ</b>.\n\nHôm nay.", "verdict": "misleading"}
    return actions.submit(actions.draft(case, content=content(case, **values), by=lan, now=NOW), by=lan, ticks=TICKS)


def withdrawal(case, lan):
    make_answer(case)
    return actions.start_withdrawal(case, change="Nguồn đã sai.", by=lan, now=NOW)


def after_a_withdrawal(case, lan):
    make_answer(case)
    make_withdrawal(case)
    actions.start_correction(case, by=lan, now=NOW)
    values = {"change": "Có nguồn mới.", "text": "Nay đã có nguồn."}
    return actions.submit(actions.draft(case, content=content(case, **values), by=lan, now=NOW), by=lan, ticks=TICKS)


def contested(case, lan):
    actions.object_to(make_answer(case), words="Sai.", lang="vi", nonce="n", now=NOW)
    actions.start_correction(case, by=lan, now=NOW)
    values = {"change": "Sửa.", "text": "Khác."}
    return actions.submit(actions.draft(case, content=content(case, **values), by=lan, now=NOW), by=lan, ticks=TICKS)


@pytest.mark.parametrize("make", [first, correction, withdrawal, after_a_withdrawal, contested])
def test_article_of_the_preview_is_the_published_one(make, lan, minh, monkeypatch):
    case = send().case
    version = make(case, lan)
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    previewed = signed_in(minh).get(at("preview", case))

    actions.publish(version, by=minh, now=now, ticks=TICKS)

    assert previewed.status_code == 200
    assert article(previewed) == article(public_page(case))


def test_article_of_a_problem_is_the_published_one(lan, minh, monkeypatch):
    case = send(LAMP, place="ngõ 5").case
    version = make_version(case, by=lan)
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    previewed = signed_in(minh).get(at("preview", case))

    actions.publish(version, by=minh, now=now, ticks=TICKS)

    assert article(previewed) == article(public_page(case))


def test_preview_is_marked_private_and_not_indexed(lan):
    case = send().case
    make_version(case, by=lan)

    response = signed_in(lan).get(at("preview", case))

    page = Page(response)
    assert page.shows("This is how everybody will read it once it is published.")
    assert page.html.index("preview-title") < page.html.index("<article")
    assert page.shows('<meta name="robots" content="noindex">')
    assert (response["X-Robots-Tag"], "no-store" in response["Cache-Control"]) == ("noindex", True)
    assert "ld+json" not in page.html
    assert 'rel="canonical"' not in page.html


def test_preview_writes_nothing(lan):
    case = send().case
    make_version(case, by=lan)
    before = list(AnswerVersion.objects.values())

    signed_in(lan).get(at("preview", case))

    assert list(AnswerVersion.objects.values()) == before
    assert public_page(case).status_code == 404


@pytest.mark.parametrize("changes", [{}, {"verdict": "", "summary": "", "text": "", "question": "", "sources": []}])
@pytest.mark.parametrize("text", ["Uống nước lá ổi chữa được tiểu đường, đúng không?", LAMP])
def test_unfinished_draft_can_be_looked_at(lan, changes, text):
    case = send(text).case
    actions.draft(case, content=content(case, **changes), by=lan, now=NOW)

    assert signed_in(lan).get(at("preview", case)).status_code == 200


def test_member_of_another_unit_sees_no_preview(lan):
    case = send().case
    make_version(case, by=lan)
    elsewhere = make_member(unit=found_unit("xa", name="Xa", on=NOW.date()))

    assert signed_in(elsewhere).get(at("preview", case)).status_code == 404


def test_stranger_is_asked_to_sign_in(lan):
    case = send().case
    make_version(case, by=lan)

    assert Client().get(at("preview", case)).status_code == 302


def test_nothing_under_work_leads_back_to_the_case(lan):
    case = send().case

    response = signed_in(lan).get(at("preview", case))

    assert (response.status_code, response.url) == (303, at("case", case))


def test_preview_button_saves_first(lan):
    case = send().case
    client = signed_in(lan)

    response = client.post(at("write", case), typed(do="preview", summary="Vừa gõ."))

    assert (response.status_code, response.url) == (303, at("preview", case))
    assert Page(client.get(response.url)).shows("Vừa gõ.")


def test_panels_lead_to_the_preview(lan, minh):
    case = send().case
    make_version(case, by=lan)

    links = [at("preview", case) in Page(signed_in(each).get(at("case", case))).links for each in (lan, minh)]

    assert links == [True, True]


def test_preview_of_a_long_history_takes_a_constant_number_of_queries(lan):
    case = send().case
    make_answer(case)
    counts = []
    client = signed_in(lan)
    for n in range(2):
        make_correction(case, text=f"Lần {n}.")
        actions.start_correction(case, by=lan, now=NOW)
        with CaptureQueriesContext(connection) as queries:
            client.get(at("preview", case))
        counts.append(len(queries))
        actions.discard(AnswerVersion.objects.get(state="draft"), by=lan, now=NOW)

    assert counts[0] == counts[1]
