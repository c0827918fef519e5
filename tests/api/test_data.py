"""What is held about a message, over the API, and what its sender can do about it."""

import jsonschema
import pytest

from sangto.desk import actions
from sangto.desk.models import Message
from sangto.desk.queries.messages import follow_token
from sangto.vault.models import Contact
from tests.api.test_openapi import check
from tests.factories import HOSPITAL, NOW, make_answer, make_member, make_request, privacy_officer, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(caller):
    return caller.get("/api/v1/openapi.json").json()


def address(message, then):
    return f"/api/v1/messages/{follow_token(message)}/{then}"


def test_data_is_what_the_document_promises(caller, document):
    message = send(HOSPITAL, channel="telegram", address="4815162342")
    make_answer(message.case)
    actions.follow_up(now=NOW)
    request = make_request(message)
    actions.refuse_request(request, reply="Luật buộc giữ.", reason="kept_by_law", by=privacy_officer(), now=NOW)

    response = caller.get(address(message, "data"))

    check(document, response, "read_data")
    assert response["Cache-Control"] == "no-store"
    assert response.json()["contact"]["held"] is True
    assert "4815162342" not in response.content.decode()


def test_data_is_the_same_as_on_the_page(caller, client, settings):
    settings.ROOT_URLCONF = "sangto.config.urls"  # the pages too
    message = send(HOSPITAL)

    said = caller.get(address(message, "data")).json()

    assert said == client.get(f"/f/{follow_token(message)}/data.json").json()


def test_contact_is_forgotten(caller, document):
    message = send(channel="telegram", address="4815162342")

    response = caller.send(address(message, "contact"), method="delete")

    check(document, response, "forget_contact")
    assert (response.json()["contact"]["held"], Contact.objects.count()) == (False, 0)
    assert caller.send(address(message, "contact"), method="delete").status_code == 200


def test_message_is_withdrawn(caller, document):
    message = send(HOSPITAL)

    responses = [caller.send(address(message, "withdraw")) for _time in range(2)]

    for response in responses:
        check(document, response, "withdraw_message")
        assert (response.json()["outcome"], response.json()["answers"]) == ("withdrawn", [])
    assert Message.objects.get().text == "-"
    check(document, caller.get(address(message, "data")), "read_data")


def test_withdrawn_message_offers_no_choice(caller):
    message = send(HOSPITAL)
    caller.send(address(message, "withdraw"))

    response = caller.send(address(message, "choice"), {"answer": None})

    assert (response.status_code, response.json()["error"]["code"]) == (409, "message_withdrawn")


@pytest.mark.parametrize("token", ["1", "1.x", "a" * 3000])
@pytest.mark.parametrize(("method", "then"), [("get", "data"), ("delete", "contact"), ("post", "withdraw")])
def test_unknown_token_is_not_found(caller, token, method, then):
    response = caller.send(f"/api/v1/messages/{token}/{then}", method=method)

    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


def test_reply_that_owned_up_to_a_mistake_can_be_told(caller, document):
    make_answer(send(HOSPITAL).case)
    message = send(HOSPITAL)
    message.replies.update(done_at=NOW)
    actions.split(message.case, messages=[message], by=make_member(), now=NOW)
    message.replies.filter(kind="mistaken").update(done_at=NOW)

    response = caller.get(f"/api/v1/messages/{follow_token(message)}")

    check(document, response, "follow_message")
    assert "mistaken" in {told["kind"] for told in response.json()["told"]}


def test_document_refuses_what_it_does_not_promise(caller, document):
    """So that the checks above can fail."""
    response = caller.get(address(send(), "data"))
    broken = dict(response.json(), contact={"held": "yes"})
    response.json = lambda: broken

    with pytest.raises(jsonschema.ValidationError):
        check(document, response, "read_data")
