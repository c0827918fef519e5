"""Change Units: somebody enters a change with its document, another Member applies it, a wrong one is reversed.

A crash leaves nothing: an event, its periods and its arrows are one transaction. Old periods end before new ones begin,
so that codes can be handed round in a circle under "one Unit a code and day".
"""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from sangto.engine import unit_changes
from sangto.engine.unit_changes import Changes, NotChanges
from sangto.engine.unit_compare import Suggested
from sangto.people.actions.unit_periods import CannotChangeUnits, carry_out, undo
from sangto.people.models import Member, UnitEvent, UnitProposal, UnitSource
from sangto.people.queries.grants import may_anywhere
from sangto.people.rules import may_apply_units, may_enter_units


@dataclass(frozen=True)
class Document:
    """What orders a change: its number, its date, where it can be read, and the SHA-256 of an archived copy."""

    number: str
    dated_on: date | None
    address: str
    digest: str = ""


@transaction.atomic
def propose(
    suggested: Suggested,
    *,
    effective_on: date,
    scheme: str,
    by: Member,
    now: datetime,
    document: Document | None = None,
    source: UnitSource | None = None,
) -> UnitProposal:
    """A change that waits for another Member; the one that waits already where it is the same.

    Raises CannotChangeUnits: not_allowed, or a code of NotChanges.
    """
    if not may_anywhere(by, may_enter_units):
        raise CannotChangeUnits("not_allowed")
    kind, changes = suggested.kind, suggested.changes
    try:
        unit_changes.check(changes, kind=kind)
    except NotChanges as error:
        raise CannotChangeUnits(error.code) from error
    mark = unit_changes.fingerprint(changes, kind=kind, on=effective_on)
    values = {
        "kind": kind,
        "effective_on": effective_on,
        "scheme": scheme,
        "changes": json.dumps(changes.as_json(), ensure_ascii=False),
        "source": source,
        "note": suggested.about[:500],
        "entered_by": by,
        "entered_at": now,
        **_document_fields(document),
    }
    # Two who enter the same at once: the constraint lets one wait, and the second is handed that one.
    return UnitProposal.objects.get_or_create(fingerprint=mark, event=None, refused_at=None, defaults=values)[0]


@transaction.atomic
def apply_event(proposal: UnitProposal, *, by: Member, now: datetime, document: Document | None = None) -> UnitEvent:
    """The event, carried out; `document` is put in where the proposal has none.

    Raises CannotChangeUnits: not_allowed, same_member, no_document, over (applied or refused before), or a code of
    `carry_out` or `undo`.
    """
    if not may_anywhere(by, may_apply_units):
        raise CannotChangeUnits("not_allowed")
    if proposal.entered_by_id == by.pk:
        raise CannotChangeUnits("same_member")
    waiting = UnitProposal.objects.select_for_update().filter(pk=proposal.pk, event=None, refused_at=None).first()
    if waiting is None:
        raise CannotChangeUnits("over")
    if document is not None and not waiting.document:
        UnitProposal.objects.filter(pk=waiting.pk).update(**_document_fields(document))
        waiting.refresh_from_db()
    if not (waiting.document and waiting.decree_number):
        raise CannotChangeUnits("no_document")
    event = UnitEvent.objects.create(
        kind=waiting.kind,
        effective_on=waiting.effective_on,
        decree_number=waiting.decree_number,
        decree_date=waiting.decree_date,
        document=waiting.document,
        document_digest=waiting.document_digest,
        note=waiting.note,
        source=waiting.source,
        entered_by=waiting.entered_by,
        checked_by=by,
        applied_at=now,
        reverses=waiting.reverses,
    )
    _do(event, waiting)
    UnitProposal.objects.filter(pk=waiting.pk).update(event=event)
    return event


@transaction.atomic
def reverse_event(event: UnitEvent, *, document: Document, by: Member, now: datetime, note: str = "") -> UnitProposal:
    """A proposal to reverse a wrong event, which another Member applies.

    Raises CannotChangeUnits: not_allowed, over (it is reversed already, or is a reversal).
    """
    if not may_anywhere(by, may_enter_units):
        raise CannotChangeUnits("not_allowed")
    if event.kind == "reverse" or UnitEvent.objects.filter(reverses=event).exists():
        raise CannotChangeUnits("over")
    mark = unit_changes.fingerprint(Changes(end=(f"u{event.pk}",)), kind="reverse", on=event.effective_on)
    waiting = UnitProposal.objects.filter(fingerprint=mark, event=None, refused_at=None).first()
    return waiting or UnitProposal.objects.create(
        kind="reverse",
        effective_on=event.effective_on,
        scheme="",
        changes=json.dumps(Changes().as_json()),
        fingerprint=mark,
        reverses=event,
        note=note[:500],
        entered_by=by,
        entered_at=now,
        **_document_fields(document),
    )


@transaction.atomic
def refuse_proposal(proposal: UnitProposal, *, by: Member, now: datetime) -> None:
    """The proposal is over and changes nothing; raises CannotChangeUnits (not_allowed, over)."""
    if not may_anywhere(by, may_enter_units):
        raise CannotChangeUnits("not_allowed")
    waiting = UnitProposal.objects.filter(pk=proposal.pk, event=None, refused_at=None)
    if not waiting.update(refused_by=by, refused_at=now):
        raise CannotChangeUnits("over")


def changes_of(proposal: UnitProposal) -> Changes:
    """What a proposal would change; raises NotChanges where its row says none."""
    return unit_changes.from_json(json.loads(proposal.changes))


def _do(event: UnitEvent, proposal: UnitProposal) -> None:
    try:
        with transaction.atomic():
            if event.reverses:
                undo(event)
            else:
                carry_out(event, changes_of(proposal), scheme=proposal.scheme, source=proposal.source)
    except IntegrityError as error:  # a constraint or a trigger: a code that is taken, a parent that does not live
        raise CannotChangeUnits("not_possible") from error


def _document_fields(document: Document | None) -> dict[str, Any]:
    if document is None:
        return {}
    return {
        "decree_number": document.number[:100],
        "decree_date": document.dated_on,
        "document": document.address[:1000],
        "document_digest": document.digest[:64],
    }
