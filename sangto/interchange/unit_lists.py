"""Lists of units as others publish them: our CSV for any country, and two formats of lists of Vietnam.

All or nothing: a list with one bad line is refused whole, with every bad line named.
"""

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sangto.engine.unit_changes import CODE, LEVELS, TEXTS_MOST
from sangto.engine.unit_compare import Key, Listed, Went
from sangto.engine.unit_names import is_same_name, kind_of, spelt

COLUMNS = ("code", "name", "name_en", "kind", "level", "parent_code", "valid_from", "valid_to", "decree")
NEEDED = ("code", "name", "kind")
LINES_MOST = 200_000
PROBLEMS_MOST = 20


class NotAUnitList(ValueError):
    """The file cannot be read; `problems` says why: (line or 0, code, what) each.

    Codes: not_utf8, not_csv, not_json, no_lines, too_many, column_missing, column_unknown, empty, too_long, bad_code,
    bad_level, bad_date, ends_before, twice, no_parent or no_kind.
    """

    def __init__(self, *problems: tuple[int, str, str]) -> None:
        super().__init__(problems[0][1])
        self.problems = problems


@dataclass(frozen=True)
class UnitList:
    """What a file says: units of one day, and where it tells of a change, what went where."""

    listed: tuple[Listed, ...]
    went: tuple[Went, ...] = ()


def from_csv(content: bytes, *, on: date) -> UnitList:
    """The units of a CSV that are valid on the day; raises NotAUnitList with line numbers."""
    rows = list(_rows(content))
    problems = [problem for line, row in rows for problem in _problems(line, row)]
    if problems:
        raise NotAUnitList(*problems[:PROBLEMS_MOST])
    valid = [(line, row) for line, row in rows if _is_valid(row, on)]
    if not valid:
        raise NotAUnitList((0, "no_lines", ""))
    return UnitList(tuple(_joined(valid)))


def from_provinces(content: bytes, *, on: date) -> UnitList:
    """A list of provinces with their wards, each with `Code`, `FullName`, `FullNameEn`."""
    listed: list[Listed] = []
    for province in _parsed(content, list):
        top = _named(province, "Code", "FullName", "FullNameEn")
        listed += [top, *(_named(ward, "Code", "FullName", "FullNameEn", parent=top) for ward in province["Wards"])]
    return UnitList(tuple(listed))


def from_dvhcvn_old(content: bytes, *, on: date) -> UnitList:
    """The old units of dvhcvn's `splits.json`."""
    listed: list[Listed] = []
    for province in _parsed(content, dict)["data"]:
        top = _named(province, "level1_id", "name")
        listed.append(top)
        for level in ("level2", "level3"):
            listed += [_named(each, f"{level}_id", "name", parent=top) for each in province.get(f"{level}s", ())]
    return UnitList(tuple(listed))


def from_dvhcvn_new(content: bytes, *, on: date) -> UnitList:
    """The new units of dvhcvn's `merges.json`, with what of which old unit went to each."""
    listed: list[Listed] = []
    went: list[Went] = []
    for province in _parsed(content, dict)["data"]:
        top = _named(province, "level1_id", "name")
        inside = [(_named(each, "level2_id", "name", parent=top), each) for each in province["level2s"]]
        for line, each in [(top, province), *inside]:
            listed.append(line)
            went += [Went(_key(old), line.key, old["type"] == "full") for old in each["merges"]]
    return UnitList(tuple(listed), tuple(went))


FORMATS: dict[str, Callable[..., UnitList]] = {
    "csv": from_csv,
    "provinces": from_provinces,
    "dvhcvn-old": from_dvhcvn_old,
    "dvhcvn-new": from_dvhcvn_new,
}


def read(content: bytes, *, format_: str, on: date) -> UnitList:
    """A list in one of the FORMATS; raises NotAUnitList."""
    try:
        return FORMATS[format_](content, on=on)
    except (KeyError, TypeError, AttributeError) as error:
        raise NotAUnitList((0, "not_json", type(error).__name__)) from error


def with_english(listed: UnitList, other: UnitList) -> UnitList:
    """The list with the English names of another, where that has the same code and name."""
    names = {line.key: line for line in other.listed}
    return replace(listed, listed=tuple(_in_english(line, names.get(line.key)) for line in listed.listed))


def _in_english(line: Listed, other: Listed | None) -> Listed:
    return replace(line, name_en=other.name_en) if other and is_same_name(line.name, other.name) else line


def _parsed(content: bytes, kind: type) -> Any:
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise NotAUnitList((0, "not_json", type(error).__name__)) from error
    if not isinstance(found, kind):
        raise NotAUnitList((0, "not_json", ""))
    return found


def _named(value: Any, code: str, name: str, name_en: str = "", *, parent: Listed | None = None) -> Listed:
    full = spelt(value[name])
    found = kind_of(full)
    if (
        found is None
        and parent is not None
        or not CODE.fullmatch(value[code])
        or not 0 < len(full) <= TEXTS_MOST["name"]
    ):
        raise NotAUnitList((0, "no_kind", full[:80]))
    kind, level = found or ("province", 1)
    english = spelt(value[name_en])[: TEXTS_MOST["name_en"]] if name_en else ""
    return Listed(value[code], full, kind, level, parent.key if parent else None, english)


def _key(old: Any) -> Key:
    return _named(old, "old_id", "name", parent=Listed("0", "", "", 1)).key


def _rows(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotAUnitList((0, "not_utf8", "")) from error
    lines = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        names = [spelt(name or "").lower() for name in lines.fieldnames or ()]
        _check_columns(names)
        lines.fieldnames = names
        for row in lines:
            if lines.line_num > LINES_MOST:
                raise NotAUnitList((lines.line_num, "too_many", ""))
            if None in row or None in row.values():
                raise NotAUnitList((lines.line_num, "not_csv", ""))
            yield lines.line_num, {name: spelt(value) for name, value in row.items()}
    except csv.Error as error:
        raise NotAUnitList((lines.reader.line_num, "not_csv", "")) from error


def _check_columns(names: list[str]) -> None:
    missing = [(1, "column_missing", name) for name in NEEDED if name not in names]
    unknown = [(1, "column_unknown", name[:40]) for name in names if name not in COLUMNS]
    twice = [(1, "twice", name) for name in sorted({name for name in names if names.count(name) > 1})]
    if missing or unknown or twice:
        raise NotAUnitList(*missing, *unknown, *twice)


def _problems(line: int, row: dict[str, str]) -> Iterator[tuple[int, str, str]]:
    yield from ((line, "empty", name) for name in NEEDED if not row[name])
    yield from ((line, "too_long", name) for name, most in TEXTS_MOST.items() if len(row.get(name, "")) > most)
    if row["code"] and not CODE.fullmatch(row["code"]):
        yield line, "bad_code", row["code"][:40]
    level = row.get("level", "")
    if level and not (level.isdecimal() and len(level) == 1 and int(level) in LEVELS[1:]):
        yield line, "bad_level", level[:40]
    days = [_day(row.get(name, "")) for name in ("valid_from", "valid_to")]
    if None in days:
        yield line, "bad_date", " ".join(row.get(name, "") for name in ("valid_from", "valid_to"))[:40]
    elif row.get("valid_to") and str(days[1]) <= str(days[0] or ""):
        yield line, "ends_before", row["valid_to"]


def _day(text: str) -> date | str | None:
    """The day, an empty text where none is given, None where it is no day."""
    try:
        return date.fromisoformat(text) if text else ""
    except ValueError:
        return None


def _is_valid(row: dict[str, str], on: date) -> bool:
    begins, ends = (_day(row.get(name, "")) for name in ("valid_from", "valid_to"))
    return (not begins or str(begins) <= on.isoformat()) and (not ends or on.isoformat() < str(ends))


def _joined(rows: list[tuple[int, dict[str, str]]]) -> Iterator[Listed]:
    """The lines with their parents; a level that is not said is one below the parent's."""
    by_code: dict[str, tuple[int, dict[str, str]]] = {}
    problems = []
    for line, row in rows:
        if row["code"] in by_code:
            problems.append((line, "twice", row["code"]))
        by_code[row["code"]] = line, row
    for line, row in rows:
        if _level(row, by_code) is None:
            problems.append((line, "no_parent", row.get("parent_code", "")[:40]))
    if problems:
        raise NotAUnitList(*sorted(problems)[:PROBLEMS_MOST])
    for _, row in rows:
        parent = by_code.get(row.get("parent_code", ""))
        above = (_level(parent[1], by_code) or 1, parent[1]["code"]) if parent else None
        yield Listed(
            row["code"], row["name"], row["kind"], _level(row, by_code) or 1, above, row.get("name_en", "")
        )  # fmt: skip


def _level(row: dict[str, str], by_code: dict[str, tuple[int, dict[str, str]]]) -> int | None:
    """How deep a line stands; None where a parent is missing, stands no higher, or leads round in a circle."""
    up, depth = row, 1
    while up.get("parent_code"):
        found = by_code.get(up["parent_code"])
        depth += 1
        if found is None or depth not in LEVELS:
            return None
        up = found[1]
    said = row.get("level")
    if not said or not row.get("parent_code"):
        return int(said) if said else depth
    above = _level(by_code[row["parent_code"]][1], by_code)
    return int(said) if above is not None and above < int(said) else None
