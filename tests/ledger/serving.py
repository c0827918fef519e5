"""A web server on this machine that serves a folder as a desk would, or misbehaves as a test wants."""

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

Reply = tuple[int, dict[str, str], bytes]


def folder_replies(folder: Path) -> Callable[[str], Reply]:
    """What a desk replies: its files, entry bundles in gzip, 410 for an erased version, 404 for what is not there."""

    def reply(path: str) -> Reply:
        file = folder / path.lstrip("/")
        if not file.is_file():
            return 404, {}, b"not here"
        data = file.read_bytes()
        if "/tile/entries/" in path:
            return 200, {"Content-Encoding": "gzip"}, gzip.compress(data)
        return (410 if b'"erased": true' in data and "index" not in path else 200), {}, data

    return reply


@contextmanager
def served(reply: Callable[[str], Reply]) -> Iterator[str]:
    """The address of a server that replies so, while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802 - the name that http.server calls
            status, headers, body = reply(self.path)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
