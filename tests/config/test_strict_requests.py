"""Requests that no honest program sends are refused before a view reads them."""

import tempfile
from pathlib import Path

import pytest
from django.test import Client, RequestFactory

from sangto.config.strict_requests import StrictRequests
from sangto.desk.models import Message
from tests.factories import HOSPITAL, PASSWORD, make_member

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"


def part(name, value, *more):
    lines = [f'Content-Disposition: form-data; name="{name}"', *more, "", value]
    return "--x\r\n" + "\r\n".join(lines) + "\r\n"


@pytest.mark.parametrize("path", ["/en/", "/en/answers", "/en/staff/", "/en/log", "/feeds/answers.atom"])
@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "G E T"])
def test_invented_method_reaches_no_view(client, path, method):
    assert client.generic(method, path).status_code == 405


@pytest.mark.parametrize(("length", "status"), [("1000001", 413), ("9" * 400, 413), ("-1", 400), ("1e3", 400)])
def test_length_is_believed_before_a_byte_is_read(client, length, status):
    for path, kind in (("/en/ask", FORM), ("/api/v1/messages", "application/json")):
        response = client.generic("POST", path, b"", kind, CONTENT_LENGTH=length)

        assert response.status_code == status, path
    assert not Message.objects.exists()


def test_body_without_a_length_is_asked_for_one(client):
    for path in ("/en/ask", "/api/v1/messages"):
        request = RequestFactory().post(path, HTTP_TRANSFER_ENCODING="chunked", CONTENT_LENGTH="")
        request.LANGUAGE_CODE = "en"
        request.resolver_match = type("Match", (), {"view_name": "ask" if "ask" in path else "api:send_message"})

        response = StrictRequests(lambda request: None).process_view(request, None, (), {})

        assert response.status_code == 411


def test_page_takes_no_encoded_body(client):
    response = client.generic("POST", "/en/ask", b"\x1f\x8b", FORM, headers={"content-encoding": "gzip"})

    assert response.status_code == 415


@pytest.mark.parametrize(
    "path", ["/en/answers?q=a&q=b", "/en/answers?page=1&page=2", "/en/staff/?view=open&view=review"]
)
def test_repeated_parameter_is_refused(client, path):
    assert client.get(path).status_code == 400


def test_repeated_field_is_refused_where_one_is_expected(client):
    make_member("lan")
    body = f"username=lan&password={PASSWORD}&username=minh".replace(" ", "+")

    assert client.post("/en/staff/sign-in", body, content_type=FORM).status_code == 400


def test_form_within_a_form_is_refused(client):
    nested = part("text", "--y\r\n", "Content-Type: multipart/mixed; boundary=y") + "--x--\r\n"

    assert client.post("/en/ask", nested, content_type=MULTIPART).status_code == 400


def test_multipart_form_that_is_no_text_is_refused(client):
    body = part("text", HOSPITAL).encode() + b"--x--\r\n"

    assert client.post("/en/ask", body, content_type=MULTIPART).status_code == 303
    assert client.post("/en/ask", body.replace("ó".encode(), b"\xff"), content_type=MULTIPART).status_code == 400
    assert Message.objects.count() == 1


def test_file_of_a_megabyte_leaves_no_temporary_file(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    body = part("file", "a" * 3_000_000, "Content-Type: image/png") + "--x--\r\n"

    response = Client().post("/en/ask", body, content_type=MULTIPART)

    assert response.status_code == 413
    assert [each for each in Path(tmp_path).rglob("*") if "upload" in each.name] == []
