"""An older database put back: the log stands still and does not fork, people are taken in, `recover` heals."""

import copy
import random

from tests.faults.hearing import Hearing, heard
from tests.faults.homes import Home, Homes
from tests.faults.people import Died
from tests.faults.served import Served
from tests.faults.serving import Street
from tests.faults.tally import Tally

DEATHS = ("recover.taken:1", "recover.before_commit:1", "recover.committed:1", "")


def older(homes: Homes, *, times: int, seed: int) -> Tally:
    """So many desks that go back to an older database, and their recovery killed at each of its points."""
    tally = Tally()
    for n in range(times):
        home = homes.fresh("older")
        tally.merge(_put_back(homes, home, random.Random(seed + n)), where=f"{homes.kind}: ")
        homes.drop(home)
    return tally


def _put_back(homes: Homes, home: Home, dice: random.Random) -> Tally:
    tally, desk = Tally(), Served(home)
    street = Street(home, dice.randrange(1_000_000))
    _write(home, desk, street, 6)
    backup = homes.twin(home, "backup")
    homes.copy_database(home, backup)
    kept = copy.deepcopy(street)
    _write(home, desk, street, 5)
    dropped = len(street.people.sent) - len(kept.people.sent)
    homes.copy_database(backup, home)

    if home.run("ledger", "publish").returncode != 1:
        tally.faults.append(("forks", "the log went on from an older database"))
    # People write meanwhile, under keys that nobody has used.
    kept.people.first += dropped
    desk.start()
    kept.live(desk, until_s=20, most=len(kept.people.sent) + 3)
    desk.stop()
    for point in DEATHS:
        code = home.run("ledger", "recover", CRASH_AT=point).returncode
        tally.add("kills", code == -9)
        if code not in (0, -9):
            tally.faults.append(("lost", f"recovery ended with {code}"))
    tally.add("put back")
    tally.add("leaves taken back", dropped)
    hearing: Hearing = kept.hearing(home, homes.world.port)
    hearing.checkpoints |= street.checkpoints
    hearing.dropped, hearing.letters = dropped, False  # numbers come twice: the older database gives them again
    tally.merge(heard(home, hearing))
    return tally


def _write(home: Home, desk: Served, street: Street, count: int) -> None:
    """So many messages, acknowledged, in the log."""
    desk.start()
    try:
        street.people.write(desk.http, ["api", "telegram"] * count)
        said = desk.http("GET", "/log/checkpoint", {}, b"")
        street.checkpoints |= {said.body.decode()} if said.status == 200 else set()
    except Died:
        pass
    desk.stop()
    assert home.run("ledger", "publish").returncode == 0
