"""Policies (C2SP tlog-policy): which logs are trusted, and which witnesses have to have seen a checkpoint."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from sangto.engine.merkle.checkpoints import Checkpoint
from sangto.engine.merkle.notes import LOG, WITNESS, BadNote, Key, Note

NOBODY = "none"
MOST_LINES = 1000
MOST_BYTES = 256 * 1024
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_NUMBER = re.compile(r"[1-9][0-9]{0,3}")


class BadPolicy(ValueError):
    """The text is no policy: the number of the line, and why."""


@dataclass(frozen=True)
class Group:
    """Names of witnesses or groups, and how many of them are enough."""

    enough: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """Logs and witnesses with the addresses they may have, groups, and what a checkpoint needs."""

    logs: Mapping[Key, str] = field(default_factory=dict)
    witnesses: Mapping[str, tuple[Key, str]] = field(default_factory=dict)
    groups: Mapping[str, Group] = field(default_factory=dict)
    quorum: str = NOBODY

    def __str__(self) -> str:
        lines = [
            *(("log", key.vkey, url) for key, url in self.logs.items()),
            *(("witness", name, key.vkey, url) for name, (key, url) in self.witnesses.items()),
            *(("group", name, str(group.enough), *group.members) for name, group in self.groups.items()),
            ("quorum", self.quorum),
        ]
        return "".join(" ".join(filter(None, words)) + "\n" for words in lines)

    @classmethod
    def read(cls, text: str) -> Self:
        """The policy of a text; raises BadPolicy with the line that is wrong.

        Bytes that are not UTF-8 may stand in comments, names and addresses: decode them with `surrogateescape`.
        """
        if len(text.encode(errors="surrogatepass")) > MOST_BYTES or text.count("\n") > MOST_LINES:
            raise BadPolicy("a policy is not that long")
        reading = _Reading()
        for number, line in enumerate(text.split("\n"), start=1):
            try:
                reading.read(line)
            except ValueError as error:  # of a key or of this module
                raise BadPolicy(f"line {number}: {error}") from error
        if reading.quorum is None:
            raise BadPolicy("there is no quorum line")
        return cls(reading.logs, reading.witnesses, reading.groups, reading.quorum)

    def check(self, note: Note) -> tuple[Checkpoint, dict[Key, int]]:
        """The note's checkpoint, and who cosigned it when.

        Raises BadNote unless a trusted log of the checkpoint's origin signed it, and enough witnesses saw it.
        """
        checkpoint = Checkpoint.read(note.text)
        witnesses = {key for key, _url in self.witnesses.values()}
        signed = note.signed_by([*self.logs, *witnesses])
        if not any(key.type == LOG and key.name == checkpoint.origin for key in signed):
            raise BadNote("no log that the policy names signed it")
        seen = {key: at for key, at in signed.items() if key in witnesses}
        if not self.is_enough(self.quorum, set(seen)):
            raise BadNote("too few witnesses have seen it")
        return checkpoint, seen

    def is_enough(self, name: str, seen: set[Key]) -> bool:
        """Whether the named witness or group (or nobody) is satisfied by the keys."""
        satisfied = {NOBODY, *(each for each, (key, _url) in self.witnesses.items() if key in seen)}
        for each, group in self.groups.items():  # a group stands behind its members
            if len(satisfied & {*group.members}) >= group.enough:
                satisfied.add(each)
        return name in satisfied


class _Reading:
    """A policy as far as it was read."""

    def __init__(self) -> None:
        self.logs: dict[Key, str] = {}
        self.witnesses: dict[str, tuple[Key, str]] = {}
        self.groups: dict[str, Group] = {}
        self.grouped: set[str] = set()
        self.quorum: str | None = None

    def read(self, line: str) -> None:
        if _CONTROL.search(line):
            raise BadPolicy("there is a control character")
        word, *rest = re.split("[ \t]+", line.strip(" \t"))
        if not word or word.startswith("#"):
            return
        takers = {"log": self._log, "witness": self._witness, "group": self._group, "quorum": self._quorum}
        if word not in takers:
            raise BadPolicy(f"the word {word!r} is unknown")
        takers[word](rest)

    def _log(self, rest: list[str]) -> None:
        vkey, url = _one_or_two(rest)
        key = Key.read(vkey)
        if key.type != LOG or any(key.public == other.public for other in self.logs):
            raise BadPolicy("a log has a log's key, and is named once")
        self.logs[key] = url

    def _witness(self, rest: list[str]) -> None:
        if not rest:
            raise BadPolicy("a witness has a name")
        vkey, url = _one_or_two(rest[1:])
        key = Key.read(vkey)
        if key.type != WITNESS or any(key.public == other.public for other, _url in self.witnesses.values()):
            raise BadPolicy("a witness has a witness's key, and is named once")
        self.witnesses[self._new(rest[0])] = (key, url)

    def _group(self, rest: list[str]) -> None:
        if len(rest) < 3:
            raise BadPolicy("a group has a name, a number and members")
        name, number, *members = rest
        if len({*members}) != len(members) or not all(self._is_known(each) for each in members):
            raise BadPolicy("a member of a group is named on a line before, and once")
        if self.grouped & {*members}:
            raise BadPolicy("a member of a group is in no other group")
        enough = {"any": 1, "all": len(members)}.get(number) or (int(number) if _NUMBER.fullmatch(number) else 0)
        if not 0 < enough <= len(members):
            raise BadPolicy("a group asks for any, all, or as many as it has at most")
        self.groups[self._new(name)] = Group(enough, tuple(members))
        self.grouped |= {*members}

    def _quorum(self, rest: list[str]) -> None:
        if self.quorum is not None or len(rest) != 1 or not (rest[0] == NOBODY or self._is_known(rest[0])):
            raise BadPolicy("there is one quorum, of a name that was named before")
        self.quorum = rest[0]

    def _is_known(self, name: str) -> bool:
        return name in self.witnesses or name in self.groups

    def _new(self, name: str) -> str:
        if self._is_known(name) or name == NOBODY:
            raise BadPolicy("the name is taken")
        return name


def _one_or_two(rest: list[str]) -> tuple[str, str]:
    if len(rest) not in (1, 2):
        raise BadPolicy("a key, and after it an address or nothing")
    return rest[0], rest[1] if len(rest) == 2 else ""
