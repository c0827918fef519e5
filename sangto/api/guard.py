"""What stands before every address under /api/v1: language, body limits, strict JSON, and errors in one shape."""

import functools
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.csrf import csrf_exempt

from sangto.api.errors import ApiError
from sangto.api.strict_json import load

logger = logging.getLogger(__name__)
View = Callable[..., HttpResponseBase]


def guarded(view: View) -> View:
    """The view behind the guard; it needs no CSRF token, since it reads no cookie."""

    @functools.wraps(view)
    def guarded_view(request: HttpRequest, *args: Any, **values: Any) -> HttpResponseBase:
        language = reader_language(request)
        with translation.override(language), _head_read_as_get(request):
            response = _answer(view, request, *args, **values)
        response["Content-Language"] = language
        patch_vary_headers(response, ["Accept-Language"])
        return response

    return csrf_exempt(guarded_view)


@contextmanager
def _head_read_as_get(request: HttpRequest) -> Iterator[None]:
    """What HEAD says is what GET would say; the body is left out by the program's outermost layer."""
    asked = request.method
    request.method = "GET" if asked == "HEAD" else asked
    try:
        yield
    finally:
        request.method = asked


def _answer(view: View, request: HttpRequest, *args: Any, **values: Any) -> HttpResponseBase:
    try:
        _check(request)
        response = view(request, *args, **values)
    except ApiError as error:
        return error.response
    except Http404:
        return ApiError("not_found").response
    if response.status_code == 405:
        refusal = ApiError("method_not_allowed").response
        allowed = {each.strip() for each in response["Allow"].split(",")}
        refusal["Allow"] = ", ".join(sorted(allowed | {"HEAD"} if "GET" in allowed else allowed))
        return refusal
    return response


def _check(request: HttpRequest) -> None:
    """Refuse a body that is too large, encoded, of another type, or no strict JSON object; and repeated parameters."""
    for name, given in request.GET.lists():
        if len(given) > 1:
            raise ApiError("repeated_parameter", field=name)
    if "Content-Encoding" in request.headers:
        raise ApiError("unsupported_encoding")
    body = _body(request)
    if body and request.content_type != "application/json":
        raise ApiError("unsupported_type")
    if body:
        load(body)


def _body(request: HttpRequest) -> bytes:
    try:
        return request.body
    except RequestDataTooBig as error:
        raise ApiError("too_large") from error


def reader_language(request: HttpRequest) -> str:
    """The first language of the Accept-Language header that the desk speaks, else its own."""
    known = dict(settings.LANGUAGES)
    for wanted, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        if wanted.split("-")[0] in known:
            return wanted.split("-")[0]
    return settings.LANGUAGE_CODE


def open_to_all(view: View) -> View:
    """The view with its response readable by pages of any site: public data only."""

    @functools.wraps(view)
    def open_view(request: HttpRequest, *args: Any, **values: Any) -> HttpResponseBase:
        response = view(request, *args, **values)
        response["Access-Control-Allow-Origin"] = "*"
        return response

    return open_view


@guarded
def nothing_here(request: HttpRequest) -> HttpResponse:
    raise Http404
