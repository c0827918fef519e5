import pytest


@pytest.fixture(autouse=True)
def quick_passwords(settings) -> None:
    """What makes a real password slow to guess makes every test that enrols a Member slow."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
