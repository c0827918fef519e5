"""A secret link sent to the bot: the replies of its message come to that chat, and the link is never kept."""

import json

import pytest
from django.utils import translation

from sangto.channels.base import Correction, Ignored, Refusal
from sangto.channels.links import follow_token_in, follow_url
from sangto.channels.telegram_update import read_update
from sangto.desk import actions
from sangto.desk.actions import Incoming
from sangto.desk.models import Message
from sangto.desk.queries.messages import follow_token
from sangto.vault.models import Contact
from sangto.vault.queries import address_of
from tests.channels.stand_in import SECRET, recorded
from tests.channels.test_hook import files, post, rows
from tests.factories import NOW, send

OLD, HERE = "5550001", "77700011"  # the chat of the recorded update is the second


@pytest.fixture(autouse=True)
def configured(settings):
    settings.TELEGRAM_TOKEN, settings.TELEGRAM_SECRET = "4815162342:canary-token-AAE", SECRET
    settings.SITE_URL = "https://desk.example"


def update_with(text, *, lang="en", update_id=7, **changes):
    update = recorded("text")
    update["update_id"] = update_id
    update["message"] |= {"text": text, "from": {"language_code": lang}, **changes}
    return update


def read(update):
    return read_update(json.dumps(update).encode(), bot="42")


# --- which texts are a link and nothing else ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "https://desk.example/f/12.abc-_D", "http://desk.example/f/12.abc-_D", "desk.example/f/12.abc-_D",
        "https://desk.example/en/f/12.abc-_D", "https://desk.example/vi/f/12.abc-_D",
        " \nhttps://desk.example/f/12.abc-_D\n ",
        "HTTPS://DESK.EXAMPLE/f/12.abc-_D", "https://desk.example/f/12.abc-_D/", "https://desk.example/f/12.abc-_D?again=1",
        "https://desk.example/f/12.abc-_D/data", "https://desk.example/en/f/12.abc-_D/data?done=requested#x",
    ],
)  # fmt: skip
def test_link_alone_is_a_link(text):
    assert follow_token_in(text) == "12.abc-_D"


@pytest.mark.parametrize(
    "text",
    [
        "", "12.abc", "xem https://desk.example/f/12.abc", "https://desk.example/f/12.abc có đúng không?",
        "https://desk.example/f/", "https://desk.example/f", "https://desk.example/a/2026-000001", "https://desk.example/",
        "https://other.example/f/12.abc", "https://xdesk.example/f/12.abc", "https://desk.example.evil.example/f/12.abc",
        "https://desk-example/f/12.abc", "https://desk.example/fr/f/12.abc", "https://desk.example/f/12.abc x",
        "https://desk.example/f/1.a\nhttps://desk.example/f/2.b", "https://user@desk.example/f/12.abc",
        "ftp://desk.example/f/12.abc", "https://desk.example:444/f/12.abc",
    ],
)  # fmt: skip
def test_everything_else_is_no_link(text):
    assert follow_token_in(text) is None


@pytest.mark.parametrize("site", ["http://localhost:8000", "https://desk.example/hoi-dap"])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_own_link_is_known_whatever_the_address(settings, site, lang):
    settings.SITE_URL = site
    with translation.override(lang):
        url = follow_url("12.abc")

    assert follow_token_in(url) == "12.abc"


def test_long_text_is_looked_at_once():
    assert follow_token_in("desk.example/f/" + "a/" * 100_000 + " x") is None


def test_update_with_a_link_is_a_correction():
    assert read(update_with("https://desk.example/f/12.abc")) == Correction("12.abc", "42:7", "en", HERE)


def test_caption_with_a_link_is_a_correction():
    update = recorded("caption_photo")
    update["message"]["caption"] = "https://desk.example/f/12.abc"

    assert isinstance(read(update), Correction)


def test_link_in_a_sentence_is_a_message():
    assert isinstance(read(update_with("https://desk.example/f/12.abc là gì?")), Incoming)


def test_link_in_a_group_is_ignored():
    chat = {"id": -100, "type": "group"}

    assert read(update_with("https://desk.example/f/12.abc", chat=chat)) == Ignored("not_private")


def test_command_is_a_command():
    assert isinstance(read(update_with("/start https://desk.example/f/12.abc")), Refusal)


# --- what becomes of it -------------------------------------------------------------------------------------------


def sent_link(client, message, *, text="", **named):
    response = post(client, update_with(text or follow_url(follow_token(message)), **named))
    assert response.status_code == 200
    return response.json()


@pytest.mark.django_db
def test_address_moves_to_the_chat_that_the_link_came_from(client, settings):
    message = send(channel="telegram", address=OLD)

    said = sent_link(client, message)

    fresh = Message.objects.get()
    assert address_of(fresh.contact) == HERE
    assert (said["method"], said["chat_id"]) == ("sendMessage", HERE)
    assert said["text"].startswith("Done. From now on the replies to that message come to this chat")


@pytest.mark.django_db
@pytest.mark.parametrize("channel", ["web", "api", "console"])
def test_sender_of_another_channel_is_told_where_the_replies_are(client, channel):
    message = send(channel=channel)

    said = sent_link(client, message)

    assert said["text"].startswith("That message was not sent through this chat, so its replies are only on its page.")
    assert (Message.objects.get().contact, Contact.objects.count()) == (None, 0)


@pytest.mark.django_db
def test_withdrawn_message_is_told_so(client):
    message = send(channel="telegram", address=OLD)
    actions.withdraw(message, now=NOW)

    assert sent_link(client, message)["text"].startswith("That message was withdrawn.")


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["12.abc", "1", "x" * 3000, "1.%00", "9999999999999999999999.abc"])
def test_unknown_link_is_told_so_and_never_kept(client, caplog, settings, token):
    send(channel="telegram", address=OLD)

    said = sent_link(client, None, text=f"https://desk.example/f/{token}canary")

    assert said["text"].startswith("We do not know this link.")
    assert Message.objects.count() == 1
    assert "canary" not in rows() + files(settings.HOME) + caplog.text


@pytest.mark.django_db
def test_link_is_in_no_row_no_file_and_no_log(client, caplog, settings):
    message = send(channel="telegram", address=OLD)
    token = follow_token(message)
    caplog.set_level("DEBUG")

    sent_link(client, message)

    assert token not in rows() + files(settings.HOME) + caplog.text
    assert HERE not in rows() + files(settings.HOME) + caplog.text


@pytest.mark.django_db
def test_repeated_update_does_not_take_the_address_back(client):
    message = send(channel="telegram", address=OLD)
    other_chat = {"id": 5550003, "type": "private"}
    sent_link(client, message, update_id=7)
    sent_link(client, message, update_id=8, chat=other_chat)

    said = sent_link(client, message, update_id=7)

    assert address_of(Message.objects.get().contact) == "5550003"
    assert said["method"] == "sendMessage"
