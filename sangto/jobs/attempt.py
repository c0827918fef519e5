"""Do something that may fail in any way, and go on."""

import logging
import traceback
from collections.abc import Callable

logger = logging.getLogger(__name__)


def failure_of(name: str, work: Callable[[], object]) -> str:
    """Do it. The kind of error that came out of it, for the log and for a row; empty when it was done."""
    try:
        work()
    except Exception as error:  # noqa: BLE001 - whatever it was, the next round finds the same work again
        # An error's own words can hold a row's content, so only its kind and its place are logged.
        where = "".join(traceback.format_tb(error.__traceback__))
        logger.error("%s failed: %s\n%s", name, type(error).__name__, where)  # noqa: TRY400
        return type(error).__name__
    return ""
