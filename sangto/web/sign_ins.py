"""Each open sign-in has a row that its Member sees; the session says on which day it began."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from allauth.account.authentication import get_authentication_records
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from sangto.people.actions import begin_sign_in, use_sign_in
from sangto.people.queries import member_for

BEGAN = "sign_in_began"
BY_TYPE = {"totp": "app", "webauthn": "passkey", "recovery_codes": "codes"}


def note_sign_in(request: HttpRequest) -> None:
    """Write the row of the sign-in that just succeeded; nothing for a login that is no Member."""
    member = member_for(request.user)
    if member is None or request.session.session_key is None:
        return
    records = get_authentication_records(request, request.user if request.user.is_authenticated else None)
    now, today = timezone.now(), timezone.localdate()
    shown = _shown(records[-1]) if records else "password"
    begin_sign_in(member, session_key=request.session.session_key, confirmed_by=shown, now=now, today=today)
    request.session[BEGAN] = today.isoformat()


def _shown(record: dict[str, Any]) -> str:
    if record.get("method") == "mfa":
        return BY_TYPE.get(str(record.get("type")), "app")
    return "provider" if record.get("method") == "oidc" else "password"


def last_day(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: marks the sign-in as used today. On the day on which it began that is known without asking.

    The session is only read: writing it would let it live longer.
    """

    def noted(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        session, today = request.session, timezone.localdate()
        if session.accessed and session.get(BEGAN, today.isoformat()) < today.isoformat() and session.session_key:
            with suppress(OperationalError, InterfaceError):  # the page is made: the next request marks the day
                use_sign_in(session_key=session.session_key, today=today)
        return response

    return noted
