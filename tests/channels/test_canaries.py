"""The third-party rule: what a channel's table does not name does not exist for the desk.

Every other field of every kind of update carries a canary; none of them may be in a row, a file, a log or an answer.
"""

import json
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from sangto.channels.deliver import deliver
from sangto.desk.models import Message
from tests.channels import bot_api
from tests.channels.bot_api import FIELDS, MARKS, ORIGINS, UPDATES, filled, leaves, private_message
from tests.channels.stand_in import SECRET
from tests.channels.test_hook import files, post, rows
from tests.factories import HOSPITAL, NOW

FIELDS_OF_A_MESSAGE = sorted({*FIELDS["Message"]} - {"from"})
MEDIA = ("photo", "document", "video", "voice", "audio", "animation", "video_note", "sticker", "location", "venue")
HEADERS = (
    "User-Agent", "Referer", "X-Forwarded-For", "X-Real-IP", "Forwarded", "Via", "Cookie", "From", "Origin",
    "X-Requested-With", "Sec-CH-UA", "Sec-CH-UA-Platform", "DNT", "CF-Connecting-IP", "True-Client-IP", "X-Client-IP",
    "Authorization", "X-Telegram-User", "Accept-Charset",
)  # fmt: skip


@pytest.fixture(autouse=True)
def configured(settings, caplog):
    settings.TELEGRAM_TOKEN, settings.TELEGRAM_SECRET = "4815162342:AAE", SECRET
    caplog.set_level("DEBUG")


@pytest.fixture
def found(settings, caplog):
    """Which canaries are in the rows, the files beside the database and the logs."""

    def look() -> set[str]:
        everything = rows() + files(settings.HOME) + caplog.text
        return {mark for mark in MARKS if mark in everything.lower()}

    return look


def sent(client, **update) -> Message | None:
    """What became of an update that the desk accepts."""
    body = {"update_id": 7, **update}
    assert any(mark in json.dumps(body) for mark in MARKS)
    assert post(client, body).status_code == 200
    return Message.objects.first()


def with_words(message: dict, **words: str) -> dict:
    """The message with words of its own in the place of canaries, from a private chat."""
    message = {name: value for name, value in message.items() if name not in ("text", "caption")}
    message["chat"] = {**message.get("chat", filled("Chat")), "type": "private"}
    message["from"] = {**filled("User"), "language_code": "vi"}
    return {**message, **words}


# --- Telegram -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("words", [{"text": HOSPITAL}, {"caption": HOSPITAL}], ids=["text", "caption"])
def test_message_with_a_canary_in_every_field_leaves_its_words_alone(client, found, words):
    message = sent(client, message=with_words(filled("Message"), **words))

    assert (message.text, message.place, message.channel, message.lang) == (HOSPITAL, "", "telegram", "vi")
    assert found() == set()


@pytest.mark.django_db
@pytest.mark.parametrize("name", FIELDS_OF_A_MESSAGE)
def test_no_field_of_a_message_is_let_in_beside_its_words(client, found, name):
    fields = {name: filled(FIELDS["Message"][name]), "text": HOSPITAL}

    message = sent(client, message=private_message(**fields))

    assert message.text == HOSPITAL
    assert found() == set()


@pytest.mark.django_db
@pytest.mark.parametrize("name", FIELDS_OF_A_MESSAGE)
def test_no_field_of_a_message_without_words_is_let_in(client, found, name):
    message = sent(client, message=private_message(**{name: filled(FIELDS["Message"][name])}))

    assert message is None
    assert found() == set()


@pytest.mark.django_db
@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("media", ["", *MEDIA])
def test_forward_of_every_origin_leaves_its_words_alone(client, found, origin, media):
    words = {"caption": HOSPITAL, media: filled(FIELDS["Message"][media])} if media else {"text": HOSPITAL}

    message = sent(client, message=private_message(forward_origin=filled(origin), **words))

    assert message.text == HOSPITAL
    assert found() == set()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["mention", "hashtag", "text_link", "text_mention", "phone_number", "email", "url"])
def test_entity_of_every_kind_is_left_out(client, found, kind):
    entity = {**filled("MessageEntity"), "type": kind, "offset": 0, "length": 4}

    message = sent(client, message=private_message(text=HOSPITAL, entities=[entity], caption_entities=[entity]))

    assert message.text == HOSPITAL
    assert found() == set()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", sorted(set(UPDATES) - {"message"}))
@pytest.mark.parametrize("private", [True, False])
def test_every_other_kind_of_update_becomes_nothing(client, found, kind, private):
    held = filled(UPDATES[kind])
    if private and "chat" in held:
        held["chat"]["type"] = "private"

    assert sent(client, **{kind: held}) is None
    assert found() == set()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
def test_message_of_a_chat_of_several_people_becomes_nothing(client, found, kind):
    message = with_words(filled("Message"), text=HOSPITAL)
    message["chat"]["type"] = kind

    assert sent(client, message=message) is None
    assert found() == set()


@pytest.mark.django_db
def test_update_of_a_kind_that_is_not_known_yet_becomes_nothing(client, found):
    assert sent(client, message_of_the_future=filled("Message")) is None
    assert found() == set()


@pytest.mark.django_db
def test_answer_to_the_hook_holds_the_chat_alone(client):
    message = private_message(photo=filled(["PhotoSize"]), via_bot=filled("User"))

    response = post(client, {"update_id": 7, "message": message})

    assert set(response.json()) == {"method", "chat_id", "text", "link_preview_options"}
    assert bot_api.WORD not in response.content.decode()


@pytest.mark.django_db
def test_letter_holds_nothing_of_the_update(client, settings, caplog):
    settings.TELEGRAM_TOKEN = ""  # the letter is made and waits
    sent(client, message=with_words(filled("Message"), text=HOSPITAL))

    deliver(now=NOW)

    assert not any(mark in rows() + caplog.text for mark in MARKS)


@pytest.mark.django_db(transaction=True)
def test_no_byte_of_the_database_holds_a_canary(client, found):
    """Also not in its free pages and its write-ahead log, where what was once written stays."""
    for n, kind in enumerate(sorted(UPDATES)):
        held = filled(UPDATES[kind])
        post(client, {"update_id": n, kind: with_words(held, text=HOSPITAL) if kind == "message" else held})
    assert Message.objects.count() == 1

    assert found() == set()
    assert not any(mark.encode() in database_bytes() for mark in MARKS)


def database_bytes() -> bytes:
    if connection.vendor != "sqlite":  # its pages are another machine's; the rows were looked at
        return b""
    name = str(connection.settings_dict["NAME"])
    paths = [path for path in (Path(name), Path(f"{name}-wal")) if path.exists()]
    held = b"".join(path.read_bytes() for path in paths)
    assert HOSPITAL.encode() in held
    return held


# --- the web, the API ---------------------------------------------------------------------------------------------


def canary_headers() -> dict[str, str]:
    return {name: f"{bot_api.WORD} {name}" for name in HEADERS}


@pytest.mark.django_db
def test_form_lets_in_its_own_fields_alone(client, found):
    others = ("name", "email", "phone", "author", "url", "ip", "location", "device", "lang", "channel", "address")
    typed = {"text": HOSPITAL, "place": "", "kind": "auto", "nonce": "0" * 32}

    response = client.post(
        f"/ask?utm_source={bot_api.WORD}", {**typed, **dict.fromkeys(others, f"{bot_api.WORD}")},
        headers=canary_headers(), REMOTE_ADDR="203.0.113.99", REMOTE_HOST=bot_api.WORD,
    )  # fmt: skip

    assert response.status_code == 303
    assert Message.objects.get().text == HOSPITAL
    assert found() == set()
    assert "203.0.113.99" not in rows()


@pytest.mark.django_db
def test_api_lets_in_its_own_members_alone(found):
    headers = {name: said for name, said in canary_headers().items() if name != "Authorization"}
    client = Client(headers=headers, REMOTE_ADDR="203.0.113.99", REMOTE_HOST=bot_api.WORD)

    response = client.post("/api/v1/messages", {"text": HOSPITAL}, content_type="application/json")

    assert response.status_code == 201
    assert Message.objects.get().text == HOSPITAL
    assert found() == set()
    assert "203.0.113.99" not in rows()


@pytest.mark.django_db
@pytest.mark.parametrize("member", ["author", "name", "email", "contact", "source_url", "channel", "received_at"])
def test_api_refuses_a_member_that_is_not_its_own(client, found, member):
    body = {"text": HOSPITAL, member: bot_api.WORD}

    response = client.post("/api/v1/messages", body, content_type="application/json")

    assert (response.status_code, Message.objects.count()) == (400, 0)
    assert found() == set()


# --- the tests themselves -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_canary_in_the_words_is_found(client, found):
    sent(client, message=with_words(filled("Message"), text=f"{HOSPITAL} {bot_api.WORD}"))

    assert found() == {bot_api.WORD}


@pytest.mark.parametrize("kind", sorted(FIELDS))
def test_every_field_of_every_kind_carries_a_canary(kind):
    values = [value for value in leaves(filled(kind)) if not isinstance(value, bool)]
    fixed = {"user", "hidden_user", "chat", "channel"}

    assert values
    assert [value for value in values if value not in fixed and not any(mark in str(value) for mark in MARKS)] == []


def test_message_holds_a_canary_in_each_documented_field():
    assert {*filled("Message")} == {*FIELDS["Message"], "text", "caption", "chat"}
    assert "reply_to_message" not in filled("Message")["reply_to_message"]
