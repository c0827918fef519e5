"""What is checked after every case besides its own line."""

import logging
import resource

import pytest

from tests.channels.stand_in import SECRET, bot_api
from tests.hostile.doors import Doors, whole_rows

__all__ = ["bot_api"]
MEMORY_BYTES = 300_000_000
GOOD = "Đèn đường ở ngõ Hoa Sữa hỏng ba hôm nay"
PROBE_CHARS = 24  # of an input, looked for in the log


@pytest.fixture
def doors(day_keys, settings, caplog):
    """The doors, and the six common checks once the case is over."""
    settings.TELEGRAM_TOKEN, settings.TELEGRAM_SECRET = "4815162342:canary-token-AAE", SECRET
    caplog.set_level(logging.DEBUG)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    opened = Doors()
    yield opened
    never_broken(opened, caplog)
    assert whole_rows()
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert grown < MEMORY_BYTES
    assert nothing_logged(opened.sent, caplog.text)
    assert nothing_echoed(opened)
    served_all_the_same(opened)


def never_broken(opened: Doors, caplog: pytest.LogCaptureFixture) -> None:
    assert [heard for heard in opened.heard if heard.status >= 500] == []
    assert [each.getMessage() for each in caplog.records if each.exc_info or each.levelno >= logging.ERROR] == []


def nothing_logged(sent: list[str], log: str) -> bool:
    probes = [text.strip()[:PROBE_CHARS] for text in sent]
    return not any(probe in log for probe in probes if len(probe) >= 6)


def nothing_echoed(opened: Doors) -> bool:
    pairs = [(text, heard) for text, heard in zip(opened.sent, opened.heard, strict=True) if heard.door == "web"]
    return not any("<" in text and text in heard.said for text, heard in pairs)


def served_all_the_same(opened: Doors) -> None:
    for heard in opened.each(GOOD).values():
        assert heard.kept is not None, heard.door
        assert heard.kept.text == GOOD
