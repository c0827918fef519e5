"""Which network a request came from: behind proxies that are believed, and no more exact than one household."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
HOUSEHOLD_BITS = 64  # of an IPv6 address: a line gets at least that many addresses to choose from
UNREADABLE = "unreadable"


def networks_of(text: str) -> tuple[Network, ...]:
    """The networks and addresses of a text, separated by spaces; raises ValueError."""
    return tuple(ip_network(each) for each in text.split())


def client_network(peer: str, forwarded: str, *, proxies: Sequence[Network]) -> str | None:
    """The network that a request is counted under: an IPv4 address, or the first 64 bits of an IPv6 address.

    `forwarded` is X-Forwarded-For. It is believed from the right, as far as each hop is one of the proxies; what a
    stranger says of themselves counts for nothing. None when a proxy itself asks, for nobody else.
    """
    hops = [each.strip() for each in forwarded.split(",")] if forwarded.strip() else []
    for hop in reversed([*hops, peer]):
        address = _address(hop)
        if address is None:
            return UNREADABLE
        if not _is_one_of(address, proxies):
            return _household(address)
    return _household(address) if hops and address else None


def _address(hop: str) -> Address | None:
    """The address of a hop, also of `[2001:db8::1]:443` and `192.0.2.1:443`."""
    bare = hop[1:].partition("]")[0] if hop.startswith("[") else hop
    bare = bare.partition(":")[0] if bare.count(":") == 1 else bare
    try:
        address = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_one_of(address: Address, proxies: Sequence[Network]) -> bool:
    return any(address in network for network in proxies if network.version == address.version)


def _household(address: Address) -> str:
    if address.version == 4:
        return str(address)
    return str(IPv6Network((int(address), HOUSEHOLD_BITS), strict=False))
