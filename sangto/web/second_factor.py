"""Who must have a second factor has one before anything else; who decides on what everybody reads has just shown it."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from sangto.people.queries import may_anywhere, member_for
from sangto.people.rules import CONFIRMED_WITHIN, needs_second_factor
from sangto.web.context import DEMO

FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
# Where somebody without a second factor may go: to get one, to say that it is they, and out.
ON_THE_WAY = {
    "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
    "mfa_list_webauthn", "mfa_end_other_sign_ins", "mfa_end_sign_in", "staff:confirm", "staff:sign-in",
    "staff:sign-out",
}  # fmt: skip


class SecondFactor:
    """Middleware: a Member whose roles need a second factor sets one up first. A demonstration desk only offers it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _values: dict[str, Any]
    ) -> HttpResponse | None:
        """The way to the page where a second factor is set up, or None."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if not name.startswith(("staff:", "mfa_")) or name in ON_THE_WAY or not request.user.is_authenticated:
            return None
        member = member_for(request.user)
        if member is None or not may_anywhere(member, needs_second_factor):
            return None
        if is_mfa_enabled(request.user, FACTORS) or DEMO:
            return None
        return HttpResponseRedirect(f"{reverse('mfa_index')}?needed=1")


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the person has signed in or confirmed that it is they within the last five minutes."""
    records = get_authentication_records(request, request.user if request.user.is_authenticated else None)
    return bool(records) and time.time() - records[-1]["at"] < CONFIRMED_WITHIN.total_seconds()


def to_confirm(here: str) -> HttpResponse:
    """The way to the page that asks, which leads back."""
    return HttpResponseRedirect(f"{reverse('staff:confirm')}?{urlencode({'next': here})}")


def confirmed(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask before the view, unless the person has just shown that it is they; nothing is done until they come back."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **named: Any) -> HttpResponse:
        return view(request, *args, **named) if is_confirmed(request) else to_confirm(request.get_full_path())

    return asked
