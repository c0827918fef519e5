"""The verifier page as it is sent: one file that allows itself its own script and nothing else."""

import hashlib
import re
from base64 import b64decode, b64encode

import pytest
from csp.middleware import CSPMiddleware
from django.http import HttpResponseBase
from django.test import RequestFactory
from django.utils.translation import override

from sangto.web.views import verify_page as module
from sangto.web.views.verify_page import verify, verify_page

POLICY = "# Thử\nlog answers.example.org/log/2026+00000000+AQ==\n\nquorum none\n"
NETWORK = (
    r"\bfetch\b|XMLHttpRequest|WebSocket|EventSource|sendBeacon|\bimport\b|RTCPeer|Worker|\.src\b|\.href\b|action="
)
WRITES_HTML = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function"


def sent(method: str = "get", query: str = "") -> HttpResponseBase:
    """The answer with the headers that the middleware puts on it."""
    request = getattr(RequestFactory(), method)(f"/log/verify{query}")
    return CSPMiddleware(lambda request: verify(request, POLICY))(request)


def inside(html: str, tag: str) -> list[str]:
    return re.findall(rf"<{tag}[^>]*>(.*?)</{tag}>", html, re.DOTALL)


def source(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def directives(header: str) -> dict[str, str]:
    return dict(each.strip().split(" ", 1) for each in header.split(";"))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_hashes_are_those_of_the_style_and_the_script(language):
    with override(language):
        html, csp_hash = verify_page(POLICY)

    policy, script = inside(html, "script")
    assert [csp_hash.style] == [source(each) for each in inside(html, "style")]
    assert csp_hash.script == source(script)
    assert policy == POLICY


def test_header_allows_the_page_itself_and_nothing_else():
    csp_hash = verify_page(POLICY).csp_hash

    assert directives(sent().headers["Content-Security-Policy"]) == {
        "default-src": "'none'",
        "script-src": csp_hash.script,
        "style-src": csp_hash.style,
        "img-src": "data:",
        "connect-src": "'none'",
        "form-action": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }


def test_saved_page_keeps_the_same_rules():
    html = verify_page(POLICY).html.replace("&#x27;", "'")
    (written,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]+)">', html)

    header = directives(sent().headers["Content-Security-Policy"])
    assert directives(written) == {name: rule for name, rule in header.items() if name != "frame-ancestors"}


def test_page_has_no_reference_to_anything_outside(settings):
    settings.SITE_URL = "https://answers.example.org"
    html = verify_page(POLICY).html
    mark = b64encode((module.STATIC / "mark.svg").read_bytes()).decode()
    icon = f"data:image/svg+xml;base64,{mark}"

    assert re.findall(r'\s(?:src|srcset|action|data|poster|ping)="([^"]*)"', html) == [icon]
    assert re.findall(r'\shref="([^"]*)"', html) == [icon, "https://answers.example.org", "?download"]
    assert re.findall(r"url\(|@import|<iframe|<object|<embed|<base|<link(?! rel=\"icon\")", html) == []
    assert re.findall(r"\sstyle=|\son\w+=\"|javascript:", html) == []
    assert b64decode(mark).count(b"href") == 0


def test_script_neither_calls_the_network_nor_writes_html():
    _policy, script = inside(verify_page(POLICY).html, "script")
    code = re.sub(r"^\s*//.*$", "", script, flags=re.MULTILINE)

    assert re.findall(NETWORK, code) == []
    assert re.findall(WRITES_HTML, code) == []


def test_what_the_last_test_looks_for_is_seen():
    assert re.findall(NETWORK, "await fetch(address); image.src = x") == ["fetch", ".src"]
    assert re.findall(WRITES_HTML, "box.innerHTML = text") == ["innerHTML"]


def test_every_part_of_the_script_is_in_the_page():
    parts = {f"js/verify/{path.name}" for path in (module.STATIC / "js" / "verify").iterdir()}

    assert set(module.SCRIPTS) == parts
    assert len(module.SCRIPTS) == len(parts)


def test_nothing_in_style_and_script_ends_them():
    text = module.together(module.STYLES) + module.together(module.SCRIPTS)

    assert re.findall(r"</|<!--|\r|\]\]>", text) == []


@pytest.mark.parametrize("policy", ["# </script><script>alert(1)</script>\nquorum none\n", "quorum none\r\n"])
def test_policy_that_the_page_cannot_hold_is_refused(policy):
    with pytest.raises(ValueError, match="policy"):
        verify_page(policy)


def test_desk_and_its_address_are_escaped(settings):
    settings.DESK_NAME = 'A"><script>alert(1)</script>'

    html = verify_page(POLICY).html

    assert "<script>alert(1)" not in html
    assert html.count("A&quot;&gt;&lt;script&gt;") == 3


@pytest.mark.parametrize("language", ["vi", "en"])
def test_page_starts_in_the_active_language(language):
    with override(language):
        html = sent().content.decode()

    assert f'<html lang="{language}">' in html


def test_page_without_script_names_the_command_line():
    with override("en"):
        html = sent().content.decode()

    assert "<title>Check a Receipt or an answer · Sáng Tỏ</title>" in html
    assert re.findall(r'id="needs-script">[^<]+python3 verify_desk.py receipt FILE</p>', html) != []


def test_page_can_be_downloaded_as_the_same_file():
    shown, saved = sent(), sent(query="?download")

    assert saved.headers["Content-Disposition"] == 'attachment; filename="verify.html"'
    assert "Content-Disposition" not in shown.headers
    assert saved.content == shown.content
    assert saved.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(("method", "status"), [("get", 200), ("head", 200), ("post", 405), ("put", 405)])
def test_page_is_only_read(method, status):
    assert sent(method).status_code == status
