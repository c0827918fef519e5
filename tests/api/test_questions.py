"""Deadlines and questions through the API."""

import pytest
from django.utils import timezone

from sangto.desk.models import Addition
from sangto.desk.queries.messages import follow_token
from tests.api.test_cases import CASES, code_of, signed
from tests.factories import HOSPITAL, send

pytestmark = pytest.mark.django_db
WHERE = "Bạn thấy tin này ở đâu?"


@pytest.fixture
def message():
    return send(HOSPITAL, now=timezone.now(), kind="claim")


def address(message):
    return f"/api/v1/messages/{follow_token(message)}"


def ask(caller, message, **changes):
    body = {"messages": [message.number], "text": WHERE, **changes}
    return caller.send(f"{CASES}/{message.case.number}/questions", body, method="post")


def test_message_and_case_say_by_when_an_answer_is_owed(caller, message):
    standing = caller.send(address(message), None, method="get").json()
    signed(caller)
    listed = caller.send(f"{CASES}?order=due", None, method="get").json()["cases"][0]
    read = caller.send(f"{CASES}/{message.case.number}", None, method="get").json()

    expected = {"state": "running", "due_on": message.case.due_on.isoformat(), "working_days_left": 5}
    assert standing["deadline"] == listed["deadline"] == read["deadline"] == expected


def test_member_asks_and_sender_answers(caller, message):
    signed(caller)
    asked = ask(caller, message).json()
    caller.headers = {}
    answered = caller.send(f"{address(message)}/answer", {"text": "Ở chợ."}, method="post")
    again = caller.send(f"{address(message)}/answer", {"text": "Ở chợ."}, method="post")

    assert asked["deadline"]["state"] == "waiting"
    assert [each["text"] for each in asked["messages"][0]["questions"]] == [WHERE]
    assert (answered.status_code, again.status_code) == (200, 200)
    (said,) = answered.json()["questions"]
    assert (said["ending"], said["answer"]) == ("answered", "Ở chợ.")
    assert answered.json()["deadline"]["state"] == "running"
    assert Addition.objects.count() == 1


def test_refusals_have_a_code(caller, message):
    assert code_of(caller.send(f"{address(message)}/answer", {"text": "x"}, method="post")) == (409, "no_question")
    assert code_of(ask(caller, message)) == (401, "not_signed_in")
    signed(caller)
    assert code_of(ask(caller, message, messages=["M2026-999999"])) == (409, "no_messages")
    assert code_of(ask(caller, message, text="")) == (409, "empty")
    assert ask(caller, message).status_code == 200
    assert code_of(ask(caller, message)) == (409, "asked_before")
    assert code_of(caller.send(f"{address(message)}/answer", {"text": " "}, method="post")) == (400, "empty")
