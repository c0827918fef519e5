"""Witnesses in memory, each with a state of its own: our own `cosign` behind a network that can fail or lie."""

from collections.abc import Callable
from datetime import datetime

import pytest

from sangto.engine.merkle.notes import WITNESS, Key, Signer
from sangto.engine.merkle.policies import Policy
from sangto.ledger.actions import Said, ask_witnesses, cosign
from sangto.ledger.guard import StandsStill
from sangto.ledger.models import Head, Neighbour
from sangto.ledger.queries import Seen, standing
from tests.ledger.steps import BATCH, put, run

Answer = Callable[[str], Said]


class StandIn:
    """One witness. It knows every shard that the database has."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.signer = Signer(f"{name}.example.org/w", WITNESS, name.encode().ljust(32, b"."))
        self.requests: list[str] = []
        self.answer: Answer | None = None  # instead of the protocol
        self._rows: list[Neighbour] = []

    @property
    def key(self) -> Key:
        return self.signer.key

    def say(self, status: int, text: str = "") -> None:
        """From now on it says this to everything."""
        self.answer = lambda _body: Said(status, text)

    def be_away(self) -> None:
        def answer(_body: str) -> Said:
            raise TimeoutError("nobody there")

        self.answer = answer

    def be_right(self) -> None:
        self.answer = None

    def take(self, body: str, *, now: datetime) -> Said:
        self.requests.append(body)
        return self.answer(body) if self.answer else self.follow_protocol(body, now=now)

    def follow_protocol(self, body: str, *, now: datetime) -> Said:
        Neighbour.objects.all().delete()  # the table is the state of whoever is asked
        Neighbour.objects.bulk_create(self._rows)
        logs = Policy(logs={Key.read(vkey): "" for vkey in Head.objects.values_list("vkey", flat=True)})
        verdict = cosign(body.encode(), logs=logs, signer=self.signer, now=now)
        self._rows = list(Neighbour.objects.all())
        return Said(verdict.status, verdict.text)

    def seen(self, origin: str) -> int:
        """The size of the newest checkpoint it cosigned."""
        return next((row.size for row in self._rows if row.origin == origin), 0)


class Net:
    """Where the witnesses are: `post` is what the log is given."""

    def __init__(self, names: tuple[str, ...], *, quorum: str, now: datetime) -> None:
        self.now = now
        self.witnesses = {name: StandIn(name) for name in names}
        lines = [f"witness {each.name} {each.key.vkey} https://{each.name}/" for each in self.witnesses.values()]
        group = [f"group two 2 {' '.join(names)}"] if len(names) > 1 else []
        self.policy = "\n".join([*lines, *group, f"quorum {quorum}", ""])

    def __getitem__(self, name: str) -> StandIn:
        return self.witnesses[name]

    def post(self, url: str, body: str) -> Said:
        name, _, path = url.removeprefix("https://").partition("/")
        assert path == "add-checkpoint"
        return self.witnesses[name].take(body, now=self.now)


def grow(net: Net, now: datetime, *, first: int, count: int = 2, ask: bool = True) -> int:
    """One batch, shown to the witnesses; how many cosigned."""
    put(count, now=now, first=first)
    run(now)
    net.now = now + BATCH
    return ask_witnesses(net.post, now=now + BATCH) if ask else 0


def view(name: str) -> Seen:
    """What the log knows of a witness."""
    return next(each for each in standing().witnesses if each.name == f"{name}.example.org/w")


def still(act: Callable[[], object]) -> str:
    """Why the log stands still."""
    with pytest.raises(StandsStill) as stands:
        act()
    return stands.value.code
