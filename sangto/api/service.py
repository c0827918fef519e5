"""The API as one object: its routers, its OpenAPI document, and what it says to a request that does not fit."""

import logging
import traceback

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser

from sangto.api import answers, cases, deadlines, figures, messages, objections
from sangto.api.errors import ApiError, later
from sangto.api.strict_json import load
from sangto.desk.actions import no_room_for

logger = logging.getLogger(__name__)


class StrictParser(Parser):
    def parse_body(self, request: HttpRequest) -> dict[str, object]:
        return load(request.body)


api = NinjaAPI(
    title="Sáng Tỏ",
    version=settings.VERSION,
    description=(
        "A public answers desk. Anybody may send a message, follow it with its secret token, search the answers and"
        " read each with all its versions. Members work on cases with a token of their own.\n\nBodies are"
        " application/json in UTF-8, at most one megabyte, with no member twice and none that is unknown. Every error"
        " has the shape"
        ' {"error": {"code", "message"}}; docs/api/errors.md lists the codes.'
    ),
    docs_url=None,
    openapi_url="/openapi.json",
    parser=StrictParser(),
    urls_namespace="api",
)
api.add_router("", messages.router)
api.add_router("", answers.router)
api.add_router("", objections.router)
api.add_router("", figures.router)
api.add_router("", deadlines.router)
api.add_router("", cases.router)


@api.exception_handler(ApiError)
def say_refusal(request: HttpRequest, error: ApiError) -> HttpResponse:
    return error.response


@api.exception_handler(ValidationError)
def say_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first = error.errors[0]
    # ("body", name of the argument, member, ...): a reader knows the member.
    where = [str(part) for part in first["loc"]]
    inside = where[2:] if where[0] == "body" else where[1:]
    return ApiError(_code(str(first["type"])), field=".".join(inside) or where[0]).response


def _code(kind: str) -> str:
    if kind in ("missing", "extra_forbidden"):
        return {"missing": "missing_field", "extra_forbidden": "unknown_field"}[kind]
    return "wrong_type" if kind.endswith(("_type", "_parsing")) else "bad_value"


@api.exception_handler(AuthenticationError)
def say_unsigned(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    response = ApiError("not_signed_in").response
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(Http404)
def say_nothing_here(request: HttpRequest, error: Http404) -> HttpResponse:
    return ApiError("not_found").response


@api.exception_handler(HttpError)
def say_unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return ApiError("bad_json", status=error.status_code).response


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def say_later(request: HttpRequest, error: Exception) -> HttpResponse:
    return later(no_room_for(error)).response


@api.exception_handler(Exception)
def say_broken(request: HttpRequest, error: Exception) -> HttpResponse:
    # The kind and the place, but neither the exception's words nor the address: both can hold what somebody sent.
    where = "".join(traceback.format_tb(error.__traceback__))
    logger.error("a request failed: %s\n%s", type(error).__name__, where)
    return ApiError("server_error").response
