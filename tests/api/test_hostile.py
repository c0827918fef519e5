"""Requests that no honest program sends: each is refused in one shape, and nothing is kept."""

import gzip
import json

import pytest

from sangto.api.errors import CODES
from sangto.desk.models import Case, Message
from tests.factories import HOSPITAL

pytestmark = pytest.mark.django_db
MESSAGES = "/api/v1/messages"
TEXT = json.dumps(HOSPITAL).encode()


def refused(response, status, code):
    assert (response.status_code, response.json()) == (
        status,
        {"error": {"code": code, "message": response.json()["error"]["message"]}},
    )
    assert response.json()["error"]["message"]
    assert (Message.objects.count(), Case.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "missing_field"),
        (b"{}", "missing_field"),
        (b"{", "bad_json"),
        (b"[]", "bad_json"),
        (b"null", "bad_json"),
        (b'"x"', "bad_json"),
        (b'{"text": "x"} {}', "bad_json"),
        (b"\xef\xbb\xbf{}", "bad_json"),
        (b'{"text": "a", "text": "b"}', "duplicate_key"),
        (b'{"text": ' + TEXT + b', "place": {"a": 1, "a": 2}}', "duplicate_key"),
        (b'{"text": ' + TEXT + b', "place": NaN}', "bad_number"),
        (b'{"text": ' + TEXT + b', "place": -Infinity}', "bad_number"),
        (b'{"text": ' + TEXT + b', "place": 1e400}', "bad_number"),
        (b'{"text": ' + TEXT + b', "place": ' + b"9" * 5000 + b"}", "bad_number"),
        (b'{"text": "\\ud800"}', "not_text"),
        (b'{"text": "a\\u0000b"}', "not_text"),
        (b'{"\\ud800": "a"}', "not_text"),
        (b'{"text": "\xff"}', "not_text"),
        (b'{"text": "\xc0\xaf"}', "not_text"),
        (b'{"text": "a\x00b"}', "bad_json"),
        (b'{"text": ' + b"[" * 100_000, "too_deep"),
        (b'{"text": ' + b"[" * 100 + b"]" * 100 + b"}", "too_deep"),
        (b'{"text": ' + b'{"a":' * 100_000, "too_deep"),
        (b'{"text": 5}', "wrong_type"),
        (b'{"text": null}', "wrong_type"),
        (b'{"text": ["a"]}', "wrong_type"),
        (b'{"text": "a", "place": 12345678901234567890}', "wrong_type"),
        (b'{"text": "a", "author": "b"}', "unknown_field"),
    ],
    ids=lambda value: value[:40] if isinstance(value, bytes) else value,
)
def test_body_that_is_no_message_is_refused(caller, body, code):
    refused(caller.send(MESSAGES, body), 400, code)


def test_unknown_member_is_named(caller):
    message = caller.send(MESSAGES, {"text": "a", "author<b>": "b"}, accept_language="en").json()["error"]["message"]

    assert message == "author<b> is not a member that this address knows."


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_other_content_type_is_refused(caller, kind):
    response = caller.client.generic("POST", MESSAGES, b'{"text": "a"}', kind)

    refused(response, 415, "unsupported_type")


def test_charset_beside_the_type_is_fine(caller):
    body = json.dumps({"text": HOSPITAL}).encode()

    assert caller.client.generic("POST", MESSAGES, body, "application/json; charset=utf-8").status_code == 201


def test_encoded_body_is_refused(caller):
    bomb = gzip.compress(b'{"text": "' + b"a" * 2_000_000 + b'"}')

    refused(caller.send(MESSAGES, bomb, content_encoding="gzip"), 415, "unsupported_encoding")


def test_large_body_is_refused(caller):
    refused(caller.send(MESSAGES, b'{"text": "' + b"a" * 1_100_000 + b'"}'), 413, "too_large")


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "trace", "options", "head"])
def test_other_method_is_refused(caller, method):
    response = caller.send(MESSAGES, method=method)

    assert (response.status_code, response["Allow"]) == (405, "POST")
    if method != "head":
        assert response.json()["error"]["code"] == "method_not_allowed"


def test_method_override_is_ignored(caller):
    response = caller.send("/api/v1/answers", {"_method": "GET"}, x_http_method_override="GET")

    refused(response, 405, "method_not_allowed")


@pytest.mark.parametrize("path", ["", "/", "/x", "/messages/", "/answers/2026-000001/x", "/../x", "/%00", "/docs"])
def test_unknown_address_is_not_found(caller, path):
    refused(caller.get(f"/api/v1{path}"), 404, "not_found")


@pytest.mark.parametrize(("language", "start"), [("en", "There is nothing"), ("xx, en;q=0.1", "There is nothing")])
def test_refusal_is_in_the_readers_language(caller, language, start):
    response = caller.get("/api/v1/x", accept_language=language)

    assert response.json()["error"]["message"].startswith(start)
    assert response["Content-Language"] == "en"
    assert "Accept-Language" in response["Vary"]


def test_default_language_is_the_desks(caller):
    assert caller.get("/api/v1/x")["Content-Language"] == "vi"
    assert caller.get("/api/v1/x", accept_language="*;q=, \xff, ;;,")["Content-Language"] == "vi"


def test_refusal_echoes_no_text_of_the_sender(caller):
    response = caller.send(MESSAGES, {"text": "bí mật " * 1000})

    assert "bí mật" not in response.content.decode()


def test_failure_is_told_without_its_words(caller, monkeypatch, caplog):
    def fail(*_args, **_values):
        raise RuntimeError(HOSPITAL)

    monkeypatch.setattr("sangto.desk.actions.receive", fail)

    response = caller.send(MESSAGES, {"text": HOSPITAL})

    assert (response.status_code, response.json()["error"]["code"]) == (500, "server_error")
    assert HOSPITAL not in response.content.decode() + caplog.text
    own = [record for record in caplog.records if record.name == "sangto.api.service"]
    assert [(record.levelname, "RuntimeError" in record.getMessage()) for record in own] == [("ERROR", True)]


def test_every_code_has_a_sentence():
    assert {code for code, message in CODES.items() if not str(message).endswith(".")} - {"not_signed_in"} == set()


def test_door_stands_in_the_house(caller, settings):
    settings.ROOT_URLCONF = "sangto.config.urls"

    response = caller.get("/api/v1/x", accept_language="en")

    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")
    assert response["Content-Language"] == "en"
    assert caller.send(MESSAGES, {"text": HOSPITAL}).status_code == 201
    assert caller.get("/feeds/answers.atom").status_code == 200
    assert "Set-Cookie" not in response
