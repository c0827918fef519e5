"""Send what is due: lease, send with no transaction open, mark."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from cryptography.exceptions import InvalidTag

from sangto.channels.base import Channel, SendError
from sangto.channels.letters import letter_text
from sangto.channels.on_page import OnPage
from sangto.channels.registry import CHANNELS, HOOKS, ON_PAGE
from sangto.desk import actions
from sangto.desk.queries.replies import Letter, letter_for, replies_due
from sangto.engine.crash import crash_point
from sangto.vault.keystore import KeyGone, KeyLocked

# A lease lasts 120 s from `now`. Nothing is claimed later than this after it, so none ends while its letter is sent.
CLAIMING_S = 60
LOCKED_S = 600


def deliver(*, now: datetime, limit: int = 50) -> int:
    """Try to send the Replies that are due, oldest first; returns how many reached their channel.

    Those that wait on a page alone are told all at once, before the others.
    """
    until = time.monotonic() + CLAIMING_S
    sent = actions.tell_on_pages(ON_PAGE, now=now)
    for reply in replies_due(now=now, limit=limit):
        if time.monotonic() > until:
            break
        token = actions.claim(reply, now=now)
        if token is None:
            continue
        if reply.tries >= reply.MOST_TRIES:  # each time something broke that nobody foresaw; see the log
            actions.give_up(reply, token=token, error="too_many_tries", now=now)
            continue
        crash_point("reply.claimed")
        failure = _failure(partial(letter_for, reply))
        if failure is None:
            crash_point("reply.sent")
            sent += actions.finish(reply, token=token, now=now)
            crash_point("reply.marked")
        elif failure.permanent:
            actions.give_up(reply, token=token, error=failure.code, now=now)
        else:
            wait = timedelta(seconds=failure.wait_s)
            actions.retry(reply, token=token, error=failure.code, now=now, wait=wait)
    return sent


def _failure(opened: Callable[[], Letter]) -> SendError | None:
    """Open the letter and send it; what stood in the way, or None when its channel has taken it."""
    try:
        letter = opened()
        channel = _channel_for(letter)
        channel.send(letter_text(letter) if channel.pushes else "", address=letter.address)
    except SendError as error:
        return error
    except KeyGone:
        return SendError("key_gone", permanent=True)
    except KeyLocked:
        return SendError("key_locked", wait_s=LOCKED_S)  # ours to repair: the letter waits, and no try is counted
    except InvalidTag:
        return SendError("wrong_key", permanent=True)
    return None


def _channel_for(letter: Letter) -> Channel:
    """The Message's own; its page where an address is needed and its sender had it forgotten."""
    name = letter.message.channel
    return OnPage() if name in HOOKS and letter.address is None else CHANNELS[name]
