"""The page with which anybody checks a Receipt or an answer in their own browser, here or saved and without a network.

It is one file: style, script and policy stand in it, and its rules, sent and written into it, let it ask for nothing.
"""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from csp.constants import NONE
from csp.decorators import csp
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

STATIC = Path(__file__).resolve().parent.parent / "static" / "web"
STYLES = ("tokens.css", "base.css", "layout.css", "components.css", "verify.css")
SCRIPTS = tuple(
    f"js/verify/{part}.js"
    for part in (
        "bytes", "json", "notes", "policy", "proof", "records", "checks",
        "words-page", "words-checks", "words-reasons", "results", "page",
    )
)  # fmt: skip
FILE_NAME = "verify.html"
Rules = dict[str, list[str]]


class CspHash(NamedTuple):
    """The sources that allow exactly this page's script and style: `'sha256-…'`, quotes and all."""

    script: str
    style: str


class VerifyPage(NamedTuple):
    """The page as a file, and what a policy must allow for it to work."""

    html: str
    csp_hash: CspHash


def verify_page(policy_text: str) -> VerifyPage:
    """The page in the active language with a C2SP tlog-policy pinned in it.

    Raises ValueError for a policy that a script element cannot hold as it is, byte for byte: one with `<` or CR.
    """
    if "<" in policy_text or "\r" in policy_text:
        raise ValueError("a policy with '<' or a carriage return cannot be put into the page as it is")
    style, script = together(STYLES), together(SCRIPTS)
    csp_hash = CspHash(script=_source(script), style=_source(style))
    context = {
        "language": get_language() or settings.LANGUAGE_CODE,
        "desk_name": settings.DESK_NAME,
        "site_url": settings.SITE_URL,
        "icon": f"data:image/svg+xml;base64,{b64encode((STATIC / 'mark.svg').read_bytes()).decode()}",
        "rules": "; ".join(f"{name} {' '.join(sources)}" for name, sources in _rules(csp_hash).items()),
        "style": SafeString(style),
        "script": SafeString(script),
        "policy": SafeString(policy_text),
    }
    return VerifyPage(render_to_string("log/verify.html", context), csp_hash)


@require_safe
def verify(request: HttpRequest, policy_text: str) -> HttpResponseBase:
    """The page; with `?download` as a file to keep. Its rules take the place of the desk's, header and all."""
    page = verify_page(policy_text)
    response = HttpResponse(page.html)
    if "download" in request.GET:
        response["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return csp(_rules(page.csp_hash) | {"frame-ancestors": [NONE]})(lambda _: response)(request)


@cache
def together(names: tuple[str, ...]) -> str:
    """Files of the static folder as one text, in their order."""
    return "".join((STATIC / name).read_text(encoding="utf-8") for name in names)


def _rules(csp_hash: CspHash) -> Rules:
    """What the page may do, whether it came from the desk or was saved: run its own script, and nothing else."""
    return {
        "default-src": [NONE],
        "script-src": [csp_hash.script],
        "style-src": [csp_hash.style],
        "img-src": ["data:"],
        "connect-src": [NONE],
        "form-action": [NONE],
        "base-uri": [NONE],
    }


def _source(text: str) -> str:
    """The text's hash as a source of CSP level 2."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
