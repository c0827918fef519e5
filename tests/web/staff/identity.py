"""A small OpenID Connect provider on this machine, as strict as a real one, that can be told to lie."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

CLIENT, SECRET = "sáng-tỏ:desk", "s3cret/with:signs"
KEY = generate_private_key(65537, 2048)
OTHER_KEY = generate_private_key(65537, 2048)


class Identity:
    """The provider: who sits before it, and what it is told to answer. `asked` holds what reached it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.subject = "a1b2c3"
        self.claims: dict[str, Any] = {}
        self.left_out: set[str] = set()
        self.key: RSAPrivateKey = KEY
        self.algorithm, self.kid = "RS256", "one"
        self.published: dict[str, RSAPrivateKey] = {"one": KEY}
        self.document: dict[str, Any] = {}
        self.status = 200
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser is sent once somebody has signed in here."""
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        assert query["scope"].split() == ["openid"]
        code = f"code-{len(self.codes)}"
        self.codes[code] = query
        back = {"code": code, "state": query["state"], "iss": self.url}
        return f"{query['redirect_uri']}?{urlencode(back)}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        begun = self.codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        given = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        if (
            begun is None
            or begun["code_challenge"] != challenge
            or begun["redirect_uri"] != form["redirect_uri"]
            or (unquote(given[0]), unquote(given[2])) != (CLIENT, SECRET)
        ):
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "never kept", "token_type": "Bearer", "id_token": self.id_token(begun["nonce"])}

    def id_token(self, nonce: str) -> str:
        now = int(time.time())
        said = {"iss": self.url, "sub": self.subject, "aud": CLIENT, "exp": now + 300, "iat": now, "nonce": nonce,
                "email": "lan@example.org", "name": "Lan", **self.claims}  # fmt: skip
        kept = {name: value for name, value in said.items() if name not in self.left_out}
        key = None if self.algorithm == "none" else "x" * 64 if self.algorithm == "HS256" else self.key
        return jwt.encode(kept, key, algorithm=self.algorithm, headers={"kid": self.kid})  # type: ignore[arg-type]

    def keys(self) -> dict[str, Any]:
        jwk = jwt.algorithms.RSAAlgorithm.to_jwk
        return {
            "keys": [
                {**json.loads(jwk(key.public_key())), "kid": kid, "use": "sig", "alg": "RS256"}
                for kid, key in self.published.items()
            ]
        }

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            **self.document,
        }


class _Handler(BaseHTTPRequestHandler):
    identity: Identity

    def do_GET(self) -> None:
        path, query = urlsplit(self.path).path, urlsplit(self.path).query
        self.identity.asked.append(path)
        if path == "/authorize":
            self.send_response(302)
            there = self.identity.authorize({name: values[0] for name, values in parse_qs(query).items()})
            self.send_header("Location", there)
            self.end_headers()
            return
        known = {"/.well-known/openid-configuration": self.identity.configuration, "/keys": self.identity.keys}
        self._answer(self.identity.status, known[path]())

    def do_POST(self) -> None:
        self.identity.asked.append(urlsplit(self.path).path)
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        typed = {name: values[0] for name, values in form.items()}
        self._answer(*self.identity.token(typed, self.headers.get("Authorization", "")))

    def _answer(self, status: int, held: dict[str, Any]) -> None:
        body = json.dumps(held).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        pass


@contextmanager
def identity_provider() -> Iterator[Identity]:
    """A provider that answers on a port of this machine until the end."""
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    identity = handler.identity = Identity(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield identity
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
