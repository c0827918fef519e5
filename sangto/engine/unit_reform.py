"""A list of new units with arrows from old ones: the events it suggests, each able to stand alone, and what is missing.

A new unit with one old one that went over whole is that unit still. All that hangs together becomes one event: units
that share an old one, and everything in a parent that begins or ends with it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sangto.engine.unit_changes import Changes, Facts
from sangto.engine.unit_compare import (
    Comparison,
    Disagreement,
    Key,
    Known,
    Listed,
    Suggested,
    Went,
    as_facts,
    changed_facts,
    kind_of_change,
)


@dataclass
class _Sets:
    """Which keys hang together (union-find)."""

    above: dict[Any, Any] = field(default_factory=dict)

    def top(self, key: Any) -> Any:
        """The one key that stands for all that hang together with this one."""
        while (up := self.above.setdefault(key, key)) != key:
            self.above[key] = self.above[up]
            key = self.above[key]
        return key

    def join(self, one: Any, other: Any) -> None:
        """From now on the two hang together."""
        self.above[self.top(one)] = self.top(other)


def compare_reform(known: Iterable[Known], listed: Sequence[Listed], went: Iterable[Went]) -> Comparison:
    """The events that lead from what is known to the list along the arrows."""
    here, lines = {each.line.key: each for each in known}, {line.key: line for line in listed}
    arrows, disagreements = _sound(went, here, lines)
    old_of: dict[Key, list[Went]] = defaultdict(list)
    for each in arrows:
        old_of[each.new].append(each)
    same = {new: here[found[0].old] for new, found in old_of.items() if len(found) == 1 and found[0].whole}
    refs = {key: f"u{same[key].unit}" if key in same else f"n{n}" for n, key in enumerate(lines, 1)}
    sets = _together(here, lines, arrows, same)
    disagreements += _missing(here, lines, arrows)
    parts = _parts(here, lines, arrows, same, refs, sets)
    suggested = [each for each in (_event(part) for part in parts.values()) if each]
    return Comparison(tuple(suggested), tuple(disagreements))


def _sound(
    went: Iterable[Went], here: Mapping[Key, Known], lines: Mapping[Key, Listed]
) -> tuple[list[Went], list[Disagreement]]:
    arrows, found = [], []
    for each in dict.fromkeys(went):
        if each.old not in here:
            found.append(Disagreement("unknown_old", each.old, there=str(each.new)))
        elif each.new not in lines:
            found.append(Disagreement("unknown_new", each.new, here=here[each.old].line.name))
        else:
            arrows.append(each)
    shares: dict[Key, list[bool]] = defaultdict(list)
    for each in arrows:
        shares[each.old].append(each.whole)
    wrong = {old for old, wholes in shares.items() if True in wholes and len(wholes) > 1 or wholes == [False]}
    found += [Disagreement("not_shared", old, here=here[old].line.name) for old in sorted(wrong)]
    return [each for each in arrows if each.old not in wrong], found


def _missing(here: Mapping[Key, Known], lines: Mapping[Key, Listed], arrows: list[Went]) -> list[Disagreement]:
    old, new = {each.old for each in arrows}, {each.new for each in arrows}
    found = [Disagreement("no_successor", key, here=here[key].line.name) for key in here if key not in old]
    return found + [Disagreement("no_predecessor", key, there=lines[key].name) for key in lines if key not in new]


def _together(
    here: Mapping[Key, Known], lines: Mapping[Key, Listed], arrows: list[Went], same: Mapping[Key, Known]
) -> _Sets:
    sets, goes_on = _Sets(), {each.unit for each in same.values()}
    by_id = {each.unit: each.line.key for each in here.values()}
    for each in arrows:
        sets.join(("old", each.old), ("new", each.new))
    for key in lines.keys() & here.keys():  # whoever takes a code over begins when its holder ends
        sets.join(("old", key), ("new", key))
    for key, line in lines.items():
        if line.parent is not None and line.parent not in same:
            sets.join(("new", key), ("new", line.parent))
    for key, old in here.items():
        if old.parent in by_id and old.parent not in goes_on:
            sets.join(("old", key), ("old", by_id[old.parent]))
    return sets


@dataclass
class _Part:
    """What one event is made of."""

    begin: list[tuple[str, Facts]] = field(default_factory=list)
    change: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    end: list[str] = field(default_factory=list)
    arrows: list[tuple[str, str, str]] = field(default_factory=list)
    names: list[tuple[int, str]] = field(default_factory=list)


def _parts(
    here: Mapping[Key, Known],
    lines: Mapping[Key, Listed],
    arrows: list[Went],
    same: Mapping[Key, Known],
    refs: Mapping[Key, str],
    sets: _Sets,
) -> dict[Any, _Part]:
    parts: dict[Any, _Part] = defaultdict(_Part)
    for key, line in lines.items():
        part, parent = parts[sets.top(("new", key))], refs.get(line.parent, "") if line.parent else ""
        part.names.append((line.level, line.name))
        if key not in same:
            part.begin.append((refs[key], as_facts(line, parent=parent)))
        elif facts := changed_facts(same[key], line, parent=parent):
            part.change.append((refs[key], facts))
    goes_on = {each.unit for each in same.values()}
    for key, each in here.items():
        if each.unit not in goes_on:
            parts[sets.top(("old", key))].end.append(f"u{each.unit}")
    for went in arrows:
        if went.new not in same:
            share = "whole" if went.whole else "part"
            arrow = (f"u{here[went.old].unit}", refs[went.new], share)
            parts[sets.top(("new", went.new))].arrows.append(arrow)
    return parts


def _event(part: _Part) -> Suggested | None:
    changes = Changes(tuple(part.begin), tuple(part.change), tuple(part.end), tuple(part.arrows))
    about = min(part.names, default=(0, ""))[1]
    if part.arrows:
        return Suggested("merge", changes, about)
    if part.begin and not part.end and not part.change:
        return Suggested("found", changes, about)
    if part.end and not part.begin and not part.change:
        return Suggested("close", changes, about)
    kinds = {kind_of_change(facts) for _, facts in part.change}
    return Suggested(min(kinds), changes, about) if len(kinds) == 1 and not (part.begin or part.end) else None
