"""Pages for what went wrong; each says what to do next."""

import math

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext

from sangto.web.forms.public import asked_in
from sangto.web.views.follow import is_htmx, secret
from sangto.web.views.public import ask_box


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return unread(request, status=413 if isinstance(exception, RequestDataTooBig) else 400)


def unread(request: HttpRequest, *, status: int) -> HttpResponse:
    """A request that was not read, and what to do: 413 where it is too large."""
    return render(request, "400.html", {"too_big": status == 413}, status=status)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)


def later(request: HttpRequest, *, retry_after_s: int) -> HttpResponse:
    """The page asks the database for nothing: it is what cannot be asked."""
    response = render(request, "503.html", status=503)
    response["Retry-After"], response["Cache-Control"] = str(retry_after_s), "no-store"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form was too old or came from elsewhere: what was typed is given back, ready to be sent again."""
    asking = request.path == reverse("ask")
    context = ask_box(asked_in(request)) if asking else {}
    response = render(request, "public/csrf.html", context, status=403)
    response["Cache-Control"] = "no-store"
    return response


def too_many(request: HttpRequest, *, wait_s: float) -> HttpResponse:
    """Too much came from this network: what was typed is given back, and while somebody types nothing is disturbed."""
    if request.path == reverse("suggest"):
        return HttpResponse(status=429, headers={"HX-Reswap": "none"})
    minutes = math.ceil(wait_s / 60)
    error = ngettext(
        "A great deal came from your network just now. Your text is still here: send it again in %(minutes)s minute.",
        "A great deal came from your network just now. Your text is still here: send it again in %(minutes)s minutes.",
        minutes,
    ) % {"minutes": minutes}
    if request.path == reverse("ask") and request.method == "POST":
        template = "public/_ask.html" if is_htmx(request) else "public/ask.html"
        return secret(render(request, template, ask_box(asked_in(request), error=error), status=429))
    return render(request, "429.html", {"minutes": minutes}, status=429)
