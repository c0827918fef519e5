"""How a Member signs in: the second step, passkeys, an app, recovery codes; and the question whether it is they."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base.forms import ReauthenticateForm
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn.internal.auth import begin_authentication
from allauth.mfa.webauthn.views import AddWebAuthnView, LoginWebAuthnView, RemoveWebAuthnView
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from sangto.people.actions import use_factor
from sangto.people.queries import account_tied, key_of, sign_ins_of
from sangto.web.forms.passkeys import ConfirmWithPasskey
from sangto.web.provider_wording import SECURITY_DONE
from sangto.web.second_factor import FACTORS, confirmed
from sangto.web.staff_wording import CONFIRMING, NO_PASSKEY
from sangto.web.views.staff.access import Member, MemberView, SeeOther, member_required, private
from sangto.web.views.staff.sign_in import SignIn

KINDS = {"totp": "totp", "webauthn": "passkeys", "recovery_codes": "codes"}


def for_members(view: Any) -> MemberView:
    """A page of allauth for members alone, who have just shown that it is they."""

    @member_required
    @confirmed
    def page(request: HttpRequest, *, member: Member, **named: Any) -> HttpResponse:
        response: HttpResponse = view(request, **named)
        return response

    return page


@member_required
def security(request: HttpRequest, *, member: Member) -> HttpResponse:
    rows = list(Authenticator.objects.filter(user=member.user).order_by("pk"))
    by_kind = {name: [row for row in rows if row.type == kind] for kind, name in KINDS.items()}
    codes = by_kind["codes"][0].wrap().get_unused_codes() if by_kind["codes"] else []
    context = {
        "member": member,
        "totp": by_kind["totp"],
        "passkeys": [{"pk": row.pk, "name": row.wrap().name, "row": row} for row in by_kind["passkeys"]],
        "codes_left": len(codes),
        "needed": "needed" in request.GET and not is_mfa_enabled(member.user, FACTORS),
        "done": SECURITY_DONE.get(request.GET.get("done", ""), ""),
        "provider_name": settings.OIDC_NAME,
        "has_provider": bool(settings.OIDC_ISSUER),
        "account": account_tied(member, settings.OIDC_ISSUER),
        "sign_ins": sign_ins_of(member, now=timezone.now()),
        "this_one": key_of(request.session.session_key or ""),
    }
    return render(request, "staff/security.html", context)


class SecondStep(AuthenticateView):  # type: ignore[misc]
    """After the password: a code, a recovery code or a passkey."""

    template_name = "staff/second_step.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        """The page again; 400, so that the network's guesses are counted."""
        response: HttpResponse = super().form_invalid(form)
        response.status_code = 400
        return response


class PasskeySignIn(LoginWebAuthnView):  # type: ignore[misc]
    """Signing in with a passkey alone."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """The sign-in page, which says that it did not work."""
        page = SignIn(request=self.request, args=(), kwargs={})
        context = page.get_context_data(form=page.get_form_class()(self.request), passkey_error=NO_PASSKEY)
        response: HttpResponse = page.render_to_response(context, status=400)
        return response


@member_required
def confirm(request: HttpRequest, *, member: Member) -> HttpResponse:
    """Ask for the password, a code or a passkey, then lead back to what was being done."""
    back = request.POST.get("next") or request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = reverse("staff:inbox")
    error = ""
    if request.method == "POST":
        error = _not_confirmed(request, member)
        if not error:
            return SeeOther(back)
    context = {
        "member": member,
        "next": back,
        "error": CONFIRMING[error] if error else "",
        "has_password": member.user.has_usable_password(),
        "has_codes": is_mfa_enabled(member.user, ["totp", "recovery_codes"]),
        "js_data": _passkeys_wanted(request, member),
    }
    return render(request, "staff/confirm.html", context, status=400 if error else 200)


def _not_confirmed(request: HttpRequest, member: Member) -> str:
    """Which of the ways did not fit; empty when one did."""
    for name, form_class in (("credential", ConfirmWithPasskey), ("code", ReauthenticateForm)):
        if request.POST.get(name):
            form = form_class(user=member.user, data=request.POST)
            if not form.is_valid():
                return name
            use_factor(form)
            return ""
    if not member.user.check_password(request.POST.get("password", "")):
        return "password"
    record_authentication(request, member.user, method="password", reauthenticated=True)
    return ""


def _passkeys_wanted(request: HttpRequest, member: Member) -> Any:
    if not is_mfa_enabled(member.user, ["webauthn"]):
        return None
    return {"request_options": begin_authentication(member.user)}


second_step = private(SecondStep.as_view())
passkey_sign_in = private(PasskeySignIn.as_view())
add_totp = for_members(ActivateTOTPView.as_view(template_name="staff/add_totp.html"))
remove_totp = for_members(DeactivateTOTPView.as_view(template_name="staff/remove_factor.html"))
add_passkey = for_members(AddWebAuthnView.as_view(template_name="staff/add_passkey.html"))
remove_passkey = for_members(RemoveWebAuthnView.as_view(template_name="staff/remove_factor.html"))
see_codes = for_members(ViewRecoveryCodesView.as_view(template_name="staff/codes.html"))
make_codes = for_members(GenerateRecoveryCodesView.as_view(template_name="staff/make_codes.html"))
