"""What every page knows of the desk."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import get_language, get_language_info, override

from sangto.desk.queries.objections import objections_waiting
from sangto.desk.queries.requests import requests_waiting
from sangto.people import rules
from sangto.people.queries import first_code, member_for, roles_by_unit

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
        "may": SimpleLazyObject(lambda: May(request)),
    }


class May:
    """What the signed-in Member's roles allow in some Unit, asked once a page; nothing for everybody else."""

    def __init__(self, request: HttpRequest) -> None:
        self.member = member_for(request.user)
        held = roles_by_unit(self.member).values() if self.member else ()
        self.roles = sorted({role for roles in held for role in roles}, key=rules.ROLES.index)
        self.read_cases = any(rules.may_read_cases(each) for each in held)
        self.read_requests = any(rules.may_read_requests(each) for each in held)
        self.read_deeds = any(rules.may_read_deeds(each) for each in held)
        self.read_members = any(rules.may_read_members(each) for each in held)
        self.keep_templates = any(rules.may_keep_templates(each) for each in held)
        self.try_again = any(rules.may_try_again(each) for each in held)

    @cached_property
    def objections_open(self) -> int:
        """How many Objections wait for a decision, to Answers of Cases that the Member may read."""
        return objections_waiting(self.member) if self.member and self.read_cases else 0

    @cached_property
    def requests_waiting(self) -> int:
        """How many requests wait that the Member may read."""
        return requests_waiting(self.member) if self.member and self.read_requests else 0


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
