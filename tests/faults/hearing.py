"""A program: settle a desk that stands still, and judge it. What `life` does at its end, for desks that really ran.

`python -m tests.faults.hearing` reads a pickled Case and writes a pickled Tally.
"""

import pickle
import random
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import django

from tests.faults.homes import PROJECT, Home, Outside
from tests.faults.people import People, Sent
from tests.faults.tally import Tally


@dataclass
class Hearing:
    """Whose desk it is, and what its people and members know."""

    name: str
    port: int
    sent: list[Sent] = field(default_factory=list)
    published: set[tuple[str, int]] = field(default_factory=set)
    checkpoints: set[str] = field(default_factory=set)
    destroying: set[date] = field(default_factory=set)
    dropped: int = 0
    letters: bool = True
    ahead: timedelta = timedelta(minutes=20)  # of the clock: what dead workers held is free by then


def heard(home: Home, hearing: Hearing) -> Tally:
    """The tally of a hearing; one that broke off is a fault."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.faults.hearing"], input=pickle.dumps(hearing), cwd=PROJECT,
        env=home.environment, capture_output=True, check=False,
    )  # fmt: skip
    try:
        return pickle.loads(ran.stdout)
    except (pickle.UnpicklingError, EOFError):
        return Tally(faults=[("corrupt", f"the hearing broke off: {ran.stderr.decode()[-3000:]}")])


def main() -> None:
    """Read a Hearing, write a Tally."""
    hearing: Hearing = pickle.load(sys.stdin.buffer)
    django.setup()
    from tests.faults.life import warm_up

    warm_up()
    sys.stdout.buffer.write(pickle.dumps(held(hearing)))


def held(hearing: Hearing) -> Tally:
    """Settle, and judge."""
    from django.utils import timezone

    from tests.faults.forked import Forked
    from tests.faults.rounds import Life
    from tests.faults.staff import Staff

    dice = random.Random(1)
    people = People(dice, sent=hearing.sent)
    life: Any = Life(people, Staff({}, dice, hearing.published), timezone.now() + hearing.ahead)
    life.evidence.checkpoints, life.evidence.dropped = hearing.checkpoints, hearing.dropped
    life.destroying = hearing.destroying
    desk, tally = Forked(), Tally()
    life.settle(desk)
    seen = Outside(hearing.port).seen(hearing.name)
    tally.take(life.judged(desk, seen if hearing.letters else {**seen, "letters": None}))
    desk.end()
    return tally


if __name__ == "__main__":
    main()
