"""What every response says beside its content: generated from the URL map, so that no new address is forgotten."""

import os
import re
import subprocess
import sys
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from sangto.desk.queries.messages import follow_token
from sangto.ledger.actions import sequence
from tests.factories import LAMP, NOW, PASSWORD, make_answer, make_member, send
from tests.web.staff.pages import signed_in

pytestmark = pytest.mark.django_db
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}
STRICT = {"default-src": "'none'", "base-uri": "'none'", "frame-ancestors": "'none'"}
STATIC = ("/static/web/base.css", "/static/web/js/copy.js", "/static/web/mark.svg", "/static/nothing.css")
OPEN = (
    "/api/v1/answers", "/api/v1/openapi.json", "/feeds/answers.atom", "/feeds/claimreview.json",
    "/feeds/withdrawn.json", "/log/checkpoint", "/log/policy", "/log/tile/0/000.p/1", "/answers/index.json",
)  # fmt: skip


def routes(patterns, spaces=(), start=""):
    """Every address of the URL map: the name of its view, and its pattern."""
    for pattern in patterns:
        where = start + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(
                pattern.url_patterns, (*spaces, *([pattern.namespace] if pattern.namespace else [])), where
            )
        elif isinstance(pattern, URLPattern):
            yield ":".join([*spaces, pattern.name or "unnamed"]), where


ROUTES = sorted(set(routes(get_resolver("sangto.config.urls").url_patterns)))


def address(route, values):
    """The pattern with real values in the places of its arguments."""
    plain = re.sub(r"^\^|\(\?:/\.\*\)\?\$$", "", route)
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), plain)


@pytest.fixture
def values():
    """A desk with a message, an answer and a log, and what to put into addresses."""
    message = send()
    version = make_answer(message.case)
    sequence(now=NOW + timedelta(minutes=10))
    path = {"path": "0/000.p/1", "shard": "2026", "channel": "telegram"}
    fixed = {"n": 1, "pk": 1, "code": "desk"}
    return {"token": follow_token(message), "number": version.answer.case.number, **fixed, **path}


def policy_of(response):
    parts = [part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";") if part.strip()]
    return {name: sources for name, _, sources in parts}


def faults(response):
    """Which headers a response lacks."""
    found = {name: value for name, value in EVERYWHERE.items() if response.get(name) != value}
    policy = policy_of(response) if "Content-Security-Policy" in response else {}
    found |= {name: value for name, value in STRICT.items() if policy.get(name) != value}
    if "unsafe" in response.get("Content-Security-Policy", "") or "*" in response.get("Content-Security-Policy", ""):
        found["Content-Security-Policy"] = "without unsafe-inline and wildcards"
    if "camera=()" not in response.get("Permissions-Policy", ""):
        found["Permissions-Policy"] = "camera=()"
    is_open = response.get("Access-Control-Allow-Origin") == "*"
    if response.get("Cross-Origin-Resource-Policy") != ("cross-origin" if is_open else "same-origin"):
        found["Cross-Origin-Resource-Policy"] = "by who may read it"
    return found


def test_map_is_read_whole():
    names = {name for name, _ in ROUTES}

    assert len(ROUTES) >= 45
    assert {"home", "staff:inbox", "api:send_message", "channels:hook", "shard-tile", "robots"} <= names


@pytest.mark.parametrize(("name", "route"), ROUTES)
def test_every_address_has_every_header(values, name, route):
    path = address(route, values)
    clients = [Client(), signed_in(make_member())]

    responses = [call(path) for client in clients for call in (client.get, client.post, client.head, client.options)]

    assert [(path, each.status_code, faults(each)) for each in responses if faults(each)] == []
    assert max(each.status_code for each in responses) < 500


@pytest.mark.parametrize("path", [*STATIC, "/nothing", "/en/nothing", "/api/v1/nothing", "/f/nothing", "/a/nothing"])
def test_files_and_refusals_have_every_header(path):
    responses = [
        Client().get(path),
        Client().get(path, headers={"host": "evil.example"}),
        Client().generic("TRACE", path),
    ]

    found = [faults(each) for each in responses]
    for each in responses:
        each.close()
    assert found == [{}] * len(responses)


@pytest.mark.parametrize(
    ("name", "route"),
    [each for each in ROUTES if each[0].startswith(("staff:", "mfa_", "account_")) or "token>" in each[1]],
)
def test_staff_and_secret_pages_are_kept_by_nobody(values, name, route):
    path = address(route, values)

    for client in (Client(), signed_in(make_member())):
        response = client.get(path)
        assert response.status_code in (200, 302, 303, 403, 404, 405)
        if response.status_code < 400:
            assert "no-store" in response["Cache-Control"]


def test_open_data_is_open_to_every_site_and_nothing_else_is(values):
    readable = {path for path in OPEN if Client().get(path).get("Access-Control-Allow-Origin") == "*"}
    allowed = {name for name, route in ROUTES if "Access-Control-Allow-Origin" in Client().get(address(route, values))}

    assert readable == set(OPEN)
    assert allowed == {
        "api:list_answers", "api:read_answer", "api:list_objections", "api:read_objection", "api:read_figures",
        "api:read_deadlines", "api:openapi-json",
        "checkpoint", "shard-checkpoint", "tile", "shard-tile", "log-policy", "version", "versions", "answers-atom",
        "claimreview-feed", "withdrawn-feed",
    }  # fmt: skip


def test_verifier_runs_its_own_script_by_its_hash():
    policy = policy_of(Client().get("/en/log/verify"))

    assert re.fullmatch(r"'sha256-[\w+/]{43}='", policy["script-src"])
    assert re.fullmatch(r"'sha256-[\w+/]{43}='", policy["style-src"])


def test_signing_out_empties_the_browser():
    make_member("lan")
    client = Client()
    client.post("/en/staff/sign-in", {"username": "lan", "password": PASSWORD})

    response = client.post("/en/staff/sign-out")

    assert response["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert "no-store" in response["Cache-Control"]


IN_PRODUCTION = """
import django, sys
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.test import Client
call_command("migrate", verbosity=0)
from tests.factories import make_member
make_member("lan")
client = Client(headers={"host": "desk.example.org"})
answer = client.post("/en/staff/sign-in", {"username": "lan", "password": "correct horse battery"}, secure=True)
assert answer.status_code == 303, answer.status_code
client.get("/en/", secure=True)
for name, morsel in client.cookies.items():
    kept = [morsel[each] for each in ("secure", "httponly", "samesite", "path")]
    print("cookie", name, *kept, repr(morsel["domain"]))
print("hsts", client.get("/en/", secure=True)["Strict-Transport-Security"])
sent_on = client.get("/en/a?b=c", headers={"x-forwarded-proto": "http"}, secure=True)
print("http", sent_on.status_code, sent_on["Location"])
call_command("check", "--deploy", "--fail-level", "WARNING")
"""


def test_desk_in_production_sets_host_cookies_and_passes_the_check(tmp_path):
    """As an operator sets it up: an address with https, and nothing else."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SANGTO_")}
    environment |= {"SANGTO_HOME": str(tmp_path), "SANGTO_URL": "https://desk.example.org"}

    done = subprocess.run(
        [sys.executable, "-c", IN_PRODUCTION], env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    said = sorted(done.stdout.splitlines())
    assert [line for line in said if line.startswith("cookie")] == [
        "cookie __Host-csrf True True Lax / ''",
        "cookie __Host-session True True Lax / ''",
    ]
    assert "hsts max-age=31536000" in said
    assert "http 301 https://desk.example.org/en/a?b=c" in said
    assert "System check identified no issues (2 silenced)." in done.stdout + done.stderr


def test_what_is_silenced_is_about_names_that_are_not_ours(settings):
    from sangto.config.checks import WITHOUT_HTTPS

    assert {"security.W004", "security.W008", "security.W012", "security.W016"} == WITHOUT_HTTPS
    assert settings.SILENCED_SYSTEM_CHECKS == []
    assert send(LAMP).number
