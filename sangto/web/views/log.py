"""The log in plain words, and the two ways to check it oneself."""

from importlib.resources import files

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sangto.ledger import queries
from sangto.vault.queries import sealed_again
from sangto.web.views import verify_page

MARK = 'PINNED_POLICY = ""'


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    standing = queries.standing()
    context = {"log": standing, "open_count": standing.received - standing.ended, "trouble": queries.trouble()}
    context |= {"sealed_again": sealed_again()}
    return render(request, "log/log.html", context)


@require_safe
def verify(request: HttpRequest) -> HttpResponseBase:
    """The page that checks a receipt with nobody's help, with this desk's keys in it."""
    return verify_page.verify(request, queries.policy_text())


@require_safe
def verifier(request: HttpRequest) -> HttpResponse:
    """The verifier, one file, with this desk's keys pinned in it."""
    source = files("sangto.ledger").joinpath("verify_desk.py").read_text()
    if source.count(MARK) != 1:
        raise RuntimeError("the verifier has no one place for a policy")
    pinned = source.replace(MARK, f"PINNED_POLICY = {queries.policy_text()!r}")
    response = HttpResponse(pinned, content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="verify_desk.py"'
    return response
