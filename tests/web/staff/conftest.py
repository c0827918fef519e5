from collections.abc import Iterator

import pytest
from django.utils.translation import override


@pytest.fixture(autouse=True)
def quick_passwords(settings) -> None:
    """What makes a real password slow to guess makes every test that enrols a Member slow."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def english(own_language) -> Iterator[None]:
    """The addresses that these tests ask for are those of the English pages."""
    with override("en"):
        yield
