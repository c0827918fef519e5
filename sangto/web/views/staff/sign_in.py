from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from sangto.web.forms.staff import SignInForm
from sangto.web.views.staff.access import SeeOther, private

CLEAR = '"cache", "cookies", "storage"'


@method_decorator(private, name="dispatch")
class SignIn(LoginView):
    authentication_form = SignInForm
    template_name = "staff/sign_in.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        provider_name = settings.OIDC_NAME if settings.OIDC_ISSUER else ""
        return super().get_context_data(**more, provider_name=provider_name)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        if self.request.user.is_authenticated and self.request.user.pk != form.get_user().pk:
            logout(self.request)  # who sat here before: what they proved must not be mixed with what is proved now
        login = Login(user=form.get_user(), redirect_url=self.get_success_url())
        return SeeOther(perform_password_login(self.request, {}, login).url)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=400)


@private
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    response = SeeOther(resolve_url(settings.LOGOUT_REDIRECT_URL))
    response["Clear-Site-Data"] = CLEAR
    return response
