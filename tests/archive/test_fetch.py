"""The fetcher before servers of every kind. The name system is the test's own, so that every guard is the real one."""

import gzip
import os
import socket
import ssl

import pytest

from sangto.archive import wire
from sangto.archive.fetch import MOST_REDIRECTS, fetch
from sangto.archive.wire import FetchError
from tests.archive.site import HOST, PUBLIC, Site, answer, certificate, drop_by_drop, moved

URL = f"http://{HOST}/"
INSIDE = (
    "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fe80::1%lo", "fd00:ec2::254", "ff02::1",
)  # fmt: skip
GUARDED_REDIRECTS = {
    "http://127.0.0.1/": "bad_host",
    "http://2130706433/": "bad_host",
    "http://[::1]/": "bad_host",
    "//localhost/x": "bad_host",
    "http://inside.gov.vn/": "not_public",
    "http://a@moh.gov.vn/": "has_login",
    "http://moh.gov.vn:8080/": "bad_port",
    "file:///etc/passwd": "bad_scheme",
    "gopher://moh.gov.vn/": "bad_scheme",
    "https://elsewhere.example.org/": "not_on_list",
    "https://www.facebook.com/somebody": "people_page",
    "http://[": "bad_address",
    "/a b": "bad_address",
}


@pytest.fixture
def site():
    site = Site()
    yield site
    site.close()


def fetched(site, url=URL, *, hosts=("gov.vn",), limit_bytes=100_000, limit_s=5.0, **more):
    return fetch(
        url, hosts=hosts, agent="sangto/1 (+https://desk.example/)", limit_bytes=limit_bytes, limit_s=limit_s,
        wire=more.get("wire") or site.wire(),
    )  # fmt: skip


def refusal(site, url=URL, **more) -> tuple[str, bool]:
    with pytest.raises(FetchError) as refused:
        fetched(site, url, **more)
    return refused.value.code, refused.value.permanent


def test_page_is_fetched_as_it_went_over_the_wire(site):
    site.pages["/tin?a=1"] = answer(Set_Cookie="a=b")

    (hop,) = fetched(site, f"http://{HOST}/tin?a=1#x")

    assert (hop.url, hop.address, hop.status) == (f"http://{HOST}/tin?a=1", PUBLIC, 200)
    assert hop.response == site.pages["/tin?a=1"]
    assert hop.request == site.asked[0]
    assert site.connected == [(PUBLIC, 80)]


def test_request_names_the_desk_and_nothing_else(site, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1/")
    site.pages |= {"/": moved("/next"), "/next": answer(Set_Cookie="a=b")}

    fetched(site)

    assert [request.decode() for request in site.asked] == [
        f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nUser-Agent: sangto/1 (+https://desk.example/)\r\nAccept: */*\r\n"
        "Accept-Encoding: identity\r\nConnection: close\r\n\r\n"
        for path in ("/", "/next")
    ]


@pytest.mark.parametrize("address", INSIDE)
def test_host_that_leads_inside_is_never_connected_to(site, address):
    site.names[HOST] = [address]

    assert refusal(site) == ("not_public", True)
    assert site.connected == []


@pytest.mark.parametrize("address", INSIDE)
def test_one_inner_address_among_public_ones_is_enough(site, address):
    site.names[HOST] = [PUBLIC, address]

    assert refusal(site) == ("not_public", True)
    assert site.connected == []


def test_name_that_changes_its_mind_is_asked_once(site):
    """DNS rebinding: public when it is checked, inside when it is connected to."""
    told = iter([[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]])
    site.names[HOST] = lambda: next(told)
    site.pages["/"] = answer()

    fetched(site)

    assert site.looked_up == [HOST]
    assert site.connected == [(PUBLIC, 80)]


def test_name_that_changes_its_mind_on_the_way_is_refused(site):
    told = iter([[PUBLIC], ["169.254.169.254"]])
    site.names[HOST] = lambda: next(told)
    site.pages["/"] = moved("/latest/meta-data")

    assert refusal(site) == ("not_public", True)
    assert site.connected == [(PUBLIC, 80)]


@pytest.mark.parametrize("to", GUARDED_REDIRECTS)
def test_redirect_is_checked_anew(site, to):
    site.names["inside.gov.vn"] = ["10.0.0.7"]
    site.pages["/"] = moved(to)

    assert refusal(site) == (GUARDED_REDIRECTS[to], True)
    assert len(site.connected) == 1


@pytest.mark.parametrize("status", ["301 X", "302 X", "303 X", "307 X", "308 X"])
def test_redirects_are_followed_and_kept(site, status):
    site.pages |= {"/": moved("next?x=1", status=status), "/next?x=1": answer(b"there")}

    assert [hop.url for hop in fetched(site)] == [URL, f"{URL}next?x=1"]


def test_five_redirects_are_followed_and_no_more(site):
    site.pages |= {f"/{n}": moved(f"/{n + 1}") for n in range(1, 9)}
    site.pages["/6"] = answer()

    assert len(fetched(site, f"{URL}1")) == MOST_REDIRECTS + 1

    site.pages["/6"] = moved("/7")
    assert refusal(site, f"{URL}1") == ("too_many_redirects", True)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("404 X", ("page_gone", True)), ("410 X", ("page_gone", True)), ("403 X", ("page_closed", True)),
        ("401 X", ("page_closed", True)), ("451 X", ("page_closed", True)), ("500 X", ("busy", False)),
        ("503 X", ("busy", False)), ("429 X", ("busy", False)), ("204 X", ("no_page", True)), 
        ("418 X", ("no_page", True)),        ("304 X", ("no_page", True)), ("999 X", ("busy", False)),
    ],
)  # fmt: skip
def test_what_the_server_says_decides_whether_it_is_asked_again(site, status, code):
    site.pages["/"] = answer(b"", status=status)

    assert refusal(site) == code


def test_unknown_host_and_deaf_machine_are_asked_again_later(site):
    site.names[HOST] = []
    assert refusal(site) == ("no_such_host", False)

    def refuse(_host, _port):
        raise socket.gaierror

    assert refusal(site, wire=wire.Wire(refuse, site.wire().connect)) == ("no_such_host", False)

    def deaf(_address, _port, _timeout_s):
        raise ConnectionRefusedError

    assert refusal(site, wire=wire.Wire(lambda _h, _p: [PUBLIC], deaf)) == ("no_connection", False)


def test_second_address_is_tried_when_the_first_is_deaf(site):
    other, site.pages["/"] = "93.184.216.35", answer()
    site.names[HOST] = [other, PUBLIC]
    honest = site.wire()

    def first_is_deaf(address, port, timeout_s):
        if address == other:
            raise ConnectionRefusedError
        return honest.connect(address, port, timeout_s)

    (hop,) = fetched(site, wire=wire.Wire(honest.look_up, first_is_deaf))

    assert hop.address == PUBLIC


@pytest.mark.parametrize(
    "page",
    [
        answer,
        lambda body: b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body,
        lambda body: b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(body), body),
    ],
    ids=["said", "unsaid", "chunked"],
)
def test_size_is_held_however_it_is_said(site, page):
    site.pages["/"] = page(b"x" * 100_000)
    assert fetched(site)[0].body_bytes == 100_000

    site.pages["/"] = page(b"x" * 100_001)
    assert refusal(site) == ("too_large", True)


def test_endless_answer_ends(site):
    def endless():
        yield b"HTTP/1.1 200 OK\r\n\r\n"
        while True:
            yield b"x" * 65536

    site.pages["/"] = endless

    assert refusal(site) == ("too_large", True)


def test_endless_head_ends(site):
    def endless():
        yield b"HTTP/1.1 200 OK\r\n"
        while True:
            yield b"X: " + b"x" * 1000 + b"\r\n"

    site.pages["/"] = endless

    assert refusal(site)[0] in ("not_http", "too_large")


def test_packed_bomb_is_kept_packed(site):
    """Nothing was asked to be packed, and what comes packed is not opened: what counts is what came over the wire."""
    bomb = gzip.compress(gzip.compress(b"0" * 50_000_000))
    site.pages["/"] = answer(bomb, Content_Encoding="gzip")

    (hop,) = fetched(site, limit_bytes=len(bomb))

    assert hop.response == site.pages["/"]


@pytest.mark.parametrize("slow_part", ["head", "body"])
def test_server_that_gives_drop_by_drop_is_left(site, slow_part):
    whole = answer()
    site.pages["/"] = drop_by_drop(whole if slow_part == "head" else whole[-40:], 0.2)
    if slow_part == "body":
        drops = site.pages["/"]

        def pieces():
            yield whole[:-40]
            yield from drops()

        site.pages["/"] = pieces

    assert refusal(site, limit_s=1.0) == ("too_slow", False)


def test_time_is_counted_over_all_steps(site):
    for n in range(6):
        body = moved(f"/{n + 1}") if n < 5 else answer()
        site.pages[f"/{n}"] = drop_by_drop(body[:3], 0.2)

    assert refusal(site, f"{URL}0", limit_s=0.5)[0] in ("too_slow", "no_connection", "cut_off", "not_http")


def test_resolver_that_never_answers_is_left(site):
    import threading

    never = threading.Event()

    def look_up(_host, _port):
        never.wait(30)
        return [PUBLIC]

    assert refusal(site, wire=wire.Wire(look_up, site.wire().connect), limit_s=0.3) == ("too_slow", False)
    never.set()


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (answer()[:-5], ("cut_off", False)),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\nhalf", ("cut_off", False)),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n", ("cut_off", False)),
        (b"", ("no_connection", False)),
        (b"SSH-2.0-OpenSSH_9.2\r\n", ("not_http", True)),
        (b"220 mail.example.org ESMTP\r\n", ("not_http", True)),
        (b"\0" * 1000, ("not_http", True)),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"\r\n", ("not_http", True)),
        (b"HTTP/1.1 abc OK\r\n\r\n", ("not_http", True)),
        (answer(b""), ("empty_page", True)),
    ],
)
def test_broken_answer_is_refused(site, page, code):
    site.pages["/"] = page

    assert refusal(site) == code


def test_noise_never_gets_out_as_another_error(site):
    for _ in range(60):
        site.pages["/"] = b"HTTP/1.1 200 OK\r\n" + os.urandom(200)
        try:
            fetched(site)
        except FetchError:
            continue


def test_certificate_is_that_of_the_host(tmp_path):
    trusted, context = certificate(tmp_path, HOST)
    site = Site(tls=context)
    site.pages["/"] = answer()

    (hop,) = fetched(site, f"https://{HOST}/", wire=site.wire(trusting=trusted))

    assert (hop.url, site.connected) == (f"https://{HOST}/", [(PUBLIC, 443)])
    assert refusal(site, "https://www.gov.vn/", wire=site.wire(trusting=trusted)) == ("bad_certificate", True)
    assert refusal(site, f"https://{HOST}/", wire=site.wire()) == ("bad_certificate", True)
    site.close()


def test_server_without_tls_is_no_https(site):
    site.pages["/"] = answer()

    assert refusal(site, f"https://{HOST}/", limit_s=1.0)[0] in ("no_connection", "too_slow")


def test_guards_of_certificates_are_on():
    context = wire.Wire().tls()

    assert (context.check_hostname, context.verify_mode) == (True, ssl.CERT_REQUIRED)
