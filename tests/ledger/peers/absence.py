"""What a test does where software by other people is not installed: it skips, and the run says so in a frame."""

import functools
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.ledger.peers.environment import Absent, missing, notice


@contextmanager
def or_skip() -> Iterator[None]:
    """Skip the test when what it does inside needs a peer that is not installed."""
    try:
        yield
    except Absent as absent:
        pytest.skip(str(absent))


@functools.cache
def say_what_is_missing(config: pytest.Config) -> None:
    """Print the notice, once a run and past pytest's capturing, where a peer is missing."""
    lacking = missing()
    capture = config.pluginmanager.getplugin("capturemanager")
    if lacking and capture:
        with capture.global_and_fixture_disabled():
            print(notice(lacking), flush=True)
