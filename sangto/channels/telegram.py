"""Telegram: a Bot API webhook in, `sendMessage` out."""

import hmac
import threading
import time
from collections.abc import Mapping

import httpx
from django.conf import settings

from sangto.channels.base import Answering, Correction, Ignored, Refusal, SendError
from sangto.channels.telegram_update import read_update
from sangto.desk.actions import Incoming

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
TIMEOUTS = httpx.Timeout(10, connect=5)  # seconds
LONGEST_WAIT_S = 6 * 3600
WRONG_TOKEN = (401, 404)
TEXT_CHARS = 4096


class Telegram:
    """One bot. Settings are read at each use; the connection is kept open between sends."""

    pushes = True

    def __init__(self) -> None:
        self._client: httpx.Client | None = None
        self._connecting = threading.Lock()
        self._quiet_until = 0.0  # on the monotonic clock: the bot was told to wait, whoever the next letter is for

    def is_authentic(self, headers: Mapping[str, str], *, body: bytes) -> bool:
        """Whether the secret header is the configured one, in constant time; without a configured one, never."""
        given = headers.get(SECRET_HEADER, "").encode(errors="replace")
        expected = settings.TELEGRAM_SECRET.encode()
        return hmac.compare_digest(given, expected) and bool(expected)

    def parse(self, body: bytes) -> Incoming | Answering | Correction | Refusal | Ignored:
        """What the update holds."""
        return read_update(body, bot=settings.TELEGRAM_TOKEN.partition(":")[0])

    def answer(self, text: str, *, address: str) -> dict[str, object]:
        """A method call as the response to the webhook, which the Bot API carries out."""
        return {"method": "sendMessage", **_letter(text, address)}

    def send(self, text: str, *, address: str | None) -> None:
        """Call `sendMessage`; raises SendError, permanent when the person or the chat is out of reach for good."""
        if address is None:
            raise SendError("no_address", permanent=True)
        if not settings.TELEGRAM_TOKEN:
            raise SendError("not_configured")
        wait_s = round(self._quiet_until - time.monotonic())
        if wait_s > 0:
            raise SendError("rate_limited", wait_s=wait_s)
        response = self._call(_letter(text, address))
        if response.status_code != 200:
            raise self._failure(response)

    def close(self) -> None:
        """Close the kept connection; the next send opens another."""
        if self._client:
            self._client.close()
        self._client, self._quiet_until = None, 0.0

    def _call(self, letter: dict[str, object]) -> httpx.Response:
        with self._connecting:
            client = self._client = self._client or httpx.Client(timeout=TIMEOUTS)
        try:
            return client.post(f"{settings.TELEGRAM_API}/bot{settings.TELEGRAM_TOKEN}/sendMessage", json=letter)
        except httpx.TimeoutException:
            raise SendError("timeout") from None  # the cause could show the address, which holds the token
        except (httpx.HTTPError, httpx.InvalidURL):
            raise SendError("unreachable") from None

    def _failure(self, response: httpx.Response) -> SendError:
        status = response.status_code
        if status == 429:
            wait_s = _retry_after_s(response)
            self._quiet_until = time.monotonic() + wait_s
            return SendError("rate_limited", wait_s=wait_s)
        if status == 403:
            return SendError("blocked", permanent=True)
        # A wrong token is ours to repair: the letters wait. Any other 4xx says that this letter will never pass.
        return SendError(f"http_{status}", permanent=400 <= status < 500 and status not in WRONG_TOKEN)


def _letter(text: str, address: str) -> dict[str, object]:
    return {"chat_id": address, "text": text[:TEXT_CHARS], "link_preview_options": {"is_disabled": True}}


def _retry_after_s(response: httpx.Response) -> int:
    try:
        wait_s = response.json()["parameters"]["retry_after"]
    except (ValueError, KeyError, TypeError):
        return 0
    return min(max(wait_s, 0), LONGEST_WAIT_S) if isinstance(wait_s, int) else 0
