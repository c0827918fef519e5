"""Cases 21 to 37: HTTP and JSON."""

import gzip
import json
import re
import tempfile
import threading
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from sangto.config.wsgi import application
from sangto.desk.models import Case, Message, Reply
from sangto.ledger.actions import sequence
from sangto.vault.queries import address_of
from tests.factories import HOSPITAL, LAMP, NOW, send
from tests.hostile.doors import FORM, JSON, assert_refused
from tests.hostile.line import dripping, end_of, said, served
from tests.ledger.steps import BATCH

pytestmark = pytest.mark.django_db
MULTIPART = "multipart/form-data; boundary=x"
TEXT = json.dumps(HOSPITAL).encode()


def delivery(value, *, update_id=b"7"):
    """An update of the Bot API with these bytes as its text."""
    message = b'{"chat": {"id": 1, "type": "private"}, "text": ' + value + b"}"
    return b'{"update_id": ' + update_id + b', "message": ' + message + b"}"


def dropped(doors, body, caplog):
    """An authentic delivery of this body: nothing is kept, and that is counted."""
    caplog.clear()
    heard = doors.update(body)
    assert (heard.said, heard.kept) == ("", None)
    assert "telegram: ignored: malformed" in caplog.text


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_h21_duplicate_keys(doors, lang, caplog):
    assert_refused(doors.json(b'{"text": "a", "text": ' + TEXT + b"}", lang=lang), "duplicate_key")
    assert_refused(doors.json(b'{"text": ' + TEXT + b', "place": {"a": 1, "a": 2}}', lang=lang), "duplicate_key")
    dropped(doors, delivery(b'"a", "text": ' + TEXT), caplog)


@pytest.mark.parametrize("nest", [b"[", b'{"a":'])
def test_h22_depth_of_a_hundred_thousand(doors, nest, caplog):
    deep = nest * 100_000

    assert_refused(doors.json(b'{"text": ' + deep), "too_deep")
    assert_refused(doors.json(b'{"text": ' + b"[" * 65 + b"]" * 65 + b"}"), "too_deep")
    dropped(doors, delivery(deep), caplog)


@pytest.mark.parametrize("number", [b"1e400", b"-1e400", b"NaN", b"Infinity", b"-Infinity"])
def test_h23_numbers_that_json_does_not_know(doors, number, caplog):
    assert_refused(doors.json(b'{"text": ' + TEXT + b', "place": ' + number + b"}"), "bad_number")
    dropped(doors, delivery(TEXT, update_id=number), caplog)


def test_h24_numbers_beyond_64_bits(doors, caplog):
    assert_refused(doors.json(b'{"text": ' + TEXT + b', "place": ' + b"9" * 5000 + b"}"), "bad_number")
    assert_refused(doors.json(b'{"text": ' + TEXT + b', "place": ' + b"9" * 25 + b"}"), "wrong_type")
    dropped(doors, delivery(TEXT, update_id=b"9" * 5000), caplog)
    dropped(doors, delivery(TEXT, update_id=b"18446744073709551616"), caplog)
    large = 2**62 + 1
    kept = doors.update(delivery(TEXT).replace(b'"id": 1', b'"id": %d' % large)).kept
    assert address_of(kept.contact) == str(large)


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "image/png", "multipart/mixed; boundary=x", ""])
def test_h25_wrong_content_type(doors, kind):
    client = Client()

    page = client.generic("POST", "/en/ask", b"text=a", kind)
    api = client.generic("POST", "/api/v1/messages", b'{"text": "a"}', kind)

    assert (page.status_code, api.status_code) == (415, 415)
    assert api.json()["error"]["code"] == "unsupported_type"
    assert not Message.objects.exists()
    headers = {"X-Telegram-Bot-Api-Secret-Token": "a_secret-for_the_hook"}
    assert client.generic("POST", "/hooks/telegram", delivery(TEXT), kind, headers=headers).status_code == 200
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("lie", "status"),
    [
        (b"Content-Length: nine", b"400"),
        (b"Content-Length: -1", b"400"),
        (b"Content-Length: 8\r\nContent-Length: 9", b"400"),
        (b"Transfer-Encoding: chunked", b"400"),
        (b"Transfer-Encoding: gzip", b"501"),
    ],
)
def test_h26_missing_or_lying_length(doors, lie, status):
    head = b"POST /en/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"

    with served(application, channel_timeout=1, cleanup_interval=1) as port:
        answer = said(port, head + lie + b"\r\n\r\nxyz\r\n")
        with dripping(port, head + b"Content-Length: 900\r\n\r\ntext=") as slow:
            others = said(port, b"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            end = end_of(slow)

    assert answer.split(b" ")[1] == status
    assert others.startswith(b"HTTP/1.1 200")
    assert end == b""
    assert not Message.objects.exists()


def test_h27_gzip_bomb(doors):
    bomb = gzip.compress(b'{"text": "' + b"a" * 50_000_000 + b'"}')
    headers = {"content-encoding": "gzip", "accept-language": "en"}
    client = Client()

    api = client.post("/api/v1/messages", bomb, JSON, headers=headers)
    page = client.post("/en/ask", bomb, FORM, headers=headers)
    stranger = client.post("/hooks/telegram", bomb, JSON, headers=headers)

    assert (api.status_code, api.json()["error"]["code"]) == (415, "unsupported_encoding")
    assert (page.status_code, stranger.status_code) == (415, 401)
    assert doors.update(bomb).kept is None


def test_h28_parameter_pollution(doors):
    client = Client()
    get = (
        "/en/answers?q=a&q=b",
        "/api/v1/answers?q=a&q=b",
        "/feeds/answers.atom?lang=vi&lang=en",
        "/en/staff/?view=a&view=b",
    )

    assert {client.get(path).status_code for path in get} == {400}
    for body in (b"text=den+duong&text=hong", b"text=den&kind=claim&kind=problem", b"text=den&nonce=a&nonce=b"):
        assert doors.form(body).status == 400
    assert client.post("/en/staff/sign-in", b"username=a&username=b&password=c", FORM).status_code == 400
    assert client.post("/en/f/x.y/choose", b"answer=none&answer=1", FORM).status_code == 400


def test_h29_too_many_fields_and_files(doors, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    part = '--x\r\nContent-Disposition: form-data; name="f{}"; filename="a.txt"\r\n\r\na\r\n'
    files = "".join(part.format(n) for n in range(101)) + "--x--\r\n"

    many_fields = doors.form("&".join(f"a{n}=1" for n in range(1001)).encode())
    many_files = Client().post("/en/ask", files, content_type=MULTIPART)
    in_address = Client().get("/en/answers?" + "&".join(f"a{n}=1" for n in range(1001)))

    assert (many_fields.status, many_files.status_code, in_address.status_code) == (400, 400, 400)
    assert [path for path in Path(tmp_path).rglob("*") if "upload" in path.name] == []


def test_h30_long_boundary_and_nested_multipart(doors):
    client = Client()
    inner = 'Content-Disposition: form-data; name="text"\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y--\r\n'
    nested = f"--x\r\n{inner}--x--\r\n"

    long = client.post("/en/ask", b"--" + b"b" * 10_000, content_type=f"multipart/form-data; boundary={'b' * 10_000}")

    assert long.status_code == 400
    assert client.post("/en/ask", nested, content_type=MULTIPART).status_code == 400
    assert not Message.objects.exists()


def test_h31_other_methods(doors):
    client = Client()
    override = {"X-HTTP-Method-Override": "DELETE", "X-Method-Override": "PUT"}

    for path in ("/en/", "/en/ask", "/en/f/x.y", "/en/staff/", "/api/v1/answers", "/hooks/telegram", "/log/checkpoint"):
        assert client.generic("TRACE", path).status_code == 405, path
    assert client.get("/en/", headers=override).status_code == 200
    assert client.post("/en/ask", {"text": LAMP, "_method": "DELETE"}, headers=override).status_code == 303
    refused = client.post("/api/v1/answers", {"_method": "GET"}, JSON, headers={"X-HTTP-Method-Override": "GET"})
    assert refused.status_code == 405


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "localhost:80@evil.example", "evil example", "[::1"]
)
def test_h32_forged_host(doors, host):
    forged = {"host": host, "x-forwarded-host": host}

    for path in ("/", "/en/a/1", "/api/v1/answers", "/feeds/answers.atom", "/log/checkpoint"):
        response = Client().get(path, headers=forged)
        assert response.status_code in (400, 404), path
        assert host not in response.content.decode()
    mine = Client().get("/feeds/answers.atom", headers={"x-forwarded-host": host})
    assert (mine.status_code, host in mine.content.decode()) == (200, False)
    sent = Client().post("/api/v1/messages", {"text": HOSPITAL}, JSON, headers={"x-forwarded-host": host})
    assert sent.json()["follow_url"].startswith("http://localhost:8000/")


def test_h33_forged_x_forwarded_for(doors, settings):
    settings.LIMITS = {**settings.LIMITS, "intake": settings.LIMITS["intake"].read("2/1h")}
    client = Client(REMOTE_ADDR="203.0.113.7")

    said_ = [
        client.post(
            "/api/v1/messages", {"text": f"Ổ gà số {n} trên đường"}, JSON, headers={"x-forwarded-for": f"10.1.1.{n}"}
        )
        for n in range(4)
    ]

    assert [each.status_code for each in said_] == [201, 201, 429, 429]
    assert said_[-1]["Retry-After"].isdigit()


def test_h34_same_key_other_body(doors):
    client = Client(headers={"idempotency-key": "one"})
    client.post("/api/v1/messages", {"text": HOSPITAL}, JSON)

    other = client.post("/api/v1/messages", {"text": LAMP}, JSON)

    assert (other.status_code, other.json()["error"]["code"]) == (422, "other_body")
    assert [message.text for message in Message.objects.all()] == [HOSPITAL]


@pytest.mark.django_db(transaction=True)
def test_h35_same_key_fifty_times_at_once():
    start, answers = threading.Barrier(50), []

    def post():
        try:
            start.wait()
            headers = {"idempotency-key": "one"}
            response = Client().post("/api/v1/messages", {"text": HOSPITAL}, JSON, headers=headers)
            answers.append((response.status_code, response.content))
        finally:
            connection.close()

    threads = [threading.Thread(target=post) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(status for status, _ in answers) == [200] * 49 + [201]
    assert len({body for _, body in answers}) == 1
    assert (Message.objects.count(), Case.objects.count(), Reply.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize(("prefix", "says"), [("", "Vui lòng gửi lại"), ("/en", "Please send it once more")])
def test_h36_stale_csrf_token(doors, prefix, says):
    client = Client(enforce_csrf_checks=True)
    client.get(f"{prefix}/")

    stale = client.post(f"{prefix}/ask", {"text": HOSPITAL, "place": "Ngõ 5", "csrfmiddlewaretoken": "a" * 64})
    html = stale.content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html)[1]
    again = client.post(f"{prefix}/ask", {"text": HOSPITAL, "csrfmiddlewaretoken": token})

    assert stale.status_code == 403
    assert HOSPITAL in html
    assert 'value="Ngõ 5"' in html
    assert (again.status_code, Message.objects.count()) == (303, 1)


PATHS = [
    "..%2f..%2fsecret.key", "%2e%2e/%2e%2e/secret.key", "0/..%2f..%2fcheckpoint", "0/x000", "0/x000/x001/../000",
    "0/1000", "0/00", "0/-1", "0/000.p/0", "0/000.p/256", "0/000.p/-1", "0/000.p/01", "0/000.p/1%00", "64/000",
    "entries/%00", "0/000/", "/etc/passwd", "0/" + "x999/" * 9 + "999", "0/%D9%A0%D9%A0%D9%A0", "0//000", "",
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_h37_tile_path(doors, path):
    for text in (HOSPITAL, LAMP, "Nước sông có tăng không?"):
        send(text)
    sequence(now=NOW + BATCH)
    client = Client()

    assert client.get("/log/tile/0/000.p/3").status_code == 200
    for start in ("/log/tile/", "/log/2026/tile/", "/log/..%2f2026/tile/", "/log/keys/tile/"):
        assert client.get(f"{start}{path}").status_code == 404
