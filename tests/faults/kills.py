"""Logical kills: at every crash point with many seeds, at any statement, at any moment; then all must be there."""

import pickle
import random
import subprocess
import sys
from collections.abc import Iterator

from tests.faults.homes import PROJECT, Homes
from tests.faults.life import Plan
from tests.faults.points import IN_ROUNDS
from tests.faults.tally import Tally

DEATHS_A_LIFE = 40


def kills(homes: Homes, *, seeds: int, others: int, seed: int) -> Tally:
    """`seeds` deaths at every crash point and `others` elsewhere, in lives of some forty deaths each."""
    tally = Tally()
    for n, (points, more) in enumerate(lives(seeds, others, random.Random(seed))):
        home = homes.fresh("life")
        plan = Plan(home.name, seed * 1000 + n, homes.world.port, home.tokens, points, more)
        tally.merge(lived(plan, home.environment), where=f"{homes.kind} life {plan.seed}: ")
        homes.drop(home)
    tally.add("lives", n + 1)
    return tally


def survey(homes: Homes, *, others: int, seed: int) -> Tally:
    """One life that begins with a look at which crash points there are, and dies at some of them and elsewhere."""
    dice, home = random.Random(seed), homes.fresh("survey")
    points = tuple(dice.sample(sorted(IN_ROUNDS), 2 * others))
    tally = lived(Plan(home.name, seed, homes.world.port, home.tokens, points, others, survey=True), home.environment)
    homes.drop(home)
    return tally


def lives(seeds: int, others: int, dice: random.Random) -> Iterator[tuple[tuple[str, ...], int]]:
    """The points of each life, in any order, and its share of the other deaths."""
    points = [point for point in IN_ROUNDS for _ in range(seeds)]
    dice.shuffle(points)
    size = max(DEATHS_A_LIFE - round(DEATHS_A_LIFE * others / max(len(points) + others, 1)), 1)
    parts = [tuple(points[at : at + size]) for at in range(0, len(points), size)] or [()]
    for n, part in enumerate(parts):
        yield part, others // len(parts) + (n < others % len(parts))


def lived(plan: Plan, environment: dict[str, str]) -> Tally:
    """The tally of one life; a life that broke off is a fault."""
    command = [sys.executable, "-m", "tests.faults.life"]
    ran = subprocess.run(
        command, input=pickle.dumps(plan), cwd=PROJECT, env=environment, capture_output=True, check=False
    )
    try:
        return pickle.loads(ran.stdout)
    except (pickle.UnpicklingError, EOFError):
        return Tally(faults=[("corrupt", f"the life broke off: {ran.stderr.decode()[-3000:]}")])
