"""Sending, following and choosing over the API."""

import pytest

from sangto.desk import actions
from sangto.desk.models import Message, Reply
from tests.factories import HOSPITAL, LAMP, NOW, make_answer, make_correction, send

pytestmark = pytest.mark.django_db
MESSAGES = "/api/v1/messages"


def token_of(body):
    return body["follow_url"].rpartition("/")[2]


def offered(caller, question="Nước chanh tốt cho bệnh nhân ung thư"):
    """The body of a message that is offered the answer to HOSPITAL."""
    case = send(HOSPITAL).case
    make_answer(case)
    body = caller.send(MESSAGES, {"text": question}).json()
    assert body["outcome"] == "offered"
    return case, body


def test_new_message_gets_number_place_and_link(caller):
    response = caller.send(MESSAGES, {"text": HOSPITAL})

    message = Message.objects.get()
    body = response.json()
    assert response.status_code == 201
    assert token_of(body)
    assert body == {
        "number": message.number,
        "follow_url": f"https://desk.example/f/{token_of(body)}",
        "outcome": "received",
        "queue_place": 1,
        "answers": [],
    }
    assert response["Cache-Control"] == "no-store"
    assert (message.channel, message.lang, message.contact) == ("api", "vi", None)


def test_language_comes_from_body_then_header(caller):
    caller.send(MESSAGES, {"text": "Is the moon made of cheese?", "lang": "en"}, accept_language="vi")
    body = caller.send(
        MESSAGES, {"text": "Do carrots help you see at night?"}, accept_language="fr, en-GB;q=0.7"
    ).json()

    assert list(Message.objects.order_by("pk").values_list("lang", flat=True)) == ["en", "en"]
    assert body["follow_url"].startswith("https://desk.example/en/f/")


def test_known_question_is_answered_at_once(caller):
    case = send(HOSPITAL).case
    make_answer(case)

    body = caller.send(MESSAGES, {"text": HOSPITAL, "lang": "en"}).json()

    assert body["outcome"] == "answered"
    assert body["queue_place"] is None
    assert body["answers"] == [
        {
            "number": case.number,
            "url": f"https://desk.example/a/{case.number}",
            "question": HOSPITAL,
            "rating": "false",
            "summary": "Không đúng: nước chanh không chữa được ung thư.",
            "reasons": ["100 % same text"],
        }
    ]


def test_problem_has_no_rating(caller):
    case = send(LAMP, kind="problem").case
    make_answer(case, verdict="planned")

    body = caller.send(MESSAGES, {"text": LAMP, "kind": "problem"}).json()

    assert [(answer["number"], answer["rating"]) for answer in body["answers"]] == [(case.number, None)]


def test_place_and_kind_are_kept(caller):
    caller.send(MESSAGES, {"text": "Có việc này", "kind": "problem", "place": "Ngõ 5 Hoa Sữa"})

    message = Message.objects.select_related("case").get()
    assert (message.case.kind, message.place) == ("problem", "Ngõ 5 Hoa Sữa")


@pytest.mark.parametrize("name", ["lang", "kind", "place"])
def test_member_that_is_null_is_as_good_as_left_out(caller, name):
    first = caller.send(MESSAGES, {"text": HOSPITAL}, idempotency_key="k1")

    again = caller.send(MESSAGES, {"text": HOSPITAL, name: None}, idempotency_key="k1")

    assert (again.status_code, again.json()) == (200, first.json())


def test_repeat_with_the_same_key_keeps_nothing(caller):
    first = caller.send(MESSAGES, {"text": HOSPITAL}, idempotency_key="k1")
    again = caller.send(MESSAGES, {"text": HOSPITAL}, idempotency_key="k1")

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert Message.objects.count() == 1


def test_without_a_key_each_request_is_a_message(caller):
    caller.send(MESSAGES, {"text": HOSPITAL})
    caller.send(MESSAGES, {"text": HOSPITAL})

    assert Message.objects.count() == 2


def test_key_cannot_reach_the_random_ones(caller):
    caller.send(MESSAGES, {"text": HOSPITAL}, idempotency_key="own:1")

    assert actions.receive(actions.Incoming(channel="api", external_id="own:1", text=LAMP), now=NOW).repeated is False


def test_same_key_with_another_body_is_refused(caller):
    caller.send(MESSAGES, {"text": HOSPITAL}, idempotency_key="k1")

    response = caller.send(MESSAGES, {"text": LAMP}, idempotency_key="k1")

    assert (response.status_code, response.json()["error"]["code"]) == (422, "other_body")
    assert Message.objects.count() == 1


def test_long_key_is_refused(caller):
    response = caller.send(MESSAGES, {"text": HOSPITAL}, idempotency_key="k" * 201)

    assert (response.status_code, response.json()["error"]["code"]) == (400, "key_too_long")
    assert caller.send(MESSAGES, {"text": HOSPITAL}, idempotency_key="k" * 200).status_code == 201


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"text": " \u3000\n"}, "empty"),
        ({"text": "\ufeff"}, "empty"),
        ({"text": "x" * 4001}, "too_long"),
        ({"text": HOSPITAL, "place": "x" * 201}, "place_too_long"),
        ({"text": HOSPITAL, "kind": "opinion"}, "unknown_kind"),
        ({"text": HOSPITAL, "lang": "fr"}, "unknown_lang"),
    ],
)
def test_unusable_message_is_refused(caller, body, code):
    response = caller.send(MESSAGES, body)

    assert (response.status_code, response.json()["error"]["code"]) == (400, code)
    assert Message.objects.count() == 0


def test_follow_says_where_it_stands(caller):
    body = caller.send(MESSAGES, {"text": HOSPITAL}).json()
    message = Message.objects.get()
    version = make_answer(message.case)
    actions.follow_up(now=NOW)
    Reply.objects.filter(version=version).update(done_at=NOW)

    response = caller.get(f"{MESSAGES}/{token_of(body)}")

    standing = response.json()
    assert response["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in response
    assert set(standing) == {
        "number", "received_at", "kind", "outcome", "queue_place", "asked", "deadline", "answers", "told", "questions",
    }  # fmt: skip
    assert (standing["number"], standing["outcome"], standing["asked"]) == (message.number, "answered", 1)
    assert standing["told"] == [{"kind": "answer", "version": 1, "unit": None, "at": "2026-11-21T09:00:00Z"}]
    make_correction(message.case)
    assert caller.get(f"{MESSAGES}/{token_of(body)}").json()["outcome"] == "answered"


@pytest.mark.parametrize("token", ["1", "1.x", "x.y", "%00", "9" * 5000])
def test_unknown_token_opens_nothing(caller, token):
    send()

    response = caller.get(f"{MESSAGES}/{token}")

    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


def test_chosen_answer_settles_the_message(caller):
    case, body = offered(caller)

    response = caller.send(f"{MESSAGES}/{token_of(body)}/choice", {"answer": case.number})

    assert (response.status_code, response.json()["outcome"]) == (200, "answered")
    assert [answer["number"] for answer in response.json()["answers"]] == [case.number]


def test_none_of_these_puts_the_offers_away(caller):
    _, body = offered(caller)

    response = caller.send(f"{MESSAGES}/{token_of(body)}/choice", {"answer": None})

    assert (response.json()["outcome"], response.json()["answers"]) == ("received", [])
    assert response.json()["queue_place"] == 1


def test_choice_that_does_not_fit_is_refused(caller):
    _, body = offered(caller)
    choice = f"{MESSAGES}/{token_of(body)}/choice"

    codes = [caller.send(choice, {"answer": number}).json()["error"]["code"] for number in ("2026-999999", "x")]
    caller.send(choice, {"answer": None})
    again = caller.send(choice, {"answer": None})

    assert codes == ["not_offered", "not_offered"]
    assert (again.status_code, again.json()["error"]["code"]) == (409, "not_answered")
    assert caller.send(f"{MESSAGES}/1.x/choice", {"answer": None}).status_code == 404
    assert caller.send(choice, {}).json()["error"]["code"] == "missing_field"
