"""The desk's talk with an identity provider (OpenID Connect Core 1.0, PKCE by RFC 7636): whom it has before it.

What comes back is believed only when it is signed by a key that the provider publishes now, for this desk, for the
request that this browser began, and not yet over. Tokens are read and dropped.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
import jwt
from django.conf import settings

TIMEOUTS = httpx.Timeout(5, connect=3)  # seconds
MOST_BYTES = 256 * 1024
KEPT_S, QUIET_S = 3600.0, 10.0
LEEWAY_S = 60
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")  # no "none", and nothing that our own secret could sign
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class ProviderError(Exception):
    """The provider's word could not be had or does not hold.

    `code`: unreachable, bad_provider (what it publishes is no OpenID Connect), refused (it would not redeem the code)
    or bad_token.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Begun:
    """Where the browser goes, and what its session keeps until it comes back."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Confirmed:
    """An account that the provider has before it: its name for it, how it asked (`acr`) and when (Unix time, or 0)."""

    issuer: str
    subject: str
    acr: str
    asked_at: float


class Provider:
    """The provider that the settings name. What it publishes is kept for an hour, in this process."""

    clock = staticmethod(time.monotonic)

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Drop what is kept; the next use asks again."""
        self._document: Mapping[str, Any] = {}
        self._keys: list[Mapping[str, Any]] = []
        self._kept_until = self._keys_kept_until = self._quiet_until = float("-inf")

    def begin(self, *, back: str) -> Begun:
        """A new request to sign in, to be led back to the address `back`. Raises ProviderError."""
        document = self.document()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        asked = {
            "response_type": "code",
            "client_id": settings.OIDC_CLIENT_ID,
            "redirect_uri": back,
            "scope": "openid",
            "state": state,
            "nonce": nonce,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
        }
        there = str(document["authorization_endpoint"])
        return Begun(f"{there}{'&' if urlsplit(there).query else '?'}{urlencode(asked)}", state, nonce, verifier)

    def finish(self, code: str, *, nonce: str, verifier: str, back: str) -> Confirmed:
        """Whom the provider confirms for a code that the browser brought back. Raises ProviderError."""
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier}
        answer = self._redeemed(form)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise ProviderError("bad_token")
        return self._read(token, nonce=nonce)

    def document(self) -> Mapping[str, Any]:
        """The provider's discovery document; raises ProviderError, at once for 10 s after it could not be had."""
        with self.lock:
            now = self.clock()
            if now < self._kept_until:
                return self._document
            if now < self._quiet_until:
                raise ProviderError("unreachable")
            self._quiet_until = now + QUIET_S
            found = _fetched("GET", f"{settings.OIDC_ISSUER.rstrip('/')}/.well-known/openid-configuration")
            if found.get("issuer") != settings.OIDC_ISSUER or not all(_is_safe(found.get(each)) for each in ENDPOINTS):
                raise ProviderError("bad_provider")
            self._document, self._kept_until, self._quiet_until = found, now + KEPT_S, float("-inf")
            return found

    def _redeemed(self, form: dict[str, str]) -> Mapping[str, Any]:
        document = self.document()
        client, secret = settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET
        ways = document.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if secret and "client_secret_basic" in ways:
            auth = httpx.BasicAuth(quote(client, safe=""), quote(secret, safe=""))
            return _fetched("POST", document["token_endpoint"], form=form, auth=auth)
        named = {**form, "client_id": client, **({"client_secret": secret} if secret else {})}
        return _fetched("POST", document["token_endpoint"], form=named)

    def _read(self, token: str, *, nonce: str) -> Confirmed:
        try:
            header = jwt.get_unverified_header(token)
            algorithm = str(header.get("alg"))
            if algorithm not in ALGORITHMS:
                raise ProviderError("bad_token")
            said = jwt.decode(
                token,
                self._key(header.get("kid"), algorithm),
                algorithms=[algorithm],
                audience=settings.OIDC_CLIENT_ID,
                issuer=settings.OIDC_ISSUER,
                leeway=LEEWAY_S,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except jwt.PyJWTError:
            raise ProviderError("bad_token") from None  # the cause could show the token
        _check(said, nonce=nonce)
        asked_at = said.get("auth_time")
        seconds = float(asked_at) if isinstance(asked_at, int | float) else 0.0
        return Confirmed(settings.OIDC_ISSUER, said["sub"], str(said.get("acr") or ""), seconds)

    def _key(self, kid: object, algorithm: str) -> jwt.PyJWK:
        """The published key with this id; asked for anew when it is not there, since providers change theirs."""
        found = self._fitting(kid)
        if not found:
            self._renew_keys()
            found = self._fitting(kid)
        if len(found) != 1:
            raise ProviderError("bad_token")
        return jwt.PyJWK(dict(found[0]), algorithm)

    def _fitting(self, kid: object) -> list[Mapping[str, Any]]:
        if self.clock() >= self._keys_kept_until:
            return []
        signing = [each for each in self._keys if each.get("use", "sig") == "sig"]
        return [each for each in signing if kid is None or each.get("kid") == kid]

    def _renew_keys(self) -> None:
        held = _fetched("GET", self.document()["jwks_uri"]).get("keys")
        if not isinstance(held, list) or not all(isinstance(each, dict) for each in held):
            raise ProviderError("bad_provider")
        self._keys, self._keys_kept_until = held, self.clock() + KEPT_S


PROVIDER = Provider()


def _check(said: Mapping[str, Any], *, nonce: str) -> None:
    """What the library does not look at: the nonce, and for whom of several the token is. Raises ProviderError."""
    several = isinstance(said["aud"], list) and len(said["aud"]) > 1
    if "azp" in said and said["azp"] != settings.OIDC_CLIENT_ID or several and "azp" not in said:
        raise ProviderError("bad_token")
    if not secrets.compare_digest(str(said.get("nonce") or "").encode(), nonce.encode()):
        raise ProviderError("bad_token")
    if not isinstance(said["sub"], str) or not said["sub"]:
        raise ProviderError("bad_token")


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _is_safe(address: object) -> bool:
    """Whether nobody between can read what goes there; without HTTPS only where the issuer itself is this machine."""
    if not isinstance(address, str):
        return False
    try:
        parts, own = urlsplit(address), urlsplit(settings.OIDC_ISSUER)
    except ValueError:
        return False
    is_own = parts.scheme == own.scheme and parts.hostname == own.hostname
    return bool(parts.hostname) and (parts.scheme == "https" or is_own)


def _fetched(
    method: str, address: str, *, form: dict[str, str] | None = None, auth: httpx.BasicAuth | None = None
) -> Mapping[str, Any]:
    """The JSON object behind an address. Nothing of it, nor of the address, is in what is raised or logged."""
    try:
        with (
            httpx.Client(timeout=TIMEOUTS, follow_redirects=False, auth=auth) as client,
            client.stream(method, address, data=form, headers={"accept": "application/json"}) as response,
        ):
            body = _body(response)
    except (httpx.HTTPError, httpx.InvalidURL):
        raise ProviderError("unreachable") from None
    if response.status_code >= 500:
        raise ProviderError("unreachable")
    if response.status_code != 200:
        raise ProviderError("refused" if form else "bad_provider")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise ProviderError("bad_provider") from None
    if not isinstance(found, dict):
        raise ProviderError("bad_provider")
    return found


def _body(response: httpx.Response) -> bytes:
    """What came, up to a bound; raises ProviderError beyond it."""
    held, end = bytearray(), time.monotonic() + 2 * float(TIMEOUTS.read or 0)
    for chunk in response.iter_bytes():
        held += chunk
        if len(held) > MOST_BYTES or time.monotonic() > end:
            raise ProviderError("bad_provider")
    return bytes(held)
