"""The log's turn: sequence what waits, then show the new checkpoint to the witnesses."""

import logging
from datetime import datetime

from sangto.channels.witnesses import post
from sangto.ledger import actions
from sangto.ledger.guard import StandsStill

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


WATCH = Watch()
