"""What is said to a request that is refused before any view sees it: a page, or under /api the API's own shape."""

from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from sangto.api.errors import ApiError
from sangto.api.guard import reader_language
from sangto.web.views import errors

API = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The refusal in the form of the door that was knocked at."""
    if not request.path_info.startswith(API):
        return errors.bad_request(request, exception)
    language = reader_language(request)
    with translation.override(language):
        response = ApiError(_code(exception)).response
    response["Content-Language"] = language
    return response


def _code(exception: Exception) -> str:
    if isinstance(exception, DisallowedHost):
        return "bad_host"
    return "too_large" if isinstance(exception, RequestDataTooBig) else "bad_request"
