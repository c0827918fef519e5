"""Propose one change of units, or a reversal, from the command line."""

import json
from datetime import date
from pathlib import Path

import click
from django.utils import timezone

from sangto.config.units import REFUSALS
from sangto.engine.unit_changes import Changes, NotChanges, from_json
from sangto.engine.unit_compare import Suggested
from sangto.people.actions import CannotChangeUnits, Document, propose, reverse_event
from sangto.people.queries import UnitThen, event_by_id, member_by_username, unit_at


def propose_one(
    kind: str,
    what: str,
    *,
    on: date,
    facts: dict[str, str | None],
    parent: str | None,
    username: str,
    document: Document | None,
) -> int:
    """Exit code 0 when it waits for a second member, 1 when it cannot be proposed."""
    member = member_by_username(username)
    if member is None:
        click.echo(f"There is no active member {username}.", err=True)
        return 1
    try:
        suggested, scheme = _of_file(Path(what)) if kind == "file" else _of_one(kind, what, on, facts, parent)
        made = propose(
            suggested, effective_on=on, scheme=scheme, by=member, now=timezone.now(), document=document
        )  # fmt: skip
    except OSError as error:
        click.echo(f"{what} cannot be read: {error.strerror}.", err=True)
        return 1
    except (CannotChangeUnits, NotChanges) as error:
        click.echo(f"Nothing was proposed: {REFUSALS.get(error.code, error.code)}", err=True)
        return 1
    click.echo(f"Proposal {made.pk} waits for another member.")
    return 0


def reverse(number: int, *, username: str, document: Document | None) -> int:
    """Exit code 0 when the reversal waits for a second member, 1 when it cannot be proposed."""
    member, event = member_by_username(username), event_by_id(number)
    if member is None or event is None or document is None:
        said = {"member": member, "event": event, "document": document}
        click.echo(f"There is no such {next(name for name, value in said.items() if value is None)}.", err=True)
        return 1
    try:
        made = reverse_event(event, document=document, by=member, now=timezone.now())
    except CannotChangeUnits as error:
        click.echo(f"Nothing was proposed: {REFUSALS.get(error.code, error.code)}", err=True)
        return 1
    click.echo(f"Proposal {made.pk} waits for another member.")
    return 0


def _of_file(path: Path) -> tuple[Suggested, str]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        parts = {"begin": [], "change": [], "end": [], "arrows": [], **said["changes"]}
        return Suggested(str(said["kind"]), from_json(parts), str(said.get("about", ""))), str(said["scheme"])[:20]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NotChanges("malformed") from error


def _of_one(kind: str, code: str, on: date, facts: dict[str, str | None], parent: str | None) -> tuple[Suggested, str]:
    held = _held(code, on)
    if kind == "close":
        return Suggested(kind, Changes(end=(f"u{held.unit}",)), held.name), held.scheme
    new = {name: value for name, value in facts.items() if value is not None}
    if parent is not None:
        new["parent"] = f"u{_held(parent, on, scheme=held.scheme).unit}" if parent else ""
    # Through JSON, so that what was typed is checked as what a file says.
    changes = from_json({"begin": [], "change": [[f"u{held.unit}", new]], "end": [], "arrows": []})
    return Suggested(kind, changes, held.name), held.scheme


def _held(code: str, on: date, *, scheme: str = "") -> UnitThen:
    held = unit_at(code, on=on, scheme=scheme)
    if held is None:
        raise NotChanges("no_such_code")
    return held
