"""Which addresses of the web this program may ask by itself, and which machines it may speak to. Pure.

What counts is refused unless it is plainly right: a scheme, a port and a host name as people write them, then addresses
that are routed in the whole Internet. RFC 6890 and the registries of special-purpose addresses (IANA).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import quote, urlsplit

from sangto.engine.platforms import is_of_people

PORTS = {"http": 80, "https": 443}
EVERY_HOST = "*"
LONGEST_HOST = 253
_LABEL = r"(?!-)[a-z0-9-]{1,63}(?<!-)"
_HOST = re.compile(rf"(?:{_LABEL}\.)+{_LABEL}\Z")
# A last part that is a number makes a number of the whole in most programs: 127.1, 0x7f.1, 2130706433.
_NUMERIC = re.compile(r"(?:.*\.)?(?:\d+|0x[0-9a-f]*)\Z")
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029\u200b-\u200f\ufeff]")
_INSIDE = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa", "onion", "test", "invalid")
_PATH, _QUERY = "/%:@!$&'()*+,;=~-._", "/%:@!$&'()*+,;=~-._?"

_NOT_PUBLIC_4 = [
    IPv4Network(each)
    for each in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
]  # fmt: skip
# Whatever lies outside of it is no address of the Internet; some inside lead elsewhere (6to4, Teredo, examples).
_PUBLIC_6 = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = [
    IPv6Network(each)
    for each in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3ffe::/16", "3fff::/20")
]


class BadAddress(ValueError):
    """The address is not asked.

    `code`: bad_address, bad_scheme, has_login, bad_port, bad_host, people_page, no_fetching or not_on_list.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Place:
    """Where a document stands: `host` in lower case and ASCII, `target` as it goes into a request, `url` for people."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host, and port where it is not the scheme's own."""
        return self.host if self.port == PORTS[self.scheme] else f"{self.host}:{self.port}"

    @property
    def url(self) -> str:
        """The whole address, without a fragment."""
        return f"{self.scheme}://{self.authority}{self.target}"


def place_of(url: str, *, hosts: Sequence[str]) -> Place:
    """What to ask for this address; raises BadAddress. `hosts` may be asked: names with all below them, or `*`."""
    place = _place(url)
    if is_of_people(place.host):
        raise BadAddress("people_page")
    if not hosts:
        raise BadAddress("no_fetching")
    if not is_listed(place.host, hosts):
        raise BadAddress("not_on_list")
    return place


def is_listed(host: str, hosts: Sequence[str]) -> bool:
    """Whether the host is one of these, or lies below one."""
    return any(each in (EVERY_HOST, host) or host.endswith(f".{each}") for each in hosts)


def hosts_of(text: str) -> tuple[str, ...]:
    """The hosts of a list, separated by spaces or commas, `*` for every one; raises ValueError with what is no host."""
    found = []
    for each in text.replace(",", " ").split():
        host = each if each == EVERY_HOST else _ascii(each.removeprefix("*.").removeprefix("."))
        if host != EVERY_HOST and not _is_name(host):
            raise ValueError(f"{each} is no host")
        found.append(host)
    return tuple(found)


def is_public(address: str) -> bool:
    """Whether the address is one of the Internet that leads to one machine: not inside, not reserved, no tunnel."""
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv4Address):
        return found.is_global and not any(found in each for each in _NOT_PUBLIC_4)
    return _is_public_6(found)


def _is_public_6(found: IPv6Address) -> bool:
    if found.scope_id or found not in _PUBLIC_6 or not found.is_global:
        return False
    return not any(found in each for each in _NOT_PUBLIC_6)


def _place(url: str) -> Place:
    if _UNSEEN.search(url):
        raise BadAddress("bad_address")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadAddress("bad_address") from error
    if parts.scheme not in PORTS:
        raise BadAddress("bad_scheme")
    if "@" in parts.netloc:
        raise BadAddress("has_login")
    if port not in (None, *PORTS.values()) or parts.netloc.endswith(":"):
        raise BadAddress("bad_port")
    host = _ascii(parts.hostname or "")
    if not _is_name(host):
        raise BadAddress("bad_host")
    query = f"?{quote(parts.query, safe=_QUERY)}" if parts.query else ""
    target = (quote(parts.path, safe=_PATH) or "/") + query
    return Place(parts.scheme, host, PORTS[parts.scheme] if port is None else port, target)


def _ascii(host: str) -> str:
    """The host as the name system knows it; empty where it cannot be one."""
    try:
        return host.encode("idna").decode().lower().removesuffix(".")
    except UnicodeError:
        return ""


def _is_name(host: str) -> bool:
    return (
        len(host) <= LONGEST_HOST
        and bool(_HOST.match(host))
        and not _NUMERIC.match(host)
        and host.rpartition(".")[2] not in _INSIDE
    )
