"""What a sender and a member see of deadlines and questions, and the pages on which both act."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import override

from sangto.desk import actions
from sangto.desk.models import Addition, Case, Question, Term
from sangto.desk.queries.messages import follow_token
from tests.factories import HOSPITAL, LAMP, make_member, send
from tests.web.staff.pages import just_confirmed, with_app

pytestmark = pytest.mark.django_db
WHERE = "Bạn thấy tin này ở đâu?"


@pytest.fixture(autouse=True)
def english(own_language):
    with override("en"):
        yield


def page(client, path, **values):
    return client.get(f"/en{path}", values).content.decode()


def followed(message, path=""):
    return f"/en/f/{follow_token(message)}{path}"


@pytest.fixture
def message():
    return send(HOSPITAL, now=timezone.now(), kind="claim")


def move(case, *, days):
    """The case as if it had been opened so many days earlier."""
    start = case.counts_from - timedelta(days=days)
    Case.objects.filter(pk=case.pk).update(counts_from=start)
    actions.recount_open(now=timezone.now())


def signed_in(client, role="editor"):
    member = make_member(role=role)
    client.force_login(get_user_model().objects.get(member=member))
    just_confirmed(client, member)
    with_app(member)
    return member


def ask(message):
    return actions.ask_back(message.case, messages=[message], text=WHERE, by=make_member(), now=timezone.now())[0]


def test_sender_sees_the_last_day_and_how_many_working_days_are_left(client, message):
    text = page(client, followed(message).removeprefix("/en"))

    assert "Due on" in text
    assert "5 working days left" in text


def test_sender_sees_that_the_desk_is_late(client, message):
    move(message.case, days=30)

    assert "Overdue since" in page(client, followed(message).removeprefix("/en"))


def test_sender_is_asked_and_answers_on_the_page(client, message):
    ask(message)

    before = client.get(followed(message)).content.decode()
    done = client.post(followed(message, "/answer"), {"text": "Ở chợ."})
    after = client.get(done["Location"]).content.decode()

    assert WHERE in before
    assert "We wait for you" in before
    assert (done.status_code, done["Location"]) == (303, followed(message) + "?added=1#question")
    assert "Thank you. We have added this to your message." in after
    assert "Ở chợ." in after
    assert 'name="text"' not in after


@pytest.mark.parametrize(
    ("data", "said"),
    [({"text": ""}, "Write your answer"), ({"text": "a" * 4001}, "at most 4000 fit"), ({}, "Write your")],
)
def test_answer_that_is_refused_is_given_back_with_what_was_typed(client, message, data, said):
    ask(message)

    response = client.post(followed(message, "/answer"), data)

    text = response.content.decode()
    assert response.status_code == 400
    assert said in text
    assert data.get("text", "") in text
    assert not Addition.objects.exists()


def test_answer_where_nothing_is_asked_is_refused_kindly(client, message):
    response = client.post(followed(message, "/answer"), {"text": "Ở chợ."})

    assert response.status_code == 400
    assert client.get(followed(message, "/answer")).status_code == 302
    assert client.post("/en/f/1.wrong/answer", {"text": "x"}).status_code == 404


def test_data_page_and_export_hold_question_and_answer(client, message):
    ask(message)
    actions.add_answer(message, text="Ở chợ.", now=timezone.now())

    assert "Ở chợ." in client.get(followed(message, "/data")).content.decode()
    (held,) = client.get(followed(message, "/data.json")).json()["questions"]
    assert (held["text"], held["ending"], held["answer"]) == (WHERE, "answered", "Ở chợ.")


def test_member_asks_on_the_page_of_the_case(client, message):
    signed_in(client)
    case = f"/en/staff/case/{message.case.number}"

    done = client.post(f"{case}/ask-back", {"message": message.pk, "text": WHERE})

    text = client.get(case).content.decode()
    assert done.status_code == 303
    assert Question.objects.get().message == message
    assert WHERE in text
    assert "Waits for whoever wrote" in text


def test_question_that_is_refused_keeps_what_was_typed(client, message):
    signed_in(client)

    response = client.post(f"/en/staff/case/{message.case.number}/ask-back", {"text": WHERE})

    assert response.status_code == 409
    assert WHERE in response.content.decode()
    assert "Choose at least one message" in response.content.decode()


def test_member_sees_the_answer_beside_its_message(client, message):
    signed_in(client)
    ask(message)
    actions.add_answer(message, text="Trên tờ rơi.", now=timezone.now())

    assert "Trên tờ rơi." in client.get(f"/en/staff/case/{message.case.number}").content.decode()


def test_inbox_sorts_and_filters_by_the_last_day(client, message):
    signed_in(client)
    late = send(LAMP, now=timezone.now(), kind="problem").case
    move(late, days=60)

    first = page(client, "/staff/", order="due")
    overdue = page(client, "/staff/", view="overdue")
    soon = page(client, "/staff/", view="due_soon")

    assert first.index(late.number) < first.index(message.case.number)
    assert late.number in overdue
    assert message.case.number not in overdue
    assert late.number not in soon


@pytest.mark.parametrize("view", ["overdue", "due_soon", "waiting"])
def test_views_of_the_inbox_need_a_constant_number_of_queries(client, view, django_assert_max_num_queries):
    signed_in(client)
    for n in range(3):
        message = send(f"Tin số {n} về giá {n} nghìn ở chợ {n}?", now=timezone.now(), kind="claim")
        move(message.case, days={"overdue": 60, "due_soon": 6, "waiting": 0}[view])
        if view == "waiting":
            ask(message)

    with django_assert_max_num_queries(24):
        page(client, "/staff/", view=view)


def test_approver_sets_a_term_and_editor_does_not(client):
    signed_in(client)
    refused = client.post("/en/staff/terms/set", {"kind": "claim", "days": "3"})
    signed_in(client, role="approver")
    wrong = client.post("/en/staff/terms/set", {"kind": "claim", "days": "many"})
    done = client.post("/en/staff/terms/set", {"kind": "claim", "days": "3"})

    assert [refused.status_code, wrong.status_code, done.status_code] == [409, 409, 303]
    assert 'value="many"' in wrong.content.decode()
    assert Term.objects.get().working_days == 3
    assert "3 working days" in client.get("/en/staff/terms").content.decode()


def test_terms_page_shows_what_was_escalated(client, message):
    signed_in(client)
    move(message.case, days=60)
    actions.escalate(now=timezone.now())

    assert message.case.number in page(client, "/staff/terms")


def test_public_reads_how_many_are_overdue(client, message):
    move(message.case, days=60)

    assert "Overdue: 1" in page(client, "/about")
    assert client.get("/api/v1/deadlines").json() == {"open": 1, "overdue": 1, "waiting": 0, "escalated": 0}


def test_settled_message_shows_no_deadline(client, message):
    actions.close_not_checkable(message.case, by=make_member(), now=timezone.now())

    assert "Due on" not in client.get(followed(message)).content.decode()
