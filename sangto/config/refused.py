"""What is said to a request that no view could answer: a page, or under /api the API's own shape."""

from collections.abc import Callable

from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation

from sangto.api.errors import ApiError, later
from sangto.api.guard import reader_language
from sangto.desk.actions import no_room_for
from sangto.web.views import errors

API = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The refusal in the form of the door that was knocked at."""
    if not request.path_info.startswith(API):
        return errors.bad_request(request, exception)
    with translation.override(reader_language(request)):
        return _in_language(ApiError(_code(exception)))


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
            with translation.override(reader_language(request)):
                return _in_language(later(refusal))
        return errors.later(request, retry_after_s=refusal.retry_after_s)


def _in_language(error: ApiError) -> HttpResponse:
    response = error.response
    response["Content-Language"] = translation.get_language() or ""
    return response


def _code(exception: Exception) -> str:
    if isinstance(exception, DisallowedHost):
        return "bad_host"
    return "too_large" if isinstance(exception, RequestDataTooBig) else "bad_request"
