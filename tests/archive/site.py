"""A web of this machine's own: each host has a public address in the name system, and one server answers for all."""

import socket
import ssl
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sangto.archive.wire import Wire

PUBLIC = "93.184.216.34"
HOST = "moh.gov.vn"


def answer(body: bytes = b"<html>Xin ch\xc3\xa0o</html>", *, status: str = "200 OK", **headers: str) -> bytes:
    """An answer as an ordinary server gives it."""
    lines = {"Content-Type": "text/html", "Content-Length": str(len(body)), "Connection": "close"}
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def moved(to: str, *, status: str = "302 Found") -> bytes:
    return answer(b"", status=status, Location=to)


class Site:
    """A server on this machine; `pages` says what each path answers: bytes, or a function that gives pieces."""

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        self.pages: dict[str, object] = {}
        self.asked: list[bytes] = []  # every request, as it came
        self.connected: list[tuple[str, int]] = []  # the address and port that the fetcher wanted
        self.looked_up: list[str] = []
        self.names: dict[str, list[str] | Callable[[], list[str]]] = {}
        self._tls = tls
        self._over = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def wire(self, *, trusting: Path | None = None) -> Wire:
        """The network as the fetcher sees it."""
        context = (lambda: ssl.create_default_context(cafile=trusting)) if trusting else ssl.create_default_context
        return Wire(self._look_up, self._connect, context)

    def close(self) -> None:
        self._over.set()
        self._listening.close()

    def _look_up(self, host: str, _port: int) -> list[str]:
        self.looked_up.append(host)
        found = self.names.get(host, [PUBLIC])
        return found() if callable(found) else found

    def _connect(self, address: str, port: int, timeout_s: float) -> socket.socket:
        self.connected.append((address, port))
        return socket.create_connection(("127.0.0.1", self.port), timeout_s)

    def _serve(self) -> None:
        while not self._over.is_set():
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(line,), daemon=True).start()

    def _answer(self, line: socket.socket) -> None:
        try:
            with line, self._tls.wrap_socket(line, server_side=True) if self._tls else line as speaking:
                request = b""
                while b"\r\n\r\n" not in request and (piece := speaking.recv(4096)):
                    request += piece
                self.asked.append(request)
                path = (request.decode("latin-1") + " / ").split(" ")[1]
                page = self.pages.get(path, answer(b"gone", status="404 Not Found"))
                for piece in [page] if isinstance(page, bytes) else page():
                    speaking.sendall(piece)
        except OSError:
            pass  # the other side went away: that is what is tried here


def drop_by_drop(data: bytes, pause_s: float) -> Callable[[], object]:
    """One byte at a time."""

    def pieces():
        for at in range(len(data)):
            yield data[at : at + 1]
            time.sleep(pause_s)

    return pieces


def certificate(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    """A certificate for one host that signs itself, and a server that shows it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, secret = folder / f"{name}.pem", folder / f"{name}.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, secret)
    return public, context
