import json

import pytest

from sangto.channels.base import Ignored, Refusal
from sangto.channels.telegram_update import read_update
from sangto.desk.actions import Incoming
from tests.channels.stand_in import recorded
from tests.factories import HOSPITAL


def read(update):
    return read_update(json.dumps(update).encode(), bot="42")


def text_update(**message):
    update = recorded("text")
    update["message"] |= message
    return update


def test_text_becomes_incoming_with_named_fields_only():
    update = recorded("text")

    incoming = read(update)

    assert incoming == Incoming(
        channel="telegram", external_id=f"42:{update['update_id']}", text=HOSPITAL, lang="vi", address="77700011"
    )


@pytest.mark.parametrize(
    "name",
    ["caption_photo", "forward_user", "forward_hidden_user", "forward_chat", "forward_channel", "reply_and_quote",
     "album_first"],
)  # fmt: skip
def test_words_are_taken_whatever_they_came_with(name):
    incoming = read(recorded(name))

    assert isinstance(incoming, Incoming)
    assert incoming.text == HOSPITAL
    assert "canary" not in repr(incoming).lower()


@pytest.mark.parametrize("name", ["photo_alone", "document_alone", "voice_alone", "contact", "location"])
def test_content_without_words_is_answered(name):
    assert read(recorded(name)) == Refusal("no_text", "vi", "77700011")


@pytest.mark.parametrize("name", ["start", "help"])
def test_command_is_answered(name):
    assert read(recorded(name)) == Refusal("help", "vi", "77700011")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("sticker", "sticker"),
        ("album_second", "album_part"),
        ("group_text", "not_private"),
        ("edited_message", "edited_message"),
        ("channel_post", "channel_post"),
        ("callback_query", "callback_query"),
        ("my_chat_member", "my_chat_member"),
    ],
)
def test_everything_else_is_ignored_and_named(name, kind):
    assert read(recorded(name)) == Ignored(kind)


@pytest.mark.parametrize(
    ("code", "lang"),
    [("vi", "vi"), ("vi-VN", "vi"), ("en", "en"), ("en-GB", "en"), ("fr", "en"), ("", "vi"), (None, "vi"), (7, "vi")],
)
def test_language_is_the_senders(code, lang):
    assert read(text_update(**{"from": {"language_code": code}})).lang == lang


@pytest.mark.parametrize("person", [None, [], "vi", {}])
def test_language_is_the_desks_where_none_is_said(person):
    assert read(text_update(**{"from": person})).lang == "vi"


def test_chat_id_beyond_a_float_is_kept_whole():
    incoming = read(text_update(chat={"id": 2**62 + 1, "type": "private"}))

    assert incoming.address == "4611686018427387905"


@pytest.mark.parametrize(
    "message",
    [
        {"text": 7},
        {"text": ["a"]},
        {"text": None, "caption": {"a": 1}},
        {"chat": None},
        {"chat": []},
        {"chat": {"type": "private"}},
        {"chat": {"id": "77700011", "type": "private"}},
        {"chat": {"id": True, "type": "private"}},
        {"chat": {"id": 2**63, "type": "private"}},
        {"chat": {"id": 1.5, "type": "private"}},
    ],
)
def test_wrong_type_is_malformed(message):
    assert read(text_update(**message)) in (Ignored("malformed"), Ignored("service"))


@pytest.mark.parametrize("update_id", [None, "7", True, 1.5, 2**64])
def test_wrong_update_id_is_malformed(update_id):
    assert read({**recorded("text"), "update_id": update_id}) == Ignored("malformed")


BAD_BODIES = {
    "nothing": b"",
    "not_json": b"<html>",
    "not_utf8": b'{"update_id": 1, "message": "\xff"}',
    "utf16": '{"update_id": 1}'.encode("utf-16"),
    "key_twice": b'{"update_id": 1, "update_id": 2, "message": {}}',
    "deep_key_twice": b'{"update_id": 1, "message": {"chat": {"id": 1, "id": 2, "type": "private"}, "text": "a"}}',
    "deep": b'{"message":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep_objects": b'{"message":' * 50_000,
    "nan": b'{"update_id": NaN}',
    "infinity": b'{"update_id": -Infinity}',
    "float_overflow": b'{"update_id": 1e400}',
    "long_integer": b'{"update_id": ' + b"9" * 5_000 + b"}",
    "a_list": b"[1]",
    "a_number": b"7",
    "null": b"null",
}


@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=BAD_BODIES)
def test_hazardous_json_is_malformed(body):
    assert read_update(body, bot="42") == Ignored("malformed")


@pytest.mark.parametrize("body", [b"{}", b'{"update_id": 1}', b'{"update_id": 1, "new_kind_of_update": {}}'])
def test_unknown_update_is_ignored(body):
    assert read_update(body, bot="42") == Ignored("other")
