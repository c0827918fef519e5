"""A program: one desk's life, in which it dies again and again. Settings come from the environment.

`python -m tests.faults.life` reads a pickled Plan and writes a pickled Tally. Everything that touches the database
happens in forked children.
"""

import pickle
import random
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import django

from tests.faults.homes import Outside
from tests.faults.tally import Tally


@dataclass(frozen=True)
class Plan:
    """`points`: which crash points to die at, one after the other; `others`: how many deaths elsewhere.

    `survey`: first one round of each kind in which nobody dies, to see which crash points they come by.
    """

    name: str
    seed: int
    port: int
    tokens: dict[str, str] = field(default_factory=dict)
    points: tuple[str, ...] = ()
    others: int = 0
    survey: bool = False


def main() -> None:
    """Live by the plan."""
    plan: Plan = pickle.load(sys.stdin.buffer)
    django.setup()
    warm_up()
    tally = live(plan)
    sys.stdout.buffer.write(pickle.dumps(tally))


def warm_up() -> None:
    """Load what a desk loads on its first requests, so that no child must do it anew. No connection is opened."""
    import httpx
    from django.test import Client

    from sangto.channels.registry import HOOKS
    from sangto.channels.telegram import TIMEOUTS
    from sangto.engine.decide import decide, joins
    from sangto.engine.learned import shipped
    from sangto.engine.match import Entry, Index
    from tests.faults.people import TOPICS

    HOOKS["telegram"]._client = httpx.Client(timeout=TIMEOUTS)  # type: ignore[attr-defined]
    desk = Client(SERVER_NAME="127.0.0.1")
    desk.get("/robots.txt")
    desk.post("/api/v1/messages", {}, content_type="application/json")
    index = Index()
    entries = [Entry(id=n, lang="vi", kind="claim", question=each, title="", text="") for n, each in enumerate(TOPICS)]
    index.replace(entries)
    for look in (decide, joins):
        look(f"{TOPICS[0]} ạ", index, kind="claim", place="", learned=shipped())


def live(plan: Plan) -> Tally:
    """Die at every point of the plan, and then elsewhere; settle; be judged."""
    from django.utils import timezone

    from tests.faults.forked import Forked, Kill
    from tests.faults.people import Died, People
    from tests.faults.rounds import Life
    from tests.faults.staff import Staff

    dice = random.Random(plan.seed)
    life = Life(People(dice), Staff(plan.tokens, dice), timezone.now() + timedelta(minutes=20))
    tally, passed = Tally(), {}

    def trial(kill: Any, kind: str) -> None:
        desk = Forked(kill)
        try:
            life.round(desk, kind)
            passed[kind] = desk.ask("passed")
        except Died:
            pass
        dead = desk.end()
        if kill != Kill():
            tally.add("kills" if dead else "missed")
        if dead and kill.at:
            tally.points[kill.at.partition(":")[0]] += 1

    desk = Forked()
    life.begin(desk)
    desk.end()
    for kind, kill in planned(plan, dice, passed):
        trial(kill, kind)
    if plan.survey:
        tally.faults += unreached(passed)
    desk = Forked(Kill())
    life.settle(desk)
    tally.take(life.judged(desk, Outside(plan.port).seen(plan.name)))
    desk.end()
    return tally


def planned(plan: Plan, dice: random.Random, passed: dict[str, tuple[dict[str, int], int]]) -> Any:
    """The round and the death of each trial, chosen by what an undisturbed round of the kind came by."""
    from tests.faults.forked import Kill
    from tests.faults.points import POINTS
    from tests.faults.rounds import ROUNDS

    yield "publish", Kill()
    for kind in ROUNDS if plan.survey else ():
        yield kind, Kill()
    for point in plan.points:
        kind = POINTS[point]
        if kind == "intake":
            kind = dice.choice(ROUNDS)
        if kind not in passed:
            yield kind, Kill()
        most = passed[kind][0].get(point, 1)
        yield kind, Kill(at=f"{point}:{dice.randint(1, most)}")
    for n in range(plan.others):
        kind = dice.choice(ROUNDS)
        if kind not in passed:
            yield kind, Kill()
        if n % 2:
            yield kind, Kill(after_s=dice.uniform(0.001, 0.35))
        else:
            yield kind, Kill(statement=dice.randint(1, max(passed[kind][1], 1)))


def unreached(passed: dict[str, tuple[dict[str, int], int]]) -> list[tuple[str, str]]:
    """The crash points that no round came by."""
    from tests.faults.points import IN_ROUNDS

    seen = {point for counts, _statements in passed.values() for point in counts}
    return [("unreached", f"no round comes by {point}") for point in sorted(set(IN_ROUNDS) - seen)]


if __name__ == "__main__":
    main()
