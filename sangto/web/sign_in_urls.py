"""Where people sign in, and with what. The names are those of allauth, which leads from one to another."""

from django.urls import path

from sangto.web.views.staff import security
from sangto.web.views.staff.sign_in import SignIn

urlpatterns = [
    path("sign-in", SignIn.as_view(), name="account_login"),
    path("sign-in/second-step", security.second_step, name="mfa_authenticate"),
    path("sign-in/passkey", security.passkey_sign_in, name="mfa_login_webauthn"),
    path("security", security.security, name="mfa_index"),
    path("security/app", security.add_totp, name="mfa_activate_totp"),
    path("security/app/take-away", security.remove_totp, name="mfa_deactivate_totp"),
    path("security/passkeys", security.security, name="mfa_list_webauthn"),
    path("security/passkeys/add", security.add_passkey, name="mfa_add_webauthn"),
    path("security/passkeys/<int:pk>/take-away", security.remove_passkey, name="mfa_remove_webauthn"),
    path("security/codes", security.see_codes, name="mfa_view_recovery_codes"),
    path("security/codes/make", security.make_codes, name="mfa_generate_recovery_codes"),
]
