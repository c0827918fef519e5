"""A request that Django itself refuses is told so in the form of the door that it knocked at."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/api/v1/answers", "/api/v1/nothing"])
def test_forged_host_is_refused_in_the_shape_of_the_api(path):
    response = Client().get(path, headers={"host": "evil.example", "accept-language": "en"})

    error = {"code": "bad_host", "message": "This desk does not answer under that host name."}
    assert (response.status_code, response.json()) == (400, {"error": error})
    assert (response["Content-Language"], response["Cache-Control"]) == ("en", "no-store")


def test_request_that_cannot_be_read_is_refused_in_the_shape_of_the_api():
    query = "&".join(f"n{n}=1" for n in range(1001))

    response = Client().get(f"/api/v1/answers?{query}")

    assert (response.status_code, response.json()["error"]["code"]) == (400, "bad_request")


def test_forged_host_of_a_page_is_told_on_a_page():
    response = Client().get("/", headers={"host": "evil.example"})

    assert (response.status_code, response["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert "evil.example" not in response.content.decode()
