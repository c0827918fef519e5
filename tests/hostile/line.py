"""A real server with our options, and raw bytes sent to it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import waitress
from waitress import wasyncore

from sangto.config import connections
from sangto.config.serve import BODY_LIMIT_BYTES


@contextmanager
def served(application, **options) -> Iterator[int]:
    """The port on which an application is served, with one thread, while the block runs."""
    connections.use_whole_requests()
    options = {**connections.OPTIONS, "max_request_body_size": BODY_LIMIT_BYTES, "threads": 1, **options}
    server = waitress.create_server(application, host="127.0.0.1", port=0, **options)
    stop = threading.Event()
    thread = threading.Thread(target=_turn, args=(server, stop))
    thread.start()
    try:
        yield server.effective_port
    finally:
        stop.set()
        thread.join()
        server.task_dispatcher.shutdown()
        server.close()


def _turn(server, stop):
    while not stop.is_set():
        wasyncore.loop(timeout=0.1, map=server._map, use_poll=True, count=1)


def said(port, *parts, patience_s=10):
    """Everything that comes back for these bytes, until the server ends the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=patience_s) as line:
        for each in parts:
            line.sendall(each)
        heard = b""
        while more := line.recv(65536):
            heard += more
        return heard


@contextmanager
def dripping(port, begun) -> Iterator[socket.socket]:
    """A connection on which a request was begun and goes on by a byte every fifth of a second."""
    stop = threading.Event()
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(begun)
        drips = threading.Thread(target=_drip, args=(line, stop))
        drips.start()
        try:
            yield line
        finally:
            stop.set()
            drips.join()


def _drip(line, stop):
    while not stop.wait(0.2):
        try:
            line.sendall(b"a")
        except OSError:
            return


def end_of(line):
    """What comes on a line until the server ends it; empty when it only ends it."""
    try:
        return line.recv(65536)
    except ConnectionError:
        return b""
