"""What a desk does in one trial: people write, the staff publishes, the worker works, an operator operates."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tests.faults.forked import Forked
from tests.faults.judge import Evidence, Verdict
from tests.faults.people import People
from tests.faults.staff import Staff

STEP = timedelta(minutes=11)  # longer than a batch and a lease: what a dead worker held is free in the next round
ROUNDS = ("intake", "publish", "copies", "erase", "destroy", "rotate", "mend")
CHANNELS = ("api", "web", "telegram")
MESSAGES = 2
SETTLING = 6


@dataclass
class Life:
    """A desk's life as the outside sees it; `now` is what its worker is told, ahead of what people write."""

    people: People
    staff: Staff
    now: datetime
    day: date = date(2025, 1, 1)
    evidence: Evidence = field(default_factory=Evidence)
    destroying: set[date] = field(default_factory=set)

    def begin(self, desk: Forked) -> None:
        """The desk's first round, when nobody has written yet: its keys are made."""
        desk.ask("tick")

    def round(self, desk: Forked, kind: str) -> None:
        """One round. First of all what the last one left open; raises Died."""
        self.catch_up(desk)
        self.people.write(desk.http, [self.people.dice.choice(CHANNELS) for _ in range(MESSAGES)])
        if kind in ("publish", "erase"):
            self.staff.publish_something(desk.http)
        if kind == "publish":
            self.evidence.objections |= desk.ask("contest", self.now)
        if kind == "erase":
            self.staff.correct_something(desk.http)
            desk.ask("erase", self.now)
        if kind == "copies":
            desk.ask("copies", self.now)
        if kind == "destroy":
            self.destroy_one(desk)
        if kind == "rotate":
            self.work(desk)  # a witness is never asked about a shard that it saw nothing of before it ended
            desk.ask("rotate", self.now)
        if kind == "mend":
            desk.ask("damage")
        self.work(desk)

    def catch_up(self, desk: Forked) -> None:
        """What people and operators do after a crash: look at the log, send again, destroy again."""
        self.look(desk)
        self.people.insist(desk.http)
        self._destroy(desk)

    def look(self, desk: Forked) -> None:
        """Keep the checkpoint that every reader can see now."""
        said = desk.http("GET", "/log/checkpoint", {}, b"")
        if said.status == 200:
            self.evidence.checkpoints.add(said.body.decode())

    def work(self, desk: Forked) -> None:
        """The worker's next round, some minutes later."""
        self.now += STEP
        desk.ask("work", self.now)

    def destroy_one(self, desk: Forked) -> None:
        """Destroy the key of one more day."""
        self.day += timedelta(days=1)
        self.destroying.add(self.day)
        self._destroy(desk)

    def settle(self, desk: Forked, *, rounds: int = SETTLING) -> None:
        """Nobody dies any more: until nothing is left to do."""
        self.catch_up(desk)
        for _ in range(rounds):
            self.people.insist(desk.http)
            self.work(desk)
            desk.ask("sequence", self.now)
        self.people.repeat(desk.http)
        self.look(desk)

    def judged(self, desk: Forked, seen: dict) -> Verdict:
        """The verdict on a desk that has settled."""
        self.evidence.sent, self.evidence.published = self.people.sent, self.staff.published
        self.evidence.letters, self.evidence.forks = seen["letters"], seen["forks"]
        verdict = desk.ask("judge", self.evidence)
        verdict.faults += [("doubled", each) for each in self.people.broken]
        return verdict

    def _destroy(self, desk: Forked) -> None:
        for day in sorted(self.destroying):
            desk.ask("destroy", day, self.now)
            self.evidence.destroyed.add(day.isoformat())
            self.destroying.discard(day)
