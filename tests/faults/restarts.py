"""PostgreSQL thrown down and started again, at once and again and again, while people write and two workers work."""

import random
import threading
import time

from tests.faults.hearing import heard
from tests.faults.homes import POSTGRESQL, Home, Homes, Outside
from tests.faults.served import Served
from tests.faults.servers import Server, throwaway
from tests.faults.serving import Street
from tests.faults.tally import Tally
from tests.postgres import server_binaries

WRITERS = 4


def restarts(homes: Homes, *, times: int, every_s: float, seed: int) -> Tally:
    """So many immediate restarts of a server with the safe settings."""
    if homes.kind != POSTGRESQL:
        return Tally(notice="SQLite has no server to restart")
    binaries = server_binaries()
    assert binaries
    with throwaway(binaries) as server:
        own = Homes(homes.folder / "restarted", homes.world, server=server.address)
        home = own.fresh("restarted")
        return _restarted(server, home, homes.world, times=times, every_s=every_s, seed=seed)


def _restarted(server: Server, home: Home, world: Outside, *, times: int, every_s: float, seed: int) -> Tally:
    tally, dice = Tally(), random.Random(seed)
    desk, worker = Served(home), home.start("worker")
    desk.start()
    streets = [Street(home, seed + n, first=1_000_000 * n) for n in range(WRITERS)]
    over = threading.Event()
    threads = [threading.Thread(target=_write, args=(street, desk, over)) for street in streets]
    for each in threads:
        each.start()
    for _ in range(times):
        time.sleep(dice.uniform(0.5, 1.5) * every_s)
        server.restart_at_once()
        tally.add("restarts")
        if worker.poll() is not None:
            tally.add("workers that ended")
            worker = home.start("worker")
        if not desk.alive:
            tally.faults.append(("lost", "the desk ended when its database went away"))
            desk.start()
    time.sleep(2)
    over.set()
    for each in threads:
        each.join()
    worker.terminate()
    worker.wait(60)
    desk.stop()
    tally.add("refused", sum(sent.refused for street in streets for sent in street.people.sent))
    hearing = streets[0].hearing(home, world.port)
    for street in streets[1:]:
        hearing.sent += street.people.sent
        hearing.published |= street.staff.published
        hearing.checkpoints |= street.checkpoints
    tally.merge(heard(home, hearing))
    return tally


def _write(street: Street, desk: Served, over: threading.Event) -> None:
    while not over.is_set():
        street.live(desk, until_s=1, most=1_000_000)
        time.sleep(0.05)
