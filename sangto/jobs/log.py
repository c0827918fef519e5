"""The log's turn: sequence what waits, then show the new checkpoint to the witnesses."""

import logging
from datetime import datetime

import httpx

from sangto.ledger import actions
from sangto.ledger.actions import Said
from sangto.ledger.guard import StandsStill

TIMEOUT_S = 5
MOST_BYTES = 64 * 1024
logger = logging.getLogger(__name__)


class Watch:
    """Says once that the log stands still, and once that it goes on."""

    def __init__(self) -> None:
        self.trouble = ""

    def keep(self, now: datetime) -> None:
        """One round. A log that stands still holds nothing else up: messages are taken in, and their leaves wait."""
        try:
            actions.sequence(now=now, post=post)
            actions.ask_witnesses(post, now=now)
        except StandsStill as still:
            if still.code != self.trouble:
                logger.error("the log stands still (%s); see docs/run/ledger.md", still.code)  # noqa: TRY400
            self.trouble = still.code
            return
        if self.trouble:
            logger.warning("the log goes on")
            self.trouble = ""


def post(url: str, body: str) -> Said:
    """What a witness answers; raises OSError when it does not, within 5 s and 64 KiB."""
    try:
        with httpx.stream("POST", url, content=body.encode(), timeout=TIMEOUT_S) as response:
            text = b""
            for part in response.iter_bytes():
                text += part
                if len(text) > MOST_BYTES:
                    raise OSError("the answer is too long")
            return Said(response.status_code, text.decode(errors="replace"))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise OSError(type(error).__name__) from error


WATCH = Watch()
