"""One request on one connection: to an address that was checked, within a deadline and a number of bytes, recorded."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sangto.engine.web_addresses import Place, is_public

CONNECT_S = 5.0  # of one address
MOST_ADDRESSES = 3
HEAD_BYTES = 1 << 17  # what status and headers may take beside the document itself
PIECE = 1 << 16


class FetchError(Exception):
    """The document was not fetched. `code` says why, `permanent` that asking again would not help.

    Codes: those of `engine.web_addresses.BadAddress`, and not_public, no_such_host, no_connection, bad_certificate,
    too_slow, too_large, cut_off, not_http, empty_page, page_gone, page_closed, no_page, busy, too_many_redirects.
    """

    def __init__(self, code: str, *, permanent: bool = False) -> None:
        super().__init__(code)
        self.code, self.permanent = code, permanent


def look_up(host: str, port: int) -> Sequence[str]:
    """The addresses of a host, in the order of the system's resolver; raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def connect(address: str, port: int, timeout_s: float) -> socket.socket:
    """A connection to exactly this address; raises OSError."""
    return socket.create_connection((address, port), timeout_s)


@dataclass(frozen=True)
class Wire:
    """How the network is reached; tests put a network of their own in its place."""

    look_up: Callable[[str, int], Sequence[str]] = look_up
    connect: Callable[[str, int, float], socket.socket] = connect
    tls: Callable[[], ssl.SSLContext] = field(default=ssl.create_default_context)


@dataclass
class Deadline:
    """When a whole fetch has to be over, on the steady clock."""

    at: float

    @classmethod
    def within(cls, seconds: float) -> "Deadline":
        """So many seconds from now."""
        return cls(time.monotonic() + seconds)

    def left_s(self) -> float:
        """The seconds that are left; raises FetchError when there are none."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise FetchError("too_slow")
        return left


@dataclass(frozen=True)
class Hop:
    """One request and the whole answer to it, byte for byte as they went over the wire."""

    url: str
    address: str  # of the machine that answered
    request: bytes
    response: bytes
    status: int
    location: str  # where the answer sends on to; empty where it does not
    body_bytes: int


def ask(place: Place, *, agent: str, limit_bytes: int, deadline: Deadline, wire: Wire) -> Hop:
    """Ask for one place; raises FetchError. The host is looked up once, and what was checked is connected to."""
    addresses = _public_addresses(place, deadline=deadline, wire=wire)
    try:
        address, line = _first_open(addresses, place.port, deadline=deadline, wire=wire)
        with line:
            speaking = _in_tls(line, place.host, deadline=deadline, wire=wire) if place.scheme == "https" else line
            with speaking:
                return _exchange(place, speaking, address, agent, Tape(speaking, deadline, limit_bytes + HEAD_BYTES))
    except ssl.SSLCertVerificationError as error:
        raise FetchError("bad_certificate", permanent=True) from error
    except TimeoutError as error:
        raise FetchError("too_slow") from error
    except OSError as error:
        raise FetchError("no_connection") from error


def _public_addresses(place: Place, *, deadline: Deadline, wire: Wire) -> list[str]:
    """Every address of the host; where one of them is not public, the host is not asked at all."""
    found = _looked_up(place, deadline=deadline, wire=wire)
    if not found:
        raise FetchError("no_such_host")
    if not all(is_public(each) for each in found):
        raise FetchError("not_public", permanent=True)
    return found


def _looked_up(place: Place, *, deadline: Deadline, wire: Wire) -> list[str]:
    """The system's resolver takes no time limit, so it is asked in a thread that is left alone when it is late."""
    found: list[str] = []
    over = threading.Event()

    def look() -> None:
        try:
            found.extend(wire.look_up(place.host, place.port))
        except (OSError, UnicodeError):
            found.clear()
        over.set()

    threading.Thread(target=look, name="resolver", daemon=True).start()
    if not over.wait(deadline.left_s()):
        raise FetchError("too_slow")
    return found


def _first_open(addresses: Sequence[str], port: int, *, deadline: Deadline, wire: Wire) -> tuple[str, socket.socket]:
    for address in addresses[:MOST_ADDRESSES]:
        try:
            return address, wire.connect(address, port, min(deadline.left_s(), CONNECT_S))
        except OSError:
            continue
    raise FetchError("no_connection")


def _in_tls(line: socket.socket, host: str, *, deadline: Deadline, wire: Wire) -> socket.socket:
    line.settimeout(deadline.left_s())
    return wire.tls().wrap_socket(line, server_hostname=host)


def _exchange(place: Place, line: socket.socket, address: str, agent: str, tape: "Tape") -> Hop:
    request = request_for(place, agent=agent)
    line.settimeout(tape.deadline.left_s())
    line.sendall(request)
    answer = http.client.HTTPResponse(tape, method="GET")  # type: ignore[arg-type]  # it only asks for makefile
    try:
        answer.begin()
        body_bytes = len(answer.read())
    except http.client.IncompleteRead as error:
        raise FetchError("cut_off") from error
    except http.client.RemoteDisconnected as error:
        raise FetchError("no_connection") from error
    except (http.client.HTTPException, ValueError) as error:
        raise FetchError("not_http", permanent=True) from error
    if body_bytes > tape.limit_bytes - HEAD_BYTES:
        raise FetchError("too_large", permanent=True)
    location = answer.getheader("Location") or ""
    return Hop(place.url, address, request, bytes(tape.heard), answer.status, location, body_bytes)


def request_for(place: Place, *, agent: str) -> bytes:
    """The request as it is sent. It carries nothing from before: no cookie, no referer; and wants nothing packed."""
    lines = (
        f"GET {place.target} HTTP/1.1",
        f"Host: {place.authority}",
        f"User-Agent: {agent}",
        "Accept: */*",
        "Accept-Encoding: identity",
        "Connection: close",
    )
    return "\r\n".join([*lines, "", ""]).encode("ascii")


class Tape:
    """What http.client reads from: it gives bytes out as they are wanted and keeps those that were given."""

    def __init__(self, line: socket.socket, deadline: Deadline, limit_bytes: int) -> None:
        self.deadline, self.limit_bytes = deadline, limit_bytes
        self.heard, self._held, self._line = bytearray(), bytearray(), line

    def makefile(self, *_mode: Any) -> "Tape":
        """Itself, as the file of the connection."""
        return self

    def readline(self, limit: int = -1) -> bytes:
        """One line, at most so many bytes of it."""
        while b"\n" not in self._held and not 0 <= limit <= len(self._held) and self._more():
            pass
        end = self._held.find(b"\n") + 1 or len(self._held)
        return self._give(end if limit < 0 else min(end, limit))

    def read(self, size: int = -1) -> bytes:
        """So many bytes, fewer at the end; all of them without a size."""
        while (size < 0 or len(self._held) < size) and self._more():
            pass
        return self._give(len(self._held) if size < 0 else size)

    def close(self) -> None:
        """Nothing: the connection is closed by whoever opened it."""

    def flush(self) -> None:
        """Nothing is written here."""

    def _give(self, size: int) -> bytes:
        given = bytes(self._held[:size])
        del self._held[:size]
        self.heard += given
        return given

    def _more(self) -> bool:
        self._line.settimeout(self.deadline.left_s())
        piece = self._line.recv(PIECE)
        self._held += piece
        if len(self.heard) + len(self._held) > self.limit_bytes:
            raise FetchError("too_large", permanent=True)
        return bool(piece)
