"""Fetch one document: follow where it sends on to, each step checked anew."""

from collections.abc import Sequence
from urllib.parse import urljoin

from sangto.archive.wire import Deadline, FetchError, Hop, Wire, ask
from sangto.engine.web_addresses import BadAddress, Place, place_of

MOST_REDIRECTS = 5
SENDS_ON = (301, 302, 303, 307, 308)
BUSY = (408, 425, 429)
GONE, CLOSED = (404, 410), (401, 402, 403, 407, 451)
INTERNET = Wire()


def fetch(
    url: str, *, hosts: Sequence[str], agent: str, limit_bytes: int, limit_s: float, wire: Wire = INTERNET
) -> list[Hop]:
    """Every step from the address to the document, which is the last one. `hosts` is who may be asked.

    Raises FetchError. `limit_bytes` holds for each step, `limit_s` for all of them together.
    """
    deadline, hops = Deadline.within(limit_s), []
    place = _checked(url, hosts=hosts)
    for _ in range(MOST_REDIRECTS + 1):
        hop = ask(place, agent=agent, limit_bytes=limit_bytes, deadline=deadline, wire=wire)
        hops.append(hop)
        if hop.status not in SENDS_ON:
            _refuse_unwanted(hop)
            return hops
        place = _checked(_led_to(place, hop), hosts=hosts)
    raise FetchError("too_many_redirects", permanent=True)


def _checked(url: str, *, hosts: Sequence[str]) -> Place:
    try:
        return place_of(url, hosts=hosts)
    except BadAddress as error:
        raise FetchError(error.code, permanent=True) from error


def _led_to(place: Place, hop: Hop) -> str:
    # Headers are read as Latin-1; an address that is not ASCII was sent as UTF-8.
    location = hop.location.encode("latin-1", "replace").decode("utf-8", "replace").strip()
    try:
        return urljoin(place.url, location)
    except ValueError as error:
        raise FetchError("bad_address", permanent=True) from error


def _refuse_unwanted(hop: Hop) -> None:
    if hop.status in GONE:
        raise FetchError("page_gone", permanent=True)
    if hop.status in CLOSED:
        raise FetchError("page_closed", permanent=True)
    if hop.status in BUSY or hop.status >= 500:
        raise FetchError("busy")
    if hop.status != 200:
        raise FetchError("no_page", permanent=True)
    if not hop.body_bytes:
        raise FetchError("empty_page", permanent=True)
