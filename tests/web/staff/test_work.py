"""The page of the work: what waits and what failed, nobody's words, and a second try for any member."""

from datetime import timedelta

import pytest
from django.utils import timezone

from sangto.desk import actions
from sangto.desk.models import Case, Reply, Turn
from sangto.jobs.worker import JOBS
from sangto.web.work_wording import JOBS as NAMED
from tests.factories import HOSPITAL, LAMP, make_member, send
from tests.web.staff.pages import Page, at, signed_in

pytestmark = pytest.mark.django_db
SECRET_WORDS = "Bí mật của tôi là gì?"


@pytest.fixture
def client():
    return signed_in(make_member())


def fail(name="sweep", *, times=1, every_s=60):
    now = timezone.now()
    actions.jobs_known({name: every_s}, now=now)
    for _ in range(times):
        actions.note_failure(name, error="OSError", now=now)


def give_up(error, *texts):
    for text in texts:
        send(text, channel="telegram", address="777000111")
    Reply.objects.filter(gave_up_at=None).update(gave_up_at=timezone.now(), last_error=error, tries=12)


def shown(client, **query):
    return Page(client.get(at("work"), query))


def test_page_is_linked_from_every_staff_page(client):
    assert at("work") in Page(client.get(at("inbox"))).links


def test_inbox_leads_to_why_replies_were_given_up(client):
    give_up("blocked", HOSPITAL)

    assert Page(client.get(at("inbox"))).shows("See why")


def test_every_job_has_a_name():
    assert {job.name for job in JOBS} - set(NAMED) == set()


def test_page_says_what_waits(client):
    send(HOSPITAL, now=timezone.now() - timedelta(hours=2))
    send(LAMP, now=timezone.now() - timedelta(hours=1))

    Case.objects.update(owes=True)
    page = shown(client)

    assert page.shows("2 replies to be sent now")
    assert page.shows("the oldest for 2 hours")
    assert page.shows("2 cases whose askers are to be told")
    assert page.shows("2 entries wait for their place in the public log")


@pytest.mark.parametrize("alive", [True, False])
def test_page_says_when_nobody_works(client, alive):
    if alive:
        actions.beat("a", now=timezone.now())

    assert shown(client).shows("does not run") is not alive


def test_page_shows_what_failed_and_nobodys_words(client):
    fail(times=8)
    give_up("blocked", SECRET_WORDS, LAMP)

    page = shown(client)

    assert page.shows("Looking for work that was lost")
    assert page.shows("fails for long")
    assert page.shows("OSError")
    assert page.shows("8 tries")
    assert page.shows("2 replies")
    assert page.shows("They do not want messages from us any more.")
    assert not page.shows(SECRET_WORDS)
    assert not page.shows("777000111")


def test_desk_that_is_well_offers_no_second_try(client):
    actions.jobs_known({"sweep": 60}, now=timezone.now())

    assert "Try again" not in shown(client).buttons


def test_job_that_each_worker_tries_by_itself_has_no_button(client):
    fail("deliver", every_s=0)

    page = shown(client)

    assert page.shows("OSError")
    assert "Try again" not in page.buttons


@pytest.mark.parametrize("role", ["editor", "approver"])
def test_any_member_has_given_up_replies_tried_again(role):
    give_up("http_500", HOSPITAL, LAMP)
    client = signed_in(make_member(role=role))

    response = client.post(at("try-again"), {"replies": "http_500"})

    assert (response.status_code, response.url) == (303, at("work") + "?again=1")
    assert set(Reply.objects.values_list("gave_up_at", "tries")) == {(None, 0)}
    assert shown(client, again="1").shows("It is being tried again.")


@pytest.mark.parametrize("role", ["editor", "approver"])
def test_any_member_has_a_failing_job_tried_again(role):
    fail()
    Turn.objects.update(due_at=timezone.now() + timedelta(hours=1))

    response = signed_in(make_member(role=role)).post(at("try-again"), {"job": "sweep"})

    assert (response.status_code, response.url) == (303, at("work") + "?again=1")
    assert Turn.objects.get().due_at <= timezone.now()


@pytest.mark.parametrize(
    "typed", [{}, {"job": "unknown"}, {"job": "a\0b"}, {"replies": "unknown"}, {"replies": "\0"}, {"job": "x" * 9999}]
)
def test_second_try_of_nothing_changes_nothing(client, typed):
    fail("deliver", every_s=0)
    give_up("blocked", HOSPITAL)
    before = list(Reply.objects.values()), list(Turn.objects.values())

    response = client.post(at("try-again"), typed)

    assert (response.status_code, response.url) == (303, at("work"))
    assert (list(Reply.objects.values()), list(Turn.objects.values())) == before


def test_looking_at_the_address_of_a_second_try_changes_nothing(client):
    fail()

    response = client.get(at("try-again"), {"job": "sweep"})

    assert (response.status_code, response.url) == (303, at("work"))


@pytest.mark.parametrize("rows", [1, 3])
def test_page_asks_the_same_number_of_questions_however_much_failed(client, rows, django_assert_num_queries):
    for n in range(rows):
        fail(f"job{n}")
        give_up(f"http_40{n}", f"Câu hỏi số {n}: uống nước chanh nóng có tốt không?")
    client.get(at("work"))

    with django_assert_num_queries(16):
        client.get(at("work"))
