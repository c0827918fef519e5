"""What the tests of the public pages share."""

import pytest

from sangto.web.context import DEMO


@pytest.fixture(autouse=True)
def unknown_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether the desk is a demonstration is not remembered from one test to the next."""
    monkeypatch.setattr(DEMO, "seen", False)


@pytest.fixture(autouse=True)
def light_passwords(settings: object) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]
