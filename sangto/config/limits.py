"""How much one network may ask of the desk. Nothing of this is written anywhere: see `sangto.engine.buckets`.

Counted are messages, failed sign-ins, secret links that do not exist, wrong keys of programs, and what else is read.
A delivery that proves where it comes from is never held back.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from sangto.config.refused import TOO_MANY, too_many
from sangto.engine.addresses import client_network
from sangto.engine.buckets import PEPPER_LIFE_S, Buckets

logger = logging.getLogger(__name__)
INTAKE, SIGN_IN, LINKS, KEYS, READING = "intake", "sign_in", "links", "keys", "reading"
SENDS = {"ask", "contest", "answer-question", "api:send_message", "api:object", "api:answer_question"}
SIGNS_IN = {"staff:sign-in", "staff:confirm", "mfa_authenticate", "mfa_login_webauthn", "provider_back"}
SECRET = "token"  # noqa: S105 - the part of an address that is somebody's secret
# What is answered to a wrong guess.
WRONG = {LINKS: (404,), SIGN_IN: (400,)}
HOOK, API = "channels:hook", "api:"
WRONG_KEY = (401, 413)  # of a program: what holds the right one is never held back
NAMELESS = "a proxy asks without X-Forwarded-For: its requests cannot be told apart and are not limited"


class Limits:
    """Middleware: 429 with Retry-After once a budget is used up."""

    clock = staticmethod(time.monotonic)

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.buckets = Buckets(settings.LIMITS)
        self._warned = False
        self._end: threading.Timer | None = None

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The response, or 429; a wrong guess is counted after it was made."""
        response = self.get_response(request)
        name, network = view_of(request), self._network(request)
        if network is None or response.status_code == TOO_MANY:
            return response
        if name.startswith((HOOK, API)) and response.status_code in WRONG_KEY:
            wait_s = self._take(KEYS, network)
            return too_many(request, wait_s=wait_s) if wait_s else response
        guess = guessed(request)
        if guess and response.status_code in WRONG[guess]:
            self._take(guess, network)
        if not name:
            self._take(READING, network)
        return response

    def process_view(
        self, request: HttpRequest, _view: Any, _args: Any, _values: dict[str, Any]
    ) -> HttpResponseBase | None:
        """429 before the view runs, when a budget of its address is used up."""
        name, network = view_of(request), self._network(request)
        if network is None or name == HOOK:
            return None
        wait_s = self._take(INTAKE if name in SENDS and request.method == "POST" else READING, network)
        if guess := guessed(request):
            wait_s = max(wait_s, self.buckets.wait_s(guess, network, now_s=self.clock()))
        return too_many(request, wait_s=wait_s) if wait_s else None

    def _take(self, budget: str, network: str) -> float:
        if self._end is None:
            self._forget_in_a_day()
        return self.buckets.take(budget, network, now_s=self.clock())

    def _network(self, request: HttpRequest) -> str | None:
        peer, forwarded = request.META.get("REMOTE_ADDR", ""), request.headers.get("X-Forwarded-For", "")
        network = client_network(peer, forwarded, proxies=settings.PROXIES)
        if network is None and settings.HTTPS and not self._warned:
            self._warned = True
            logger.warning(NAMELESS)
        return network

    def _forget_in_a_day(self) -> None:
        """Buckets drop an old pepper when they are asked; this does it where nobody asks any more."""
        self._end = threading.Timer(PEPPER_LIFE_S, self._forget)
        self._end.daemon = True
        self._end.start()

    def _forget(self) -> None:
        self._end = None
        self.buckets.forget()


def view_of(request: HttpRequest) -> str:
    """The name of the view that answers, with its door's; empty where no address fits."""
    return str(request.resolver_match.view_name) if request.resolver_match else ""


def guessed(request: HttpRequest) -> str:
    """The budget of wrong guesses at this address, after which right ones wait too; empty where nothing is guessed."""
    match = request.resolver_match
    if match is None:
        return ""
    return LINKS if SECRET in match.kwargs else SIGN_IN if match.view_name in SIGNS_IN else ""
