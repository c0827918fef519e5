"""What a failed request leaves in the log: the kind of the error and its place, never the path or any value."""

import logging
import traceback


class OnlyKindAndPlace(logging.Filter):
    """Rewrites Django's record of a failed request: its path can hold a follow link, its error a row's content."""

    def filter(self, record: logging.LogRecord) -> bool:
        """The record is stripped in place. False for a 503: whoever refused said why, and nothing is to be mended."""
        if getattr(record, "status_code", 0) == 503:
            return False
        if not hasattr(record, "stripped"):  # one record passes every handler
            kind, _, trace = record.exc_info or (None, None, None)
            where = "".join(traceback.format_tb(trace))
            record.msg, record.args = "a request failed: %s\n%s", (kind.__name__ if kind else "no exception", where)
            record.exc_info = record.exc_text = record.stack_info = None
            record.stripped = True
        return True
