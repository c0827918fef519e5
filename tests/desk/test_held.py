"""The export holds everything that the tables hold about a message, and no address."""

import json
from datetime import date, timedelta

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sangto.channels.deliver import deliver
from sangto.desk import actions
from sangto.desk.models import (
    Addition,
    DataRequest,
    Delivery,
    Joining,
    Message,
    Offer,
    Outcome,
    Question,
    Reply,
)
from sangto.desk.queries.held import held_about
from sangto.interchange.held_data import message_data
from tests.desk.log_steps import sequence
from tests.factories import (
    HOSPITAL,
    LAMP,
    NOW,
    make_answer,
    make_correction,
    make_member,
    make_request,
    privacy_officer,
    send,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=2)
ADDRESS = "4815162342"
PAGE = "https://desk.example/f/TOKEN"


def data_of(message: Message) -> dict:
    """The export as it is read back from its file."""
    fresh = Message.objects.select_related("case").get(pk=message.pk)
    return json.loads(json.dumps(message_data(held_about(fresh), page=PAGE), cls=DjangoJSONEncoder))


def full_life() -> Message:
    """A message about which every table has something to say."""
    make_answer(send("Uống nước chanh nóng 5 ngày có chữa được ung thư không?").case)
    message = send("Uống nước chanh nóng 50 ngày có chữa được ung thư không?", channel="web", place="Ngõ 5")
    assert message.offers.count() == 1
    actions.decline_answers(message, now=NOW)
    actions.ask_back(message.case, messages=[message], text="Ở đâu?", by=make_member(), now=NOW)
    actions.add_answer(message, text="Ở chợ.", now=NOW)
    make_answer(message.case, now=NOW)
    actions.follow_up(now=NOW)
    deliver(now=NOW)
    request = make_request(message)
    actions.answer_request(request, reply="Vâng.", by=privacy_officer(), now=LATER)
    actions.refuse_request(request, reply="Luật buộc giữ.", reason="kept_by_law", by=privacy_officer(), now=LATER)
    sequence(NOW)
    return message


def test_export_says_everything_there_is():
    message = full_life()
    own = message.case.number

    data = data_of(message)

    assert data["format"] == "sangto/message-data/v1"
    assert data["message"] == {
        "number": message.number, "text": message.text, "place": "Ngõ 5", "lang": "vi", "kind": "claim",
        "channel": "web",
        "told_first": "offered", "received_at": "2026-11-21T09:00:00Z", "withdrawn_at": None,
    }  # fmt: skip
    assert data["contact"] == {"held": False, "sealed_on": None, "until": None}
    assert data["receipts"] == {
        "opening_held": True, "received": f"{PAGE}/receipt.tlog-proof", "outcome": f"{PAGE}/outcome.tlog-proof",
    }  # fmt: skip
    assert data["outcome"] == {"kind": "answered", "answer": own, "at": "2026-11-21T09:00:00Z"}
    assert [(each["kind"], each["version"], each["state"]) for each in data["replies"]] == [
        ("acknowledged", None, "void"), ("question", None, "void"), ("answer", 1, "sent"),
    ]  # fmt: skip
    assert [(each["case"], each["decided_by"]) for each in data["grouping"]] == [(own, "engine")]
    (offer,) = data["offers"]
    assert (offer["rank"], offer["chosen"], {each["code"] for each in offer["reasons"]} > {"numbers_differ"}) == (
        1, False, True,
    )  # fmt: skip
    assert data["deliveries"] == 1
    (request,) = data["requests"]
    assert (request["words"], request["state"], request["done_due_on"]) == (
        "Xin đừng dùng tin của tôi để huấn luyện.", "refused", "2026-12-06",
    )  # fmt: skip
    assert [(each["step"], each["reply"], each["reason"]) for each in request["steps"]] == [
        ("answered", "Vâng.", None), ("refused", "Luật buộc giữ.", "kept_by_law"),
    ]  # fmt: skip


def test_export_says_what_was_asked_back():
    (question,) = data_of(full_life())["questions"]

    assert (question["text"], question["ending"], question["answer"]) == ("Ở đâu?", "answered", "Ở chợ.")
    assert question["answer_due_on"] == "2026-12-04"


def test_every_table_that_leads_to_a_message_is_in_the_export():
    """A new table about a Message belongs into the export, the data page and the withdrawal."""
    leading = {each.related_model for each in Message._meta.related_objects}

    assert leading == {Addition, DataRequest, Delivery, Joining, Offer, Outcome, Question, Reply}


def test_return_address_is_held_and_never_shown():
    message = send(channel="telegram", address=ADDRESS)

    data = data_of(message)

    assert data["contact"] == {"held": True, "sealed_on": "2026-11-21", "until": "2027-05-20"}
    assert ADDRESS not in json.dumps(data)
    assert bytes(message.contact.sealed).hex() not in json.dumps(data)


@pytest.mark.parametrize("days", [180, 60])
def test_contact_is_gone_at_the_latest_when_the_vault_forgets_it(settings, days):
    settings.VAULT_CONTACT_MOST_DAYS = days

    assert held_about(send(channel="telegram", address="1")).contact_until == date(2026, 11, 21) + timedelta(days=days)


def test_receipts_that_are_not_ready_have_no_address():
    assert data_of(send())["receipts"] == {"opening_held": True, "received": None, "outcome": None}


def test_withdrawn_message_leaves_its_numbers_and_days():
    message = full_life()
    actions.withdraw(message, now=LATER)

    data = data_of(message)

    assert (data["message"]["text"], data["message"]["place"]) == ("-", "")
    assert data["message"]["withdrawn_at"] == "2026-11-21T11:00:00Z"
    assert data["receipts"] == {"opening_held": False, "received": None, "outcome": None}
    assert data["offers"] == []
    assert [each["reasons"] for each in data["grouping"]] == [[]]
    assert "chanh" not in json.dumps(data, ensure_ascii=False)


def test_given_up_and_waiting_replies_are_told_apart():
    message = send(channel="console")
    Reply.objects.filter(message=message).update(gave_up_at=NOW)

    assert [each.state for each in held_about(message).replies] == ["given_up"]
    assert [each.state for each in held_about(send(LAMP)).replies] == ["waiting"]


def test_number_of_queries_does_not_grow_with_what_is_held():
    message, counts = send(HOSPITAL), []
    make_answer(message.case)
    for _round in range(2):
        make_correction(message.case)
        actions.follow_up(now=NOW)
        deliver(now=NOW)
        request = make_request(message)
        actions.answer_request(request, reply="Vâng.", by=privacy_officer(), now=LATER)
        fresh = Message.objects.select_related("case").get(pk=message.pk)
        with CaptureQueriesContext(connection) as queries:
            message_data(held_about(fresh), page=PAGE)
        counts.append(len(queries))

    assert counts[0] == counts[1]
