"""A reply in the chat to a letter of ours joins the Message where a question is open."""

import json

import pytest
from django.apps import apps
from django.utils import timezone

from sangto.channels.letters import letter_text
from sangto.desk import actions
from sangto.desk.models import Addition, Message, Reply
from sangto.desk.queries.replies import letter_for
from tests.channels.stand_in import SECRET, recorded
from tests.factories import make_member, send

pytestmark = pytest.mark.django_db
BOT = 4815162342
CANARY = "canary-of-the-letter"


@pytest.fixture(autouse=True)
def configured(settings):
    settings.TELEGRAM_TOKEN, settings.TELEGRAM_SECRET = f"{BOT}:canary-token-AAE", SECRET


@pytest.fixture
def message():
    return send(channel="telegram", address="108", now=timezone.now())


def ask(message):
    (question,) = actions.ask_back(
        message.case, messages=[message], text="Ở đâu?", by=make_member(), now=timezone.now()
    )
    return letter_text(letter_for(Reply.objects.get(question=question)))


def answer(client, letter, text, *, by=BOT, update_id=77):
    update = recorded("text")
    update["update_id"] = update_id
    update["message"] |= {
        "text": text,
        "reply_to_message": {
            "message_id": 5,
            "from": {"id": by, "is_bot": True, "first_name": CANARY, "username": CANARY},
            "chat": {"id": 108, "type": "private", "first_name": CANARY},
            "text": letter,
        },
    }
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    return client.post("/hooks/telegram", json.dumps(update), content_type="application/json", headers=headers)


def test_reply_to_our_letter_joins_its_message(client, message):
    letter = ask(message)

    response = answer(client, letter, "Ở chợ.")

    assert (Addition.objects.get().message, Message.objects.count()) == (message, 1)
    assert response.json()["method"] == "sendMessage"
    rows = repr([list(model.objects.values_list()) for model in apps.get_models()])
    assert CANARY not in rows
    assert "Ở chợ." in rows


def test_repeated_delivery_adds_once(client, message):
    letter = ask(message)

    for _ in range(2):
        assert answer(client, letter, "Ở chợ.").status_code == 200

    assert (Addition.objects.count(), Message.objects.count()) == (1, 1)


def test_without_an_open_question_a_reply_is_a_message(client, message):
    letter = ask(message)
    answer(client, letter, "Ở chợ.")

    answer(client, letter, "Nghe nói mai cúp nước toàn phường?", update_id=78)

    assert (Addition.objects.count(), Message.objects.count()) == (1, 2)


def test_message_that_was_kept_before_the_question_is_not_added_again(client, message):
    letter = letter_text(letter_for(Reply.objects.get(message=message)))
    answer(client, letter, "Nghe nói mai cúp nước toàn phường?")
    ask(message)

    answer(client, letter, "Nghe nói mai cúp nước toàn phường?")

    assert (Addition.objects.count(), Message.objects.count()) == (0, 2)


@pytest.mark.parametrize("by", [1, None, "x", True])
def test_letter_that_is_not_ours_leads_nowhere(client, message, by):
    letter = ask(message)

    answer(client, letter, "Ở chợ.", by=by)

    assert (Addition.objects.count(), Message.objects.count()) == (0, 2)


def test_forged_link_in_a_letter_leads_nowhere(client, message):
    letter = ask(message).replace("/f/", "/f/9")

    answer(client, letter, "Ở chợ.")

    assert Addition.objects.count() == 0


def test_personal_data_in_the_answer_is_masked(client, message):
    letter = ask(message)

    answer(client, letter, "Gọi 0987654321 nhé.")

    assert "0987654321" not in Addition.objects.get().text
