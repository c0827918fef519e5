"""A real server with our options: whoever sends slowly or lies about a length is cut off, and nobody waits for them."""

import pytest

from tests.hostile.line import dripping, end_of, said, served

BODY = b"fine"
GOOD = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"


def application(environ, start_response):
    environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Length", str(len(BODY)))])
    return [BODY]


@pytest.mark.parametrize(
    "begun",
    [
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nx",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\nx",
        b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ",
    ],
)
def test_dripping_request_is_cut_off_while_others_are_served(begun):
    with served(application, channel_timeout=1, cleanup_interval=1) as port, dripping(port, begun) as slow:
        meanwhile = said(port, GOOD)
        end = end_of(slow)

    assert meanwhile.endswith(BODY)
    assert end == b""


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\nz\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"400"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", b"501"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000000\r\n\r\n", b"413"),
    ],
)
def test_lie_about_a_length_is_refused_by_the_server(request_, status):
    with served(application) as port:
        answer, next_one = said(port, request_), said(port, GOOD)

    assert answer.split(b" ")[1] == status
    assert next_one.endswith(BODY)


def test_whole_request_in_two_parts_is_served():
    with served(application, channel_timeout=5, cleanup_interval=1) as port:
        answer = said(port, b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 4\r\n\r\nab", b"cd")

    assert answer.endswith(BODY)
