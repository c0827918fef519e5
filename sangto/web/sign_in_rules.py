"""How django-allauth signs people in here: nobody signs up, nothing is asked twice, secrets are sealed."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from sangto.web.sign_ins import note_sign_in


class NobodySignsUp(DefaultAccountAdapter):  # type: ignore[misc]
    """A Member is invited or enrolled; no page makes a login."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign in, and keep a row of it for the Member."""
        request.session.set_expiry(None)  # it may have begun as a stranger's on the way to a provider
        super().login(request, user)
        note_sign_in(request)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Never by allauth, which would keep the whole request in the session: our views ask before."""
        return False


class SealedSecrets(DefaultMFAAdapter):  # type: ignore[misc]
    """What authenticator apps and recovery codes are made from, sealed under the desk's secret key."""

    def encrypt(self, text: str) -> str:
        """The text, sealed."""
        return _key().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The text; where the secret key is another one by now, a fresh key that no code fits: the person is reset."""
        try:
            return _key().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(Fernet.generate_key()[:20]).decode()


def _key() -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"sangto second factor v1")
    return Fernet(base64.urlsafe_b64encode(derived.derive(settings.SECRET_KEY.encode())))
