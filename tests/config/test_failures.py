"""A failed request leaves its kind and its place in the log, and nothing that was sent."""

import logging

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from sangto.config.failures import OnlyKindAndPlace


def fails(request, token):
    raise ValueError(token)


def handler500(request):
    return HttpResponse(status=500)


urlpatterns = [path("f/<token>", fails)]


@pytest.mark.urls(__name__)
def test_failed_request_is_logged_without_path_or_words(caplog):
    logger, only_place = logging.getLogger("django.request"), OnlyKindAndPlace()
    caplog.handler.addFilter(only_place)
    logger.addHandler(caplog.handler)
    try:
        answer = Client(raise_request_exception=False).get("/f/secret-token")
    finally:
        logger.removeHandler(caplog.handler)
        caplog.handler.removeFilter(only_place)

    assert answer.status_code == 500
    assert "ValueError" in caplog.text
    assert "test_failures.py" in caplog.text
    assert "secret-token" not in caplog.text


def test_every_handler_of_failed_requests_strips_them(settings):
    logger = settings.LOGGING["loggers"]["django.request"]

    assert logger["propagate"] is False
    assert [settings.LOGGING["handlers"][name]["filters"] for name in logger["handlers"]] == [["place"]]


@pytest.mark.parametrize(("status", "kept"), [(500, True), (501, True), (503, False)])
def test_refusal_for_lack_of_room_is_no_failure(status, kept):
    record = logging.makeLogRecord({"msg": "%s", "args": ("/f/secret-token",), "status_code": status})

    assert OnlyKindAndPlace().filter(record) is kept
