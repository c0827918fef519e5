"""The real desk, killed: `sangto serve` under kill -9 at crash points and at random moments, while people write."""

import random
import signal
import threading
import time

from tests.faults.hearing import Hearing, heard
from tests.faults.homes import Home, Homes
from tests.faults.people import Died, People
from tests.faults.served import Served
from tests.faults.staff import Staff
from tests.faults.tally import Tally

POINTS = (
    "intake.kept", "intake.before_commit", "intake.committed", "intake.answering", "reply.claimed", "reply.sent",
    "reply.marked", "follow_up.before_commit", "publish.logged", "publish.before_commit", "publish.committed",
)  # fmt: skip
LOG_POINTS = (
    "ledger.rows_placed",
    "ledger.committed",
    "ledger.signed",
    "tile.written",
    "file.renamed",
    "witness.answered",
)
CHANNELS = ("api", "telegram")


class Street:
    """Everybody around one real desk, in this process: nothing of the desk's death touches what they know."""

    def __init__(self, home: Home, seed: int, *, first: int = 0) -> None:
        self.dice = random.Random(seed)
        self.people, self.staff = People(self.dice, first=first), Staff(home.tokens, self.dice)
        self.checkpoints: set[str] = set()

    def live(self, desk: Served, *, until_s: float, most: int = 200) -> None:
        """Write, publish, look at the log; ends when the desk is dead, or the time is over."""
        until = time.monotonic() + until_s
        try:
            self.people.insist(desk.http)
            while time.monotonic() < until and len(self.people.sent) < most:
                self.people.write(desk.http, [self.dice.choice(CHANNELS)])
                if self.dice.random() < 0.3:
                    self.staff.publish_something(desk.http)
                said = desk.http("GET", "/log/checkpoint", {}, b"")
                if said.status == 200:
                    self.checkpoints.add(said.body.decode())
        except Died:
            return

    def hearing(self, home: Home, port: int) -> Hearing:
        return Hearing(home.name, port, self.people.sent, self.staff.published, self.checkpoints)


def serving(homes: Homes, *, kills: int, seed: int) -> Tally:
    """So many deaths of one real desk; the log's own program is killed too, while the desk serves."""
    tally, home = Tally(), homes.fresh("served")
    street, desk = Street(home, seed), Served(home)
    for n in range(kills):
        point = street.dice.choice(POINTS) if n % 2 else ""
        desk.start(**({"CRASH_AT": f"{point}:{street.dice.randint(1, 2)}"} if point else {}))
        if n % 3 == 2:
            at = f"{street.dice.choice(LOG_POINTS)}:1"
            tally.add("kills", home.run("ledger", "publish", CRASH_AT=at).returncode == -signal.SIGKILL)
        _live_until_death(street, desk, most=(n + 1) * 12, at_random=not point)
        tally.add("kills")
        tally.points[point or "any moment"] += 1
    tally.merge(heard(home, street.hearing(home, homes.world.port)), where=f"{homes.kind}: ")
    homes.drop(home)
    return tally


def _live_until_death(street: Street, desk: Served, *, most: int, at_random: bool) -> None:
    """Go on until the desk dies by itself, or is killed at a moment of ours."""
    timer = threading.Timer(street.dice.uniform(0.5, 4.0), desk.kill)
    if at_random:
        timer.start()
    street.live(desk, until_s=5, most=most)
    if at_random:
        timer.join()
    desk.kill()
