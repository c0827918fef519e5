"""Replayed and reordered deliveries: each event one to five times, shuffled, over sixteen clients at once."""

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tests.faults.hearing import Hearing, heard
from tests.faults.homes import Homes
from tests.faults.people import TOPICS, Died, Sent
from tests.faults.served import Served
from tests.faults.tally import Tally

CLIENTS = 16
CHANNELS = ("api", "telegram", "web")


@dataclass
class Answers:
    """What each copy of one event was answered."""

    promises: set[tuple[str, str]] = field(default_factory=set)
    new: int = 0  # how often the desk said that it is new
    refused: int = 0


def replays(homes: Homes, *, deliveries: int, seed: int) -> Tally:
    """At least so many deliveries; Messages must be as many as events, and every copy answered alike."""
    dice, home = random.Random(seed), homes.fresh("replayed")
    events, copies = shuffled(deliveries, dice)
    answers = {each.key: Answers() for each in events}
    desk, tally = Served(home, SANGTO_WEB_THREADS="16"), Tally()
    desk.start()

    def deliver(sent: Sent) -> None:
        found = answers[sent.key]
        try:
            said = desk.http(*sent.request())
        except Died:
            found.refused += 1
            return
        if not said.fine:
            found.refused += 1
            return
        found.promises.add(sent.promised(said))
        found.new += said.status == 201 or (sent.channel == "web" and "again" not in said.headers["Location"])

    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(deliver, copies))
    for event in events:
        found = answers[event.key]
        event.promise = next(iter(found.promises), None)
        if len(found.promises) > 1:
            tally.faults.append(("doubled", f"event {event.key} was promised {len(found.promises)} different things"))
        if event.channel != "telegram" and not found.refused and found.new != 1:
            tally.faults.append(("doubled", f"event {event.key} was new {found.new} times"))
    tally.add("deliveries", len(copies))
    tally.add("events", len(events))
    tally.add("refused", sum(each.refused for each in answers.values()))
    desk.stop()
    tally.merge(heard(home, Hearing(home.name, homes.world.port, events)), where=f"{homes.kind}: ")
    homes.drop(home)
    return tally


def shuffled(deliveries: int, dice: random.Random) -> tuple[list[Sent], list[Sent]]:
    """Events, and their copies in the order in which they arrive."""
    events: list[Sent] = []
    copies: list[Sent] = []
    while len(copies) < deliveries:
        event = Sent(str(len(events) + 1), dice.choice(CHANNELS), f"{dice.choice(TOPICS)} {words(dice)}")
        events.append(event)
        copies += [event] * dice.randint(1, 5)
    dice.shuffle(copies)
    return events, copies


def words(dice: random.Random) -> str:
    """Something that makes texts differ, or not."""
    return " ".join(dice.choice(("xin", "cho", "hỏi", "giúp", "với", "ạ")) for _ in range(dice.randint(0, 3)))
