"""The outermost layer keeps HTTP's promise about HEAD, whatever server is in front."""

from wsgiref.util import setup_testing_defaults

import pytest

from sangto.config.wsgi import application

pytestmark = pytest.mark.django_db


def call(method, path, host="localhost"):
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "HTTP_HOST": host}
    setup_testing_defaults(environ)
    said = []
    response = application(environ, lambda status, headers: said.append((status, dict(headers))))
    body = b"".join(response)
    response.close()
    ((status, headers),) = said
    return status, int(headers.get("Content-Length", len(body))), body


@pytest.mark.parametrize(
    ("path", "host"), [("/api/v1/answers", "localhost"), ("/nothing", "localhost"), ("/api/v1/answers", "evil.example")]
)
def test_head_has_the_length_of_get_and_no_body(path, host):
    read = call("GET", path, host)

    assert call("HEAD", path, host) == (*read[:2], b"")
    assert len(read[2]) == read[1]
