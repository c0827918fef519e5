"""What every page knows of the desk."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, get_language_info, override

from sangto.desk.queries.objections import objections_in
from sangto.desk.queries.requests import requests_waiting
from sangto.people.queries import first_code

DEMO_UNIT = "demo"


class Demo:
    """Whether this desk shows demonstration data; once seen, it is not asked again in this process."""

    seen = False

    def __bool__(self) -> bool:
        if not self.seen:
            with suppress(DatabaseError):  # a page that says that the database is away has to come without it
                self.seen = first_code() == DEMO_UNIT
        return self.seen


DEMO = Demo()


def desk(request: HttpRequest) -> dict[str, Any]:
    """The desk's name and address, this page in the other languages; what the staff pages ask."""
    return {
        "desk_name": settings.DESK_NAME,
        "site_url": settings.SITE_URL,
        "other_languages": SimpleLazyObject(lambda: other_languages(request)),
        "is_demo": SimpleLazyObject(lambda: bool(DEMO)),
        "requests_waiting": SimpleLazyObject(requests_waiting),
        "objections_open": SimpleLazyObject(lambda: objections_in("open").count()),
    }


def other_languages(request: HttpRequest) -> list[dict[str, str]]:
    """Each other language with this page's address in it, or the home page's where the page cannot be asked for."""
    here = request.get_full_path() if request.method == "GET" and request.resolver_match else ""
    codes = [code for code, _ in settings.LANGUAGES if code != get_language()]
    return [
        {"code": code, "name": get_language_info(code)["name_local"], "url": _in_language(here, code)} for code in codes
    ]


def _in_language(here: str, code: str) -> str:
    if here:
        return translate_url(here, code)
    with override(code):
        return reverse("home")
