"""Nothing inside is ever asked: every known way to write an address that is not the Internet's, or no host's."""

import pytest

from sangto.engine.web_addresses import BadAddress, hosts_of, is_listed, is_public, place_of

EVERY = ("*",)
HOSTILE = {
    # numbers as hosts, in every base that some program reads
    "http://127.0.0.1/": "bad_host",
    "http://127.1/": "bad_host",
    "http://2130706433/": "bad_host",
    "http://0x7f000001/": "bad_host",
    "http://0x7f.0.0.1/": "bad_host",
    "http://017700000001/": "bad_host",
    "http://0177.0.0.1/": "bad_host",
    "http://0/": "bad_host",
    "http://a.0x7f/": "bad_host",
    "http://moh.gov.vn.1/": "bad_host",
    "http://127.0.0.1./": "bad_host",
    "http://127。0。0。1/": "bad_host",  # full stops of other scripts become dots
    "http://１２７.０.０.１/": "bad_host",
    "http://①②⑦.⓪.⓪.①/": "bad_host",
    "http://169.254.169.254/latest/meta-data/": "bad_host",
    "http://8.8.8.8/": "bad_host",  # public, and still no name that a certificate or a reader knows
    # IPv6 in brackets
    "http://[::1]/": "bad_host",
    "http://[::]/": "bad_host",
    "http://[::ffff:127.0.0.1]/": "bad_host",
    "http://[64:ff9b::7f00:1]/": "bad_host",
    "http://[fe80::1%25eth0]/": "bad_host",
    "http://[fd00:ec2::254]/": "bad_host",
    "http://[::1": "bad_address",
    # names that are at home inside
    "http://localhost/": "bad_host",
    "http://localhost./": "bad_host",
    "http://LOCALHOST/": "bad_host",
    "http://desk.localhost/": "bad_host",
    "http://router.local/": "bad_host",
    "http://metadata.google.internal/": "bad_host",
    "http://db.lan/": "bad_host",
    "http://intranet/": "bad_host",
    "http://1.0.0.127.in-addr.arpa/": "bad_host",
    # somebody before the host, another host behind it
    "http://moh.gov.vn@127.0.0.1/": "has_login",
    "http://user:password@moh.gov.vn/": "has_login",
    "http://@moh.gov.vn/": "has_login",
    "http://moh.gov.vn:80@evil.example.org/": "has_login",
    "http://moh.gov.vn\\@127.0.0.1/": "bad_address",
    "http://moh.gov.vn\\.evil.org/": "bad_address",
    "http://127.0.0.1%2f@moh.gov.vn/": "has_login",
    "http://moh.gov.vn%00.evil.org/": "bad_host",
    "http://moh.gov.vn%2eevil.org/": "bad_host",
    # characters that one program drops and another does not
    "http://moh.gov.vn/\r\nHost: evil": "bad_address",
    "ht\ntp://moh.gov.vn/": "bad_address",
    "http://moh\t.gov.vn/": "bad_address",
    " http://moh.gov.vn/": "bad_address",
    "http://moh.gov.vn/\x00": "bad_address",
    "http://moh\u200b.gov.vn/": "bad_address",
    # other ports, other schemes
    "http://moh.gov.vn:22/": "bad_port",
    "http://moh.gov.vn:6379/": "bad_port",
    "http://moh.gov.vn:/": "bad_port",
    "http://moh.gov.vn:65536/": "bad_address",
    "http://moh.gov.vn:-1/": "bad_address",
    "http://moh.gov.vn:８０８０/": "bad_address",
    "file:///etc/passwd": "bad_scheme",
    "gopher://moh.gov.vn/": "bad_scheme",
    "ftp://moh.gov.vn/": "bad_scheme",
    "dict://moh.gov.vn/": "bad_scheme",
    "jar:http://moh.gov.vn/": "bad_scheme",
    "javascript:alert(1)": "bad_scheme",
    "data:text/html,x": "bad_scheme",
    "//moh.gov.vn/": "bad_scheme",
    "moh.gov.vn": "bad_scheme",
    "": "bad_scheme",
    "http://": "bad_host",
    "http:///path": "bad_host",
    f"http://{'a' * 64}.vn/": "bad_host",
    f"http://{'a.' * 130}vn/": "bad_host",
    "http://-a.vn/": "bad_host",
    "http://a..vn/": "bad_host",
    # where people have accounts
    "https://www.facebook.com/somebody/posts/1": "people_page",
    "https://m.facebook.com/somebody": "people_page",
    "https://x.com/somebody/status/1": "people_page",
    "https://t.me/somebody/1": "people_page",
}
NOT_PUBLIC = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.254",
    "127.0.0.1",
    "127.255.255.255",
    "169.254.169.254",
    "169.254.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.170",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:53aa:64c:0:fbff:8080:8080",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:808:808::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fdff::1",
    "fe80::1",
    "fe80::1%eth0",
    "2606:4700::1111%1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
    "localhost",
    "127.1",
    "0x7f000001",
    "2130706433",
    "017700000001",
    "1.1.1",
    "1.1.1.1/32",
    "x",
]
PUBLIC = (
    "1.1.1.1",
    "8.8.8.8",
    "93.184.216.34",
    "113.160.0.1",
    "2606:4700:4700::1111",
    "2001:4860:4860::8888",
    "2a00::1",
)


def refusal(url: str, hosts=EVERY) -> str:
    with pytest.raises(BadAddress) as refused:
        place_of(url, hosts=hosts)
    return refused.value.code


@pytest.mark.parametrize("url", HOSTILE)
def test_hostile_address_is_refused(url):
    assert refusal(url) == HOSTILE[url]


def test_matrix_is_large():
    assert len(HOSTILE) + len(NOT_PUBLIC) >= 120


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_what_is_no_address_of_the_internet_is_known(address):
    assert is_public(address) is False


def test_addresses_of_the_internet_are_let_through():
    assert [each for each in PUBLIC if not is_public(each)] == []


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://moh.gov.vn", "https://moh.gov.vn/"),
        ("HTTPS://MOH.gov.vn:443/a?b=c#d", "https://moh.gov.vn/a?b=c"),
        ("http://moh.gov.vn:443/", "http://moh.gov.vn:443/"),
        ("https://moh.gov.vn/tin-tức?số=1&x=%20", "https://moh.gov.vn/tin-t%E1%BB%A9c?s%E1%BB%91=1&x=%20"),
        ("https://moh.gov.vn./x", "https://moh.gov.vn/x"),
        ("https://bộytế.vn/", "https://xn--byt-9jzwf.vn/"),
        ("https://moh.gov.vn//double/../x", "https://moh.gov.vn//double/../x"),
    ],
)
def test_honest_address_is_asked_as_it_stands(url, asked):
    assert place_of(url, hosts=EVERY).url == asked


@pytest.mark.parametrize(
    ("hosts", "allowed", "code"),
    [
        ("", "", "no_fetching"),
        ("gov.vn, thuvienphapluat.vn", "https://moh.gov.vn/ https://gov.vn/ https://www.thuvienphapluat.vn/", ""),
        ("gov.vn", "", "not_on_list"),
        ("*.gov.vn", "https://moh.gov.vn/", ""),
        ("*", "https://example.org/", ""),
    ],
)
def test_only_listed_hosts_are_asked(hosts, allowed, code):
    listed = hosts_of(hosts)

    assert all(place_of(url, hosts=listed) for url in allowed.split())
    if code:
        assert refusal("https://notgov.vn/", listed) == code
        assert refusal("https://gov.vn.example.org/", listed) == code


@pytest.mark.parametrize("hosts", ["https://gov.vn", "gov.vn/x", "127.0.0.1", "a b_c.vn", "localhost", "gov.vn:443"])
def test_a_list_of_hosts_holds_nothing_else(hosts):
    with pytest.raises(ValueError, match="is no host"):
        hosts_of(hosts)


def test_suffix_is_a_whole_part():
    assert is_listed("a.gov.vn", ("gov.vn",))
    assert not is_listed("evilgov.vn", ("gov.vn",))
