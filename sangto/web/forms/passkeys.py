"""What a passkey answered, read by allauth; what is no such answer is refused like a wrong one."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)

# What reading an answer that no browser sent can raise: members that are missing, of another type, or no CBOR.
NO_ANSWER = (KeyError, TypeError, ValueError, AttributeError, IndexError, AssertionError)


class AddPasskey(AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey."""

    def clean(self) -> dict[str, Any]:
        """The answer, or a validation error."""
        try:
            cleaned: dict[str, Any] = super().clean()
        except NO_ANSWER as error:
            raise get_adapter().validation_error("incorrect_code") from error
        return cleaned


class Answered:
    """A form that reads what a passkey answered."""

    def clean_credential(self) -> Any:
        """The passkey that answered, or a validation error."""
        try:
            return super().clean_credential()  # type: ignore[misc]
        except NO_ANSWER as error:
            raise get_adapter().validation_error("incorrect_code") from error


class ShowPasskey(Answered, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey as the second step."""


class SignInWithPasskey(Answered, LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey alone."""


class ConfirmWithPasskey(Answered, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey that says once more who it is."""
