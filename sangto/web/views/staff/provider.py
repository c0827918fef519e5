"""Signing in through an identity provider, and tying an account there to the Member who is signed in."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urljoin

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST, require_safe

from sangto.people.actions import CannotTie, tie_account, untie_accounts
from sangto.people.queries import member_by_account, member_for
from sangto.web.identity_provider import PROVIDER, Begun, Confirmed, ProviderError
from sangto.web.provider_wording import failure
from sangto.web.second_factor import confirmed
from sangto.web.views.staff.access import Member, SeeOther, member_required, private

KEPT = "provider"
BEGUN_FOR_S = 600
SIGN_IN, TIE = "sign-in", "tie"
STATUS = {"unreachable": 503, "bad_provider": 503, "denied": 403, "unknown": 403, "taken": 409}


def where_there_is_one(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """404 on a desk without an identity provider."""

    @wraps(view)
    def found(request: HttpRequest, **named: Any) -> HttpResponse:
        if not settings.OIDC_ISSUER:
            raise Http404
        return view(request, **named)

    return found


@private
@where_there_is_one
@require_safe
def provider_sign_in(request: HttpRequest) -> HttpResponse:
    """Off to the provider."""
    try:
        begun = PROVIDER.begin(back=back_address())
    except ProviderError as error:
        return failed(request, error.code)
    _keep(request, begun, purpose=SIGN_IN, then=_own_address(request, request.GET.get("next", "")))
    return HttpResponseRedirect(begun.address)


@member_required
@where_there_is_one
@confirmed
def tie(request: HttpRequest, *, member: Member) -> HttpResponse:
    """Ask first; then show the way to the provider, as a link: our forms lead nowhere else."""
    context = {"member": member, "provider_name": settings.OIDC_NAME}
    if request.method == "POST":
        try:
            begun = PROVIDER.begin(back=back_address())
        except ProviderError as error:
            return failed(request, error.code)
        _keep(request, begun, purpose=TIE, then=reverse("mfa_index"), user=str(request.user.pk))
        context["address"] = begun.address
    return render(request, "staff/tie_account.html", context)


@member_required
@require_POST
def untie(_request: HttpRequest, *, member: Member) -> HttpResponse:
    """Also where the provider is switched off by now."""
    untie_accounts(member, now=timezone.now())
    return SeeOther(f"{reverse('mfa_index')}?done=untied")


@private
@where_there_is_one
@require_GET
def provider_back(request: HttpRequest) -> HttpResponse:
    """The browser comes back: once for each time that it was sent, and within ten minutes."""
    kept = request.session.pop(KEPT, None)
    request.LANGUAGE_CODE = kept["lang"] if kept else translation.get_language_from_request(request)
    with translation.override(request.LANGUAGE_CODE):  # the provider knows one address, in the desk's own language
        if not kept or kept["state"] != request.GET.get("state") or time.time() - kept["at"] > BEGUN_FOR_S:
            return failed(request, "stale")
        if request.GET.get("iss", settings.OIDC_ISSUER) != settings.OIDC_ISSUER:  # RFC 9207
            return failed(request, "bad_token")
        if "error" in request.GET or not request.GET.get("code"):
            return failed(request, "denied")
        try:
            found = PROVIDER.finish(
                request.GET["code"], nonce=kept["nonce"], verifier=kept["verifier"], back=back_address()
            )
        except ProviderError as error:
            return failed(request, error.code)
        return _tied(request, found, kept) if kept["for"] == TIE else _signed_in(request, found, kept)


def back_address() -> str:
    """Where the provider leads back to: one address, whatever language somebody reads, to be registered there."""
    with translation.override(settings.LANGUAGE_CODE):
        return urljoin(settings.SITE_URL, reverse("provider_back"))


def failed(request: HttpRequest, code: str) -> HttpResponse:
    """Why it did not work, and the ways that are left. 400 is counted as a wrong try."""
    request.session.pop(KEPT, None)
    context = {"error": failure(code, settings.OIDC_NAME), "member": member_for(request.user)}
    return render(request, "staff/provider_failed.html", context, status=STATUS.get(code, 400))


def _signed_in(request: HttpRequest, found: Confirmed, kept: dict[str, Any]) -> HttpResponse:
    """Signed in as the Member whose account it is, after the second step where they have one."""
    member = member_by_account(found.issuer, found.subject)
    if member is None:
        return failed(request, "unknown")
    if request.user.is_authenticated and request.user.pk != member.user.pk:
        logout(request)  # who sat here before: what they proved must not be mixed with what is proved now
    trusted = found.acr in settings.OIDC_TRUSTED_ACR
    # A provider may let somebody through who proved it a week ago: without trust this counts as no fresh proof.
    asked_at = min(found.asked_at, time.time()) if trusted else 0.0
    record_authentication(request, member.user, method="oidc", at=asked_at)
    if trusted:
        get_adapter().login(request, member.user)
        return HttpResponseRedirect(kept["next"])
    response: HttpResponse = perform_login(request, Login(user=member.user, redirect_url=kept["next"]))
    return response


def _tied(request: HttpRequest, found: Confirmed, kept: dict[str, Any]) -> HttpResponse:
    member = member_for(request.user)
    if member is None or kept["user"] != str(request.user.pk):
        return failed(request, "stale")
    try:
        tie_account(member, issuer=found.issuer, subject=found.subject, now=timezone.now())
    except CannotTie as error:
        return failed(request, error.code)
    return HttpResponseRedirect(f"{kept['next']}?done=tied")


def _keep(request: HttpRequest, begun: Begun, *, purpose: str, then: str, user: str = "") -> None:
    request.session[KEPT] = {
        "state": begun.state,
        "nonce": begun.nonce,
        "verifier": begun.verifier,
        "for": purpose,
        "next": then,
        "user": user,
        "at": time.time(),
        "lang": translation.get_language() or settings.LANGUAGE_CODE,
    }
    if not request.user.is_authenticated:
        request.session.set_expiry(BEGUN_FOR_S)  # who never comes back leaves nothing behind for long


def _own_address(request: HttpRequest, wanted: str) -> str:
    is_own = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_own else reverse("staff:inbox")
