"""A client that speaks JSON, at the addresses of this door alone."""

import json
from typing import Any

import pytest
from django.test import Client


@pytest.fixture(autouse=True)
def own_addresses(settings: Any) -> None:
    """The other doors may be broken without breaking these tests."""
    settings.ROOT_URLCONF = "sangto.api.urls"
    settings.SITE_URL = "https://desk.example"
    settings.DESK_NAME = "Phường Sông Xanh"


class Caller:
    def __init__(self, client: Client) -> None:
        self.client = client
        self.headers: dict[str, str] = {}

    def get(self, path: str, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.get(path, headers={**self.headers, **named})

    def send(self, path: str, body: Any = None, *, method: str = "post", **headers: str) -> Any:
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        named = {**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self.client.generic(method.upper(), path, data, "application/json", headers=named)


@pytest.fixture
def caller() -> Caller:
    return Caller(Client(enforce_csrf_checks=True))
