"""What an event changes, as plain values: which Units begin, go on otherwise, end, and what went where.

A Unit is written `u12` (known, by its id) or `n3` (begun by this event).
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sangto.engine.unit_names import spelt

FIELDS = ("code", "name", "name_en", "kind", "level", "parent")
TEXTS_MOST = {"code": 40, "name": 200, "name_en": 200, "kind": 40, "parent": 20}
LEVELS = range(0, 10)
CODE = re.compile(r"[A-Za-z0-9_-]{1,40}")
REF = re.compile(r"[un][1-9][0-9]{0,17}")

# The field that an event of this kind changes; others may change with it.
KEY_FIELDS = {"rename": {"name", "name_en"}, "recode": {"code"}, "upgrade": {"kind"}, "move": {"parent"}}


class NotChanges(ValueError):
    """What was handed over says no changes; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Facts:
    """What a Unit is called and where it belongs: `parent` is a reference, or empty at the top."""

    code: str
    name: str
    kind: str
    level: int
    parent: str = ""
    name_en: str = ""


@dataclass(frozen=True)
class Changes:
    """All that one event does."""

    begin: tuple[tuple[str, Facts], ...] = ()
    change: tuple[tuple[str, dict[str, Any]], ...] = ()  # a Unit that goes on, and what of it is new
    end: tuple[str, ...] = ()
    arrows: tuple[tuple[str, str, str], ...] = ()  # from, to, "whole" or "part"

    def as_json(self) -> dict[str, Any]:
        """Plain values that `from_json` takes back."""
        return {
            "begin": [[ref, asdict(facts)] for ref, facts in self.begin],
            "change": [[ref, dict(facts)] for ref, facts in self.change],
            "end": list(self.end),
            "arrows": [list(arrow) for arrow in self.arrows],
        }

    def known(self) -> set[int]:
        """The ids of the Units that it changes or ends."""
        return {id_of(ref) for ref in (*(ref for ref, _ in self.change), *self.end)}


def from_json(value: Any) -> Changes:
    """The changes that plain values say; raises NotChanges (`malformed`)."""
    try:
        return Changes(
            begin=tuple((_ref(ref), _facts(facts)) for ref, facts in value["begin"]),
            change=tuple((_ref(ref), _new_facts(facts)) for ref, facts in value["change"]),
            end=tuple(_ref(ref) for ref in value["end"]),
            arrows=tuple((_ref(one), _ref(other), _share(share)) for one, other, share in value["arrows"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise NotChanges("malformed") from error


def check(changes: Changes, *, kind: str) -> None:
    """Raise NotChanges where an event of this kind cannot do this.

    Codes: nothing, wrong_kind (a rename that renames nothing), twice (one Unit in two places), not_begun, arrow (from
    what does not end, or to what ends), not_shared (a whole beside other arrows, or one part alone).
    """
    if not (changes.begin or changes.change or changes.end):
        raise NotChanges("nothing")
    _check_kind(changes, kind)
    touched = [ref for ref, _ in (*changes.begin, *changes.change)] + list(changes.end)
    if len(touched) != len(set(touched)):
        raise NotChanges("twice")
    begun = {ref for ref, _ in changes.begin}
    named = {facts.parent for _, facts in changes.begin} | {facts.get("parent", "") for _, facts in changes.change}
    if any(ref[0] != "n" for ref in begun) or {ref for ref in named if ref.startswith("n")} - begun:
        raise NotChanges("not_begun")
    _check_arrows(changes, kind, begun=begun)


def fingerprint(changes: Changes, *, kind: str, on: date) -> str:
    """64 hex digits that are the same for the same changes of one day."""
    said = json.dumps([kind, on.isoformat(), changes.as_json()], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def id_of(ref: str) -> int:
    """The id in a reference to a known Unit."""
    return int(ref[1:])


def _check_kind(changes: Changes, kind: str) -> None:
    wanted = KEY_FIELDS.get(kind)
    if wanted:
        fits = not (changes.begin or changes.end or changes.arrows)
        fits = fits and all(wanted & facts.keys() for _, facts in changes.change)
    else:
        fits = {
            "merge": bool(changes.begin or changes.end) and bool(changes.arrows),
            "split": bool(changes.end) and bool(changes.begin) and bool(changes.arrows),
            "transfer": bool(changes.arrows) and not (changes.begin or changes.end),
            "found": bool(changes.begin) and not (changes.change or changes.end or changes.arrows),
            "close": bool(changes.end) and not (changes.begin or changes.change or changes.arrows),
        }.get(kind, False)
    if not fits:
        raise NotChanges("wrong_kind")


def _check_arrows(changes: Changes, kind: str, *, begun: set[str]) -> None:
    ends = set(changes.end)
    goes_on = {ref for ref, _ in changes.change}
    by_unit: dict[str, list[str]] = {}
    for one, other, share in changes.arrows:
        leaves = one in goes_on and share == "part" if kind == "transfer" else one in ends
        if not leaves or other in ends or one == other or (other.startswith("n") and other not in begun):
            raise NotChanges("arrow")
        by_unit.setdefault(one, []).append(share)
    for shares in by_unit.values():
        if "whole" in shares and len(shares) > 1 or kind != "transfer" and shares == ["part"]:
            raise NotChanges("not_shared")


def _facts(value: Mapping[str, Any]) -> Facts:
    facts = _new_facts(value)
    return Facts(**facts)


def _new_facts(value: Mapping[str, Any]) -> dict[str, Any]:
    if set(value) - set(FIELDS):
        raise ValueError("unknown field")
    return {name: _value(name, given) for name, given in value.items()}


def _value(name: str, given: Any) -> Any:
    if name == "level":
        if given not in LEVELS or isinstance(given, bool):
            raise ValueError("no level")
        return int(given)
    text = spelt(str(given))
    may_be_empty = name in ("parent", "name_en")
    if len(text) > TEXTS_MOST[name] or not (text or may_be_empty):
        raise ValueError("empty or too long")
    if name == "code" and not CODE.fullmatch(text) or name == "parent" and text and not REF.fullmatch(text):
        raise ValueError("not of this form")
    return text


def _ref(value: Any) -> str:
    if not isinstance(value, str) or not REF.fullmatch(value):
        raise ValueError("no reference")
    return value


def _share(value: Any) -> str:
    if value not in ("whole", "part"):
        raise ValueError("no share")
    return str(value)
