"""Units from the command line: take lists over, check and apply what they suggest, look one up."""

import hashlib
import json
import lzma
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from sangto.engine.unit_compare import Disagreement
from sangto.interchange import unit_lists
from sangto.interchange.unit_lists import NotAUnitList, UnitList
from sangto.people.actions import (
    CannotChangeUnits,
    Document,
    Origin,
    State,
    apply_event,
    load_units,
    refuse_proposal,
    seed_units,
)
from sangto.people.queries import (
    find_unit,
    history_of,
    holders,
    last_known,
    member_by_username,
    proposal_by_id,
    proposals_waiting,
    successors,
    unit_at,
    units_at,
)

COUNTRIES = Path(__file__).parent / "country"
SHOWN_MOST = 40
DAY = timedelta(days=1)


def seed(country: str) -> int:
    """Exit code 0 when the country was taken over, 1 when it could not be: then nothing was."""
    folder = COUNTRIES / country
    if not (folder / "plan.json").is_file():
        there = ", ".join(sorted(each.parent.name for each in COUNTRIES.glob("*/plan.json")))
        click.echo(f"No lists of {country} come with this program. There is: {there}.", err=True)
        return 1
    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    now = timezone.now()
    try:
        found = seed_units(states_of(plan, folder), scheme=plan["scheme"], now=now, progress=_progress)
    except CannotChangeUnits as error:
        click.echo(f"Nothing was loaded: {REFUSALS.get(error.code, error.code)}", err=True)
        return 1
    _print_disagreements(found)
    for state in plan["states"]:
        click.echo(f"Source: {state['source']}, {state['as_of']} ({state['address']})")
    today = timezone.localdate()
    for level in (1, 2, 3):
        count = len(units_at(on=today, scheme=plan["scheme"], level=level))
        click.echo(f"Level {level}: {count} units today" if count else f"Level {level}: none today")
    return 0


def begin(file: Path, *, format_: str, scheme: str, source: str, as_of: date) -> int:
    """Exit code 0 when the first list of a scheme was taken over, 1 when it could not be: then nothing was."""
    listed, digest = _read(file, format_=format_, on=as_of)
    if listed is None:
        return 1
    state = State(Origin(source, as_of, digest), {"": as_of}, {}, listed.listed)
    try:
        seed_units([state], scheme=scheme[:20], now=timezone.now(), progress=_progress)
    except CannotChangeUnits as error:
        click.echo(f"Nothing was loaded: {REFUSALS.get(error.code, error.code)}", err=True)
        return 1
    return 0


def document_of(*, decree: str, decree_date: datetime | None, document: str) -> Document | None:
    """The document that options name, or None where they name none."""
    return Document(decree, decree_date.date() if decree_date else None, document) if decree and document else None


def states_of(plan: dict[str, Any], folder: Path) -> Iterator[State]:
    """The lists of a country that come with the program, read one by one."""
    for each in plan["states"]:
        content = lzma.decompress((folder / each["file"]).read_bytes())
        listed = unit_lists.read(content, format_=each["format"], on=date.fromisoformat(each["as_of"]))
        if "english" in each:
            other = lzma.decompress((folder / each["english"]).read_bytes())
            names = unit_lists.read(other, format_="provinces", on=date.fromisoformat(each["as_of"]))
            listed = unit_lists.with_english(listed, names)
        digest = hashlib.sha256(content).hexdigest()
        yield State(
            origin=Origin(each["source"], date.fromisoformat(each["as_of"]), digest, each["address"]),
            effective_on={kind: date.fromisoformat(day) for kind, day in each["effective_on"].items()},
            documents={
                kind: Document(said["number"], date.fromisoformat(said["dated_on"]), said["address"])
                for kind, said in each.get("documents", {}).items()
            },
            listed=listed.listed,
            went=listed.went,
        )


def load(
    file: Path, *, format_: str, scheme: str, source: str, as_of: date, username: str, document: Document | None
) -> int:
    """Exit code 0 when the list was compared, 1 when it cannot be read or there is no such member."""
    member = member_by_username(username)
    if member is None:
        click.echo(f"There is no active member {username}.", err=True)
        return 1
    listed, digest = _read(file, format_=format_, on=as_of)
    if listed is None:
        return 1
    try:
        loaded = load_units(
            listed.listed,
            went=listed.went,
            scheme=scheme,
            origin=Origin(source, as_of, digest),
            effective_on=as_of,
            by=member,
            now=timezone.now(),
            document=document,
        )
    except CannotChangeUnits as error:
        click.echo(f"Nothing was proposed: {REFUSALS.get(error.code, error.code)}", err=True)
        return 1
    _print_disagreements(loaded.disagreements)
    click.echo(f"{len(loaded.proposals)} proposals wait for another member (sangto units proposals).")
    return 0


def proposals() -> int:
    """Print what waits for a second member."""
    for each in proposals_waiting():
        missing = "" if each.document else "; needs its document"
        click.echo(f"{each.pk}: {each.kind} of {each.effective_on}, {each.note} ({each.entered_by}{missing})")
    return 0


def apply(number: int, *, username: str, document: Document | None, refusing: bool) -> int:
    """Exit code 0 when the proposal was applied or refused, 1 when it could not be."""
    member, proposal = member_by_username(username), proposal_by_id(number)
    if member is None or proposal is None:
        click.echo(f"There is no active member {username}." if member is None else f"No proposal {number}.", err=True)
        return 1
    try:
        if refusing:
            refuse_proposal(proposal, by=member, now=timezone.now())
        else:
            apply_event(proposal, by=member, now=timezone.now(), document=document)
    except CannotChangeUnits as error:
        click.echo(f"Nothing was changed: {REFUSALS.get(error.code, error.code)}", err=True)
        return 1
    click.echo(f"Proposal {number} was {'refused' if refusing else 'applied'}.")
    return 0


def show(code: str, *, on: date | None) -> int:
    """Exit code 0 when somebody held the code on the day, 1 when nobody did."""
    day = on or timezone.localdate()
    held, ever = unit_at(code, on=day), holders(code)
    if held is None and not ever:
        click.echo(f"Nobody ever held the code {code}.", err=True)
        return 1
    for each in [held] if held else []:
        for period in history_of(each.unit):
            until = f"until {period.valid_to - DAY}" if period.valid_to else "on"
            click.echo(f"u{each.unit} {period.code} {period.name} ({period.kind}), from {period.valid_from} {until}")
    others = [each for each in ever if held is None or each.unit != held.unit]
    for each in others:
        click.echo(f"Another unit held the code from {each.valid_from} on: u{each.unit} {each.name}")
        _print_heirs(each.unit, on=day)
    return 0 if held else 1


def find(text: str) -> int:
    """Exit code 0 when something was found, 1 when nothing was."""
    today = timezone.localdate()
    found = find_unit(text, on=today)
    for each in found.hits[:SHOWN_MOST]:
        until = f" (until {each.then.valid_to - DAY})" if each.then.valid_to and each.then.valid_to <= today else ""
        within = f", {each.within}" if each.within else ""
        today_it_is = "; ".join(each.today)
        now = f" -> {today_it_is}" if until and today_it_is else " -> unknown" if until else ""
        click.echo(f"{each.then.code} {each.then.name}{within}{until}{now}")
    if len(found.hits) > SHOWN_MOST:
        click.echo(f"... and {len(found.hits) - SHOWN_MOST} more: add the province after a comma.")
    return 0 if found.hits else 1


def _print_heirs(unit: int, *, on: date) -> None:
    heirs = successors(unit, on=on)
    names = last_known(heir.unit for heir in heirs)
    for heir in heirs:
        click.echo(f"  {heir.share} -> {names[heir.unit].code} {names[heir.unit].name}")


def _read(file: Path, *, format_: str, on: date) -> tuple[UnitList | None, str]:
    try:
        content = file.read_bytes()
        return unit_lists.read(content, format_=format_, on=on), hashlib.sha256(content).hexdigest()
    except OSError as error:
        click.echo(f"{file} cannot be read: {error.strerror}.", err=True)
    except NotAUnitList as error:
        for line, code, what in error.problems:
            where = f"line {line}: " if line else ""
            click.echo(f"{where}{PROBLEMS.get(code, code)}{f': {what}' if what else ''}", err=True)
    return None, ""


def _print_disagreements(found: tuple[Disagreement, ...] | list[Disagreement]) -> None:
    for each in found:
        said = f"here {each.here or '-'}, in the list {each.there or '-'}"
        click.echo(f"Disagreement: {each.key[1]} {DISAGREEMENTS[each.code]} ({said})")
    if found:
        click.echo(f"{len(found)} disagreements: nothing was proposed for them. People decide, with a document.")


def _progress(what: str, done: int, of: int) -> None:
    if done == of or done % 100 == 0:
        click.echo(f"{what}: {done} of {of}")


REFUSALS = {
    "not_allowed": "this member's role does not allow it.",
    "same_member": "another member than the one who entered it has to check it.",
    "no_document": "the document that orders it is missing (--decree, --document).",
    "over": "it was applied or refused before.",
    "not_empty": "this desk knows units of this country already; load the list instead.",
    "too_early": "a unit's last period began on that day or later.",
    "moved_on": "a unit in it no longer lives.",
    "parts_left": "a unit would end whose parts live on.",
    "later_events": "later events build on it; reverse those first.",
    "no_such_code": "nobody holds this code on that day.",
    "malformed": "this says no changes.",
    "nothing": "it changes nothing.",
    "wrong_kind": "a change of this kind cannot do this.",
    "twice": "a unit stands in it twice.",
    "not_begun": "it names a new unit that it does not begin.",
    "arrow": "an arrow leads from what does not end, or to what ends.",
    "not_shared": "a unit went over whole and elsewhere too, or only a part of it went anywhere.",
    "not_possible": "a code is taken on that day, or a unit would outlive what it is part of.",
}
PROBLEMS = {
    "not_utf8": "the file is not UTF-8",
    "not_csv": "no CSV of as many fields as the head names",
    "not_json": "not a list in this format",
    "no_lines": "no unit is valid on that day",
    "too_many": "too many lines",
    "column_missing": "the head lacks the column",
    "column_unknown": "the head names an unknown column",
    "empty": "this must not be empty",
    "too_long": "this is too long",
    "bad_code": "a code is 1 to 40 letters, digits, - or _",
    "bad_level": "a level is a digit from 1 to 9",
    "bad_date": "a day is written 2026-11-27",
    "ends_before": "it ends before it begins",
    "twice": "this stands there twice",
    "no_parent": "the parent is not in the list, or stands no higher",
    "no_kind": "a name that does not say what kind it is",
}
DISAGREEMENTS = {
    "other_name": "has another name, and units came or went beside it",
    "vanished": "is not in the list",
    "appeared": "is only in the list",
    "no_successor": "ends, and nothing says what it became",
    "no_predecessor": "begins, and nothing says from what",
    "unknown_old": "is an old unit that nobody knows here",
    "unknown_new": "is a new unit that is not in the list",
    "not_shared": "went over whole and elsewhere too, or only a part of it went anywhere",
}
