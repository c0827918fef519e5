"""A program: a desk whose clock jumps. It runs under libfaketime, which reads the offset from a file at each look.

`python -m tests.faults.clocked` reads a pickled Plan and writes what was counted and what the judge must know,
for a hearing under a true clock. Forked children stand for the processes
of the desk; their worker asks the database for the time, as the real one does.
"""

import pickle
import random
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

from tests.faults.hearing import Hearing
from tests.faults.life import warm_up
from tests.faults.tally import Tally

PAGES = ("/", "/log", "/answers", "/api/v1/answers")


@dataclass(frozen=True)
class Plan:
    """`offsets`: where the clock jumps to, in seconds from the true time; after each it goes back."""

    name: str
    seed: int
    port: int
    clock: str
    tokens: dict[str, str] = field(default_factory=dict)
    offsets: tuple[float, ...] = ()


def main() -> None:
    """Read a Plan, write a Tally and a Hearing."""
    plan: Plan = pickle.load(sys.stdin.buffer)
    django.setup()
    warm_up()
    sys.stdout.buffer.write(pickle.dumps(run(plan)))


def run(plan: Plan) -> tuple[Tally, Hearing]:
    """Jump to each offset and back: messages on both sides, a worker that died with a lease, pages that tell ages."""
    from django.utils import timezone

    from tests.faults.forked import Forked, Kill
    from tests.faults.people import Died, People
    from tests.faults.rounds import Life
    from tests.faults.staff import Staff

    dice, tally = random.Random(plan.seed), Tally()
    life = Life(People(dice), Staff(plan.tokens, dice), timezone.now())
    clock = Clock(Path(plan.clock))

    def in_child(act: Callable[[Any], None], kill: Any = Kill()) -> None:  # noqa: B008 - frozen
        desk = Forked(kill)
        with suppress(Died):
            act(desk)
        tally.add("kills", desk.end())

    def day(desk: Any) -> None:
        life.catch_up(desk)
        life.people.write(desk.http, ["telegram", "api"])
        life.staff.publish_something(desk.http)
        desk.ask("tick")
        for page in PAGES:
            said = desk.http("GET", page, {}, b"")
            if said.status != 200:
                tally.faults.append(("lost", f"{page} is {said.status}"))

    in_child(life.begin)
    for offset in plan.offsets:
        clock.jump(0)
        in_child(day)
        in_child(lambda desk: desk.ask("tick"))
        clock.jump(offset)
        in_child(day)
        in_child(
            lambda desk: (life.people.write(desk.http, ["telegram"]), desk.ask("tick")), Kill(at="reply.claimed:1")
        )
        tally.add("jumps", 2)
    clock.jump(0)
    hearing = Hearing(plan.name, plan.port, life.people.sent, life.staff.published, life.evidence.checkpoints)
    # What a false clock put off has two hours: no more, whatever the false clock was.
    hearing.ahead = timedelta(hours=2)
    return tally, hearing


class Clock:
    """The file that libfaketime reads."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def jump(self, offset_s: float) -> None:
        """The clock is so many seconds off from now on."""
        self.file.write_text(f"{offset_s:+.0f}")


if __name__ == "__main__":
    main()
