"""Where people sign in, and with what. The names are those of allauth, which leads from one to another."""

from django.urls import path

from sangto.web.views.staff import provider, security, sign_ins
from sangto.web.views.staff.sign_in import SignIn

urlpatterns = [
    path("sign-in", SignIn.as_view(), name="account_login"),
    path("sign-in/second-step", security.second_step, name="mfa_authenticate"),
    path("sign-in/passkey", security.passkey_sign_in, name="mfa_login_webauthn"),
    path("sign-in/provider", provider.provider_sign_in, name="provider_sign_in"),
    path("sign-in/provider/back", provider.provider_back, name="provider_back"),
    path("security", security.security, name="mfa_index"),
    path("security/account", provider.tie, name="mfa_tie_account"),
    path("security/account/take-away", provider.untie, name="mfa_untie_account"),
    path("security/sign-ins/end-others", sign_ins.end_others, name="mfa_end_other_sign_ins"),
    path("security/sign-ins/<int:pk>/end", sign_ins.end, name="mfa_end_sign_in"),
    path("security/sign-ins/<int:pk>/name", sign_ins.name, name="mfa_name_sign_in"),
    path("security/app", security.add_totp, name="mfa_activate_totp"),
    path("security/app/take-away", security.remove_totp, name="mfa_deactivate_totp"),
    path("security/passkeys", security.security, name="mfa_list_webauthn"),
    path("security/passkeys/add", security.add_passkey, name="mfa_add_webauthn"),
    path("security/passkeys/<int:pk>/take-away", security.remove_passkey, name="mfa_remove_webauthn"),
    path("security/codes", security.see_codes, name="mfa_view_recovery_codes"),
    path("security/codes/make", security.make_codes, name="mfa_generate_recovery_codes"),
]
