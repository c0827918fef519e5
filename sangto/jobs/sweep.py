"""The rounds of the sweep: a portion of the Messages each minute, so that every one is looked at again and again."""

from datetime import datetime

from sangto.desk import actions


class Rounds:
    """Where the next portion begins. A worker that starts begins anew: a place that is lost costs nothing."""

    def __init__(self) -> None:
        self.after = 0

    def walk(self, now: datetime) -> None:
        """One portion."""
        self.after = actions.sweep(after=self.after, now=now)


ROUNDS = Rounds()
