"""Pages for what went wrong; each says what to do next."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from sangto.web.forms.public import asked_in
from sangto.web.views.public import ask_box


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    too_big = isinstance(exception, RequestDataTooBig)
    return render(request, "400.html", {"too_big": too_big}, status=413 if too_big else 400)


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
