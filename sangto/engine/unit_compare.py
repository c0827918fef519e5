"""A list of units against what is known: what it suggests, and where the two disagree. Nothing is decided here."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sangto.engine.unit_changes import Changes, Facts
from sangto.engine.unit_names import folded_key, is_same_name, stem

Key = tuple[int, str]  # level and code: no two units of one day share it


@dataclass(frozen=True)
class Listed:
    """One line of a list: `parent` is the key of the unit it belongs to, or None at the top."""

    code: str
    name: str
    kind: str
    level: int
    parent: Key | None = None
    name_en: str = ""

    @property
    def key(self) -> Key:
        """What a list knows it by."""
        return self.level, self.code


@dataclass(frozen=True)
class Known:
    """One unit that the desk knows on the day of the list: its id, its facts, and the id of its parent."""

    unit: int
    line: Listed
    parent: int | None


@dataclass(frozen=True)
class Went:
    """One arrow of a list of changes: of the old unit this went to the new one."""

    old: Key
    new: Key
    whole: bool


@dataclass(frozen=True)
class Suggested:
    """One event that a list suggests."""

    kind: str
    changes: Changes
    about: str  # a name of it, for people


@dataclass(frozen=True)
class Disagreement:
    """Something that a list and the desk say differently, and that people settle with a document.

    `code`: other_name, vanished, appeared, no_successor, no_predecessor, unknown_old, unknown_new, other_parent or
    not_shared.
    """

    code: str
    key: Key
    here: str = ""
    there: str = ""


@dataclass(frozen=True)
class Comparison:
    """What a list suggests, and where it disagrees."""

    suggested: tuple[Suggested, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()


def compare(known: Iterable[Known], listed: Sequence[Listed]) -> Comparison:
    """A list of one day without arrows: codes, names, kinds and parents that changed of units that go on.

    A unit is the same when it has the same code and name, or another code and a name that stands once in its parent on
    both sides. All else is a disagreement: a code with another name may be another unit.
    """
    here = {each.line.key: each for each in known}
    same, recoded = _matched(here, listed)
    pairs = {**same, **recoded}
    matched = {each.unit for each in pairs.values()}
    left = [each for each in here.values() if each.unit not in matched]
    fresh = [line for line in listed if line.key not in pairs]
    renamed, disagreements = _renamed(left, fresh)
    pairs |= {line.key: each for line, each in renamed}
    suggested = list(_suggested(pairs, {line.key: line for line in listed}))
    return Comparison(tuple(suggested), tuple(disagreements))


def _matched(here: Mapping[Key, Known], listed: Sequence[Listed]) -> tuple[dict[Key, Known], dict[Key, Known]]:
    same = {
        line.key: here[line.key] for line in listed if line.key in here and _is_same_unit(here[line.key].line, line)
    }
    taken = {each.unit for each in same.values()}
    by_name: dict[tuple[Any, ...], list[Known]] = defaultdict(list)
    for each in here.values():
        if each.unit not in taken:
            by_name[_where(each.line)].append(each)
    lines: dict[tuple[Any, ...], list[Listed]] = defaultdict(list)
    for line in listed:
        if line.key not in same:
            lines[_where(line)].append(line)
    recoded = {
        found[0].key: by_name[where][0]
        for where, found in lines.items()
        if len(found) == 1 and len(by_name.get(where, [])) == 1
    }
    return same, recoded


def _is_same_unit(one: Listed, other: Listed) -> bool:
    return is_same_name(one.name, other.name) or _without_kind(one) == _without_kind(other)


def _where(line: Listed) -> tuple[Any, ...]:
    return line.level, line.parent, _without_kind(line)


def _without_kind(line: Listed) -> str:
    """The folded name without the words of its kind; those differ where a unit was raised."""
    kept = stem(line.name).count(" ") + 1
    return " ".join(folded_key(line.name).split()[-kept:])


def _renamed(left: list[Known], fresh: list[Listed]) -> tuple[list[tuple[Listed, Known]], list[Disagreement]]:
    """Codes that stayed with another name. Where units also came or went in the parent, nobody can tell who is who."""
    by_key = {each.line.key: each for each in left}
    fresh_keys = {line.key for line in fresh}
    stirred = {each.line.parent for each in left if each.line.key not in fresh_keys}
    stirred |= {line.parent for line in fresh if line.key not in by_key}
    renamed, found = [], []
    for line in fresh:
        each = by_key.get(line.key)
        if each is None:
            found.append(Disagreement("appeared", line.key, there=line.name))
        elif line.parent in stirred or each.line.parent in stirred:
            found.append(Disagreement("other_name", line.key, here=each.line.name, there=line.name))
        else:
            renamed.append((line, each))
    gone = (each for each in left if each.line.key not in fresh_keys)
    found += [Disagreement("vanished", each.line.key, here=each.line.name) for each in gone]
    return renamed, found


def _suggested(pairs: Mapping[Key, Known], lines: Mapping[Key, Listed]) -> Iterable[Suggested]:
    """One event for each rename and move, one a parent for upgrades, one for each chain of codes handed on."""
    groups: dict[tuple[str, Any], list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    names: dict[tuple[str, Any], str] = {}
    ids = {key: each.unit for key, each in pairs.items()}
    for key, each in pairs.items():
        line = lines[key]
        facts = changed_facts(each, line, parent=f"u{ids[line.parent]}" if line.parent in ids else "")
        kind = kind_of_change(facts)
        if kind:
            group = (kind, _chain(key, pairs) if kind == "recode" else line.parent if kind == "upgrade" else key)
            groups[group].append((f"u{each.unit}", facts))
            names.setdefault(group, line.name)
    for group, changes in groups.items():
        yield Suggested(group[0], Changes(change=tuple(changes)), names[group])


def _chain(key: Key, pairs: Mapping[Key, Known]) -> Key:
    """One key that stands for all units which hand their codes on to each other: those change in one event."""
    seen = [key]
    while (before := pairs[seen[-1]].line.key) in pairs and before not in seen:
        seen.append(before)
    return min(seen) if pairs[seen[-1]].line.key in seen else seen[-1]


def changed_facts(known: Known, line: Listed, *, parent: str) -> dict[str, Any]:
    """What the list says otherwise of a unit that goes on; another spelling of one name is no change."""
    old = known.line
    facts: dict[str, Any] = {}
    if old.code != line.code:
        facts["code"] = line.code
    if old.kind != line.kind:
        facts["kind"] = line.kind
    if old.level != line.level:
        facts["level"] = line.level
    if not is_same_name(old.name, line.name):
        facts["name"] = line.name
        facts["name_en"] = line.name_en
    if (f"u{known.parent}" if known.parent else "") != parent:
        facts["parent"] = parent
    return facts


def kind_of_change(facts: Mapping[str, Any]) -> str:
    """What an event that changes these facts is called; empty where nothing changes."""
    kinds = (("kind", "upgrade"), ("name", "rename"), ("code", "recode"), ("parent", "move"))
    return next((kind for field, kind in kinds if field in facts), "")


def as_facts(line: Listed, *, parent: str) -> Facts:
    """The facts of a unit that a list knows and the desk does not."""
    return Facts(line.code, line.name, line.kind, line.level, parent, line.name_en)
