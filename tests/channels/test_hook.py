import json
import logging
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.utils import timezone, translation

from sangto.desk.models import Delivery, Message
from sangto.vault.actions import make_keys_ahead
from sangto.vault.models import DayKey
from sangto.vault.queries import address_of
from tests.channels.stand_in import FIXTURES, SECRET, recorded
from tests.channels.test_telegram_update import BAD_BODIES
from tests.factories import HOSPITAL

pytestmark = pytest.mark.django_db
HOOK = "/hooks/telegram"
NAMES = sorted(path.stem for path in FIXTURES.glob("*.json"))
KEPT = {
    "text", "text_english", "caption_photo", "forward_user", "forward_hidden_user", "forward_chat", "forward_channel",
    "text_mention", "reply_and_quote", "album_first",
}  # fmt: skip


@pytest.fixture(autouse=True)
def configured(settings):
    settings.TELEGRAM_TOKEN, settings.TELEGRAM_SECRET = "4815162342:canary-token-AAE", SECRET


def post(client, update, *, secret=SECRET):
    body = update if isinstance(update, bytes) else json.dumps(update)
    headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
    return client.post(HOOK, body, content_type="application/json", headers=headers)


def with_text(text, *, lang="vi"):
    update = recorded("text")
    update["message"] |= {"text": text, "from": {"language_code": lang}}
    return update


def rows():
    """Every value of every row of every table, as text."""
    return repr([list(model.objects.values_list()) for model in apps.get_models()])


def files(home):
    return "".join(path.read_bytes().decode("latin-1") for path in Path(home).rglob("*") if path.is_file())


# --- who may post --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "secret", [None, "", "wrong", SECRET + "x", SECRET[:-1], f"{SECRET}, {SECRET}", "bí mật", "\udcff", SECRET.upper()]
)
def test_wrong_secret_is_refused_and_nothing_kept(client, secret):
    response = post(client, recorded("text"), secret=secret)

    assert response.status_code == 401
    assert not Message.objects.exists()


@pytest.mark.parametrize("secret", [None, "", SECRET])
def test_desk_without_a_secret_refuses_everything(client, settings, secret):
    settings.TELEGRAM_SECRET = ""

    response = post(client, recorded("text"), secret=secret)

    assert response.status_code == 401


@pytest.mark.parametrize("channel", ["web", "api", "console", "zalo"])
def test_channel_without_a_hook_is_unknown(client, channel):
    assert client.post(f"/hooks/{channel}", b"{}", content_type="application/json").status_code == 404


def test_reading_a_hook_is_not_allowed(client):
    assert client.get(HOOK).status_code == 405


# --- what is kept --------------------------------------------------------------------------------------------------


def test_text_is_kept_with_its_address_sealed(client):
    response = post(client, recorded("text"))

    message = Message.objects.get()
    assert (response.status_code, response.content) == (200, b"")
    assert (message.text, message.channel, message.lang) == (HOSPITAL, "telegram", "vi")
    assert address_of(message.contact) == "77700011"


@pytest.mark.parametrize("name", NAMES)
def test_recorded_update_leaves_no_trace_of_a_person(client, name, settings, caplog):
    caplog.set_level(logging.DEBUG)

    response = post(client, recorded(name))

    seen = "\n".join([rows(), files(settings.HOME), caplog.text]).lower()
    assert response.status_code == 200
    assert Message.objects.count() == (name in KEPT)
    assert [word for word in ("canary", "777000", "106.777") if word in seen] == []


def test_canary_would_be_seen(client, settings):
    post(client, with_text("Canary 777000 trong lời nhắn"))

    assert "canary" in rows().lower()


def test_update_delivered_a_hundred_times_is_one_message(client):
    answers = {post(client, recorded("text")).status_code for _ in range(100)}

    assert answers == {200}
    assert (Message.objects.count(), Delivery.objects.count()) == (1, 1)


def test_update_ids_are_compared_for_equality_only(client):
    for update_id in (900, 5, 2**40, 6):
        assert post(client, {**recorded("text"), "update_id": update_id}).status_code == 200

    assert Message.objects.count() == 4


def test_known_update_id_with_other_words_is_counted_and_dropped(client, caplog):
    caplog.set_level(logging.INFO)
    post(client, recorded("text"))

    response = post(client, with_text("Một lời nhắn khác hẳn về ổ gà trên đường"))

    assert (response.status_code, response.content) == (200, b"")
    assert Message.objects.count() == 1
    assert "telegram: ignored: other_body" in caplog.text


# --- what is answered at once --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("/start", "Write what you want checked"),
        ("   ", "There are no words in your message"),
        ("x" * 4001, "under 4000 characters"),
        ("a\0\0\0b", "We could not read your message"),
    ],
)
def test_unusable_text_is_answered_in_the_response(client, text, says):
    response = post(client, with_text(text, lang="en"))

    answer = response.json()
    assert response.status_code == 200
    assert (answer["method"], answer["chat_id"]) == ("sendMessage", "77700011")
    assert says in answer["text"]
    assert not Message.objects.exists()


def test_answer_is_in_the_senders_language_and_not_in_the_desks(client, monkeypatch):
    asked = []
    override = translation.override
    monkeypatch.setattr(translation, "override", lambda lang: asked.append(lang) or override(lang))

    post(client, with_text("/help", lang="en"))
    post(client, with_text("/help", lang="vi"))

    assert asked == ["en", "vi"]


def test_lone_surrogates_do_not_break_the_hook(client):
    response = post(
        client, b'{"update_id": 5, "message": {"chat": {"id": 1, "type": "private"}, "text": "a\\ud800b c"}}'
    )

    assert response.status_code == 200


# --- hazards -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES)
def test_hazardous_body_is_dropped_and_counted(client, body, caplog):
    caplog.set_level(logging.INFO)

    response = post(client, body)

    assert (response.status_code, response.content) == (200, b"")
    assert "telegram: ignored: malformed" in caplog.text
    assert not Message.objects.exists()


@pytest.mark.parametrize(("secret", "status"), [(SECRET, 200), ("wrong", 413), (None, 413)])
def test_body_of_five_megabytes_is_never_parsed(client, secret, status, caplog):
    caplog.set_level(logging.INFO)
    body = json.dumps(with_text("x" * 5_000_000)).encode()

    response = post(client, body, secret=secret)

    assert response.status_code == status
    assert ("telegram: ignored: too_large" in caplog.text) is (status == 200)


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_other_content_type_is_read_as_bytes(client, content_type):
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}

    response = client.post(HOOK, json.dumps(recorded("text")), content_type=content_type, headers=headers)

    assert response.status_code == 200
    assert Message.objects.count() == 1


def test_address_that_cannot_be_sealed_is_refused_for_now_and_nothing_kept(client, caplog):
    DayKey.objects.all().delete()

    refused = post(client, recorded("text"))
    kept = Message.objects.count()
    make_keys_ahead(now=timezone.now())
    taken = post(client, recorded("text"))

    assert (refused.status_code, refused["Retry-After"], kept) == (503, "60", 0)
    assert (taken.status_code, Message.objects.count()) == (200, 1)
    assert "telegram: no day key to seal an address to" in caplog.text


def test_message_is_taken_for_weeks_after_the_worker_stood_still(client):
    DayKey.objects.all().delete()
    make_keys_ahead(now=timezone.now() - timedelta(days=30))

    response = post(client, recorded("text"))

    assert response.status_code == 200
    assert address_of(Message.objects.get().contact) == "77700011"
