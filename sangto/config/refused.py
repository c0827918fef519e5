"""What is said to a request that no view could answer, in the form of the door that was knocked at.

A page for people, under /api the API's own shape, a line for programs that read the log or the feeds.
"""

import math
from collections.abc import Callable

from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation

from sangto.api.errors import STATUS, ApiError, later
from sangto.api.guard import reader_language
from sangto.desk.actions import no_room_for
from sangto.web.views import errors

API = "/api/"
PROGRAMS = ("/hooks/", "/feeds/", "/log/checkpoint", "/log/tile/", "/log/policy")
TEXT = "text/plain; charset=utf-8"
TOO_MANY = 429


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django found wrong with a request."""
    if not request.path_info.startswith(API):
        return errors.bad_request(request, exception)
    return _in_api_shape(request, lambda: ApiError(_code(exception)))


def unread(request: HttpRequest, code: str) -> HttpResponse:
    """A request whose body is not even read, for one of the API's codes."""
    if request.path_info.startswith(API):
        return _in_api_shape(request, lambda: ApiError(code))
    return errors.unread(request, status=STATUS.get(code, 400))


def too_many(request: HttpRequest, *, wait_s: float) -> HttpResponse:
    """The budget of this network is used up for `wait_s` seconds."""
    if request.path_info.startswith(API):
        response = _in_api_shape(request, lambda: ApiError("too_many"))
    elif request.path_info.startswith(PROGRAMS):
        response = HttpResponse("too many requests\n", status=TOO_MANY, content_type=TEXT)
    else:
        response = errors.too_many(request, wait_s=wait_s)
    response["Retry-After"] = str(math.ceil(wait_s))
    response["Cache-Control"] = "no-store"
    return response


class DatabaseAway:
    """Middleware: 503 with Retry-After in place of 500, where the database is locked, full or away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """What the views say."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The refusal in the form of the door that was knocked at; None for every other exception."""
        if not isinstance(exception, OperationalError | InterfaceError):
            return None
        refusal = no_room_for(exception)
        if request.path_info.startswith(API):
            return _in_api_shape(request, lambda: later(refusal))
        return errors.later(request, retry_after_s=refusal.retry_after_s)


def _in_api_shape(request: HttpRequest, error: Callable[[], ApiError]) -> HttpResponse:
    """The response of an error that is made while the reader's language is active."""
    language = reader_language(request)
    with translation.override(language):
        response: HttpResponse = error().response
    response["Content-Language"] = language
    return response


def _code(exception: Exception) -> str:
    if isinstance(exception, DisallowedHost):
        return "bad_host"
    return "too_large" if isinstance(exception, RequestDataTooBig) else "bad_request"
