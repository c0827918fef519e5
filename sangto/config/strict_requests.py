"""Requests that no honest program sends, refused before anything reads them: methods, lengths, encodings, repetitions.

The hooks look after themselves: what is authentic must be answered 200, or it comes back for ever. So does what is
asked while somebody types, which must never disturb them.
"""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase

from sangto.config.refused import unread

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
LOOK_AFTER_THEMSELVES = ("channels:hook", "suggest")
READ_JSON = "api:"
# Fields that may come more than once: what is chosen on a Case. The ask form says itself which of its came twice.
SEVERAL = {"message", "highlight", "case", "tick"}
ASK = "ask"
UPLOAD = "staff:upload-copy"  # the one form with a file in it
BESIDE_THE_FILE = 1 << 16  # bytes
_NESTED = re.compile(rb"^content-type:\s*multipart/", re.IGNORECASE | re.MULTILINE)


class StrictRequests:
    """Middleware: 400, 405, 411, 413 or 415 for what the desk does not read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The response, or the refusal that stands in the place of the view's."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _values: dict[str, Any]
    ) -> HttpResponse | None:
        """The refusal, or None for a request that its view may read."""
        assert request.resolver_match is not None  # noqa: S101 - there is a view
        name = request.resolver_match.view_name
        if name in LOOK_AFTER_THEMSELVES:
            return None
        is_page = not name.startswith(READ_JSON)
        if is_page and request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        code = _length_fault(request, limit=_limit(request, name)) or (_form_fault(request, name) if is_page else "")
        return unread(request, code) if code else None


def _limit(request: HttpRequest, name: str) -> int:
    """The bytes that a body may have: for who is signed in and uploads, as many as a file may have."""
    if name == UPLOAD and request.user.is_authenticated:
        return settings.COPY_MAX_MB * (1 << 20) + BESIDE_THE_FILE
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def _length_fault(request: HttpRequest, *, limit: int) -> str:
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length:
        return "no_length" if "Transfer-Encoding" in request.headers else ""
    if not (length.isascii() and length.isdigit()):
        return "bad_request"
    return "too_large" if len(length) > len(str(limit)) or int(length) > limit else ""


def _form_fault(request: HttpRequest, name: str) -> str:
    if "Content-Encoding" in request.headers:
        return "unsupported_encoding"
    if _repeats(request.GET.lists()):
        return "bad_request"
    if request.method != "POST" or not int(request.META.get("CONTENT_LENGTH") or 0):
        return ""
    if request.content_type not in FORMS:
        return "unsupported_type"
    if request.content_type == FORMS[1] and name != UPLOAD and not _is_plain(request.body):
        return "bad_request"
    several = _repeats(request.POST.lists()) and name != ASK or _repeats(request.FILES.lists())
    return "bad_request" if several else ""


def _is_plain(body: bytes) -> bool:
    """Whether a multipart form holds texts only, and no form within the form: there are no files to send there."""
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return not _NESTED.search(body)


def _repeats(fields: Any) -> bool:
    return any(len(values) > 1 for name, values in fields if name not in SEVERAL)
