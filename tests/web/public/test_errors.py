"""Pages for what went wrong."""

import pytest
from django.test import Client

from sangto.web.views import public

pytestmark = pytest.mark.django_db


def test_unknown_page_leads_on(client):
    response = client.get("/en/nothing/here")

    assert response.status_code == 404
    assert "This page is not here" in response.content.decode()


def test_unknown_page_offers_the_home_page_in_the_other_language(client):
    assert '<a href="/" lang="vi" hreflang="vi">' in client.get("/en/nothing/here").content.decode()


def test_unknown_host_is_a_plain_refusal(client):
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def test_broken_page_says_whose_fault_it_is(monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(public, "latest_answers", broken)

    response = Client(raise_request_exception=False).get("/en/")

    assert response.status_code == 500
    assert "Something broke on our side" in response.content.decode()


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client, method):
    assert getattr(client, method)("/en/answers").status_code == 405
