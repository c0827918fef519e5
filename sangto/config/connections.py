"""How the server in front of the desk treats connections: whoever sends slowly holds up nobody, and not for long."""

from typing import Any

from waitress.channel import HTTPChannel  # type: ignore[import-untyped]
from waitress.server import BaseWSGIServer  # type: ignore[import-untyped]

REQUEST_TIMEOUT_S = 30
LOOK_EVERY_S = 5
OPTIONS: dict[str, Any] = {
    "channel_timeout": REQUEST_TIMEOUT_S,
    "cleanup_interval": LOOK_EVERY_S,
    "connection_limit": 1000,
    "asyncore_use_poll": True,  # select() ends at 1,024 open files
    "max_request_header_size": 32_768,
    # Who is behind a proxy is told by `sangto.engine.addresses`, which believes the proxies of SANGTO_PROXIES alone.
    "clear_untrusted_proxy_headers": False,
}


class WholeRequests(HTTPChannel):  # type: ignore[misc]
    """A connection on which time runs from the first byte of a request, so that one byte now and then buys none."""

    last_activity: float

    def handle_read(self) -> None:
        """Read what has come; the server's clean-up goes by `last_activity`."""
        began = self.last_activity if self.request is not None else None
        super().handle_read()
        if began is not None and self.request is not None:
            self.last_activity = began


def use_whole_requests() -> None:
    """Let every server of this process read its connections so."""
    BaseWSGIServer.channel_class = WholeRequests
