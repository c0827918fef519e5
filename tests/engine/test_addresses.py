"""Which network a request is counted under: whose word is believed, and how exact it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sangto.engine.addresses import UNREADABLE, client_network, networks_of

PROXIES = networks_of("127.0.0.0/8 ::1 10.0.0.0/8")


@pytest.mark.parametrize(
    ("peer", "forwarded", "network"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),  # a stranger's word
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("::1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),  # the first was sent along by the stranger
        ("127.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.3", "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("127.0.0.1", "[2001:db8:1:2:3:4:5:6]:443", "2001:db8:1:2::/64"),
        ("127.0.0.1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9%eth0", "", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "", "203.0.113.7"),
        ("::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "unknown", UNREADABLE),
        ("127.0.0.1", "198.51.100.1, _hidden", UNREADABLE),
        ("", "198.51.100.1", UNREADABLE),
        ("127.0.0.1", "10.0.0.9", "10.0.0.9"),  # somebody on a proxy, through another one
        ("127.0.0.1", "", None),
        ("10.0.0.3", " ", None),
    ],
)
def test_network_is_the_last_that_a_proxy_vouches_for(peer, forwarded, network):
    assert client_network(peer, forwarded, proxies=PROXIES) == network


def test_without_proxies_nobody_is_believed():
    assert client_network("127.0.0.1", "198.51.100.1", proxies=()) == "127.0.0.1"


@pytest.mark.parametrize("text", ["10.0.0.1/8", "caddy", "10.0.0.0/33", "10.0.0.0/8,::1"])
def test_what_is_no_network_is_refused(text):
    with pytest.raises(ValueError, match="."):
        networks_of(text)


@given(st.text(), st.text())
def test_any_header_gives_a_network(peer, forwarded):
    assert client_network(peer, forwarded, proxies=PROXIES) is None or client_network(peer, "", proxies=()) is not None


@given(st.text("0123456789abcdef.:,[] %"))
def test_what_a_stranger_sends_along_never_changes_the_key(forwarded):
    """Whatever stands left of what the nearest proxy wrote."""
    assert client_network("127.0.0.1", f"{forwarded},198.51.100.1", proxies=PROXIES) == "198.51.100.1"
