"""The secret page of one message, and what its sender can say there."""

import pytest

from sangto.desk import actions
from sangto.desk.models import Message
from sangto.desk.queries.messages import follow_token
from tests.factories import (
    HOSPITAL,
    LAMP,
    NOW,
    make_answer,
    make_correction,
    make_member,
    make_withdrawal,
    send,
)

FIVE_DAYS = "Uống nước chanh nóng 5 ngày có chữa được ung thư không?"
FIFTY_DAYS = "Uống nước chanh nóng 50 ngày có chữa được ung thư không?"

pytestmark = pytest.mark.django_db


def link(message: Message, then: str = "") -> str:
    return f"/en/f/{follow_token(message)}{then}"


def offered() -> tuple[Message, str]:
    """A message to which an answer is offered, and the answer's number."""
    case = send().case
    make_answer(case, question=FIVE_DAYS)
    return send(FIFTY_DAYS), case.number


def test_page_shows_where_a_message_stands(client):
    send("Việc khác đang chờ: giá vé xe buýt tăng gấp đôi?")
    message = send()

    html = client.get(link(message)).content.decode()

    assert "We have your message" in html
    assert (f"<dd>{message.number}</dd>" in html, "<dd>2</dd>" in html, HOSPITAL in html) == (True, True, True)


def test_page_counts_the_times_the_same_was_asked(client):
    send()
    message = send()

    html = client.get(link(message)).content.decode()

    assert "<dt>Times asked</dt><dd>2</dd>" in html


@pytest.mark.parametrize(
    ("query", "told"), [("", False), ("?again=1", True), ("?again=yes", False), ("?again=<b>", False), ("?x=1", False)]
)
def test_page_says_that_a_message_came_again_for_one_mark_only(client, query, told):
    html = client.get(link(send(), query)).content.decode()

    assert ("We already have this message" in html) is told


@pytest.mark.parametrize("then", ["", "/choose", "/kind"])
def test_page_is_kept_by_nobody(client, then):
    response = client.get(link(send(), then))

    assert (response["Cache-Control"], response["X-Robots-Tag"], response["Referrer-Policy"]) == (
        "no-store",
        "noindex, nofollow",
        "same-origin",
    )


@pytest.mark.parametrize("token", ["1", "1.x", "x.y", "%00", "1.%F0%9F%92%A9", "a" * 3000])
@pytest.mark.parametrize("then", ["", "/choose", "/kind"])
def test_unknown_link_is_not_found(client, token, then):
    send()

    assert client.get(f"/en/f/{token}{then}").status_code == 404


def test_unknown_links_look_alike(client):
    message = send()
    forged = follow_token(message)[:-1]

    tokens = (forged, "999999.abc", "forged.link")
    pages = {client.get(f"/en/f/{token}").content.decode().replace(token, "") for token in tokens}

    assert len(pages) == 1


def test_page_shows_answer_and_corrections(client):
    message = send()
    make_answer(message.case)
    make_correction(message.case, change="Thêm một nghiên cứu.")

    html = client.get(link(message)).content.decode()

    assert "There is an answer" in html
    assert "Thêm một nghiên cứu." in html


def test_page_shows_a_withdrawal(client):
    message = send()
    make_answer(message.case)
    make_withdrawal(message.case)

    html = client.get(link(message)).content.decode()

    assert "The answer was withdrawn" in html
    assert ("This is not my question" in html, "verdict-false" in html) == (False, False)


def test_page_shows_a_kind_closing(client):
    message = send()
    actions.close_not_checkable(message.case, by=make_member(), now=NOW)

    html = client.get(link(message)).content.decode()

    assert "This is not a claim that facts can settle" in html


def test_page_shows_what_was_told(client):
    message = send()
    reply = message.replies.get()
    actions.finish(reply, token=actions.claim(reply, now=NOW), now=NOW)

    html = client.get(link(message)).content.decode()

    assert "We confirmed that we have your message." in html


def test_chosen_offer_settles_the_message(client):
    message, number = offered()

    response = client.post(link(message, "/choose"), {"answer": number})

    assert (response.status_code, response["Location"]) == (303, link(message))
    assert "There is an answer" in client.get(link(message)).content.decode()


def test_none_of_these_leaves_the_message_waiting(client):
    message, _ = offered()

    client.post(link(message, "/choose"), {"answer": "none"})

    assert "We have your message" in client.get(link(message)).content.decode()


def test_not_my_question_opens_a_case_of_its_own(client):
    make_answer(send().case, question=HOSPITAL)
    message = send()

    client.post(link(message, "/choose"), {"answer": "none"})

    assert "We have your message" in client.get(link(message)).content.decode()


@pytest.mark.parametrize("answer", ["", "2026-999999", "x", "\0"])
def test_choice_that_was_not_offered_is_refused(client, answer):
    message, _ = offered()

    response = client.post(link(message, "/choose"), {"answer": answer})

    assert response.status_code == 409
    assert "That answer can no longer be chosen." in response.content.decode()


def test_nothing_to_put_aside_is_told(client):
    response = client.post(link(send(), "/choose"), {"answer": "none"})

    assert response.status_code == 409
    assert "Your message has no answer to put aside." in response.content.decode()


def test_kind_can_be_changed(client):
    message = send(LAMP)

    response = client.post(link(message, "/kind"), {"kind": "claim"})

    assert response.status_code == 303
    assert "We took this as something to check." in client.get(link(message)).content.decode()


def test_unknown_kind_is_refused(client):
    assert client.post(link(send(), "/kind"), {"kind": "gossip"}).status_code == 409


def test_kind_of_an_answered_message_stays(client):
    message = send()
    make_answer(message.case)

    response = client.post(link(message, "/kind"), {"kind": "problem"})

    assert response.status_code == 409
    assert 'name="kind"' not in response.content.decode()


def test_htmx_gets_the_new_standing_in_place(client):
    message, number = offered()

    response = client.post(link(message, "/choose"), {"answer": number}, headers={"HX-Request": "true"})
    html = response.content.decode()

    assert (response.status_code, response["HX-Replace-Url"]) == (200, link(message))
    assert "There is an answer" in html
    assert "<html" not in html


def test_htmx_changes_the_kind_in_place(client):
    message = send(LAMP)

    response = client.post(link(message, "/kind"), {"kind": "claim"}, headers={"HX-Request": "true"})

    assert (response.status_code, response["HX-Replace-Url"]) == (200, link(message))
    assert "We took this as something to check." in response.content.decode()


def test_htmx_gets_a_refusal_in_place(client):
    message = send()

    response = client.post(link(message, "/choose"), {"answer": "none"}, headers={"HX-Request": "true"})

    assert response.status_code == 409
    assert response.content.decode().startswith('<section class="outcome"')
