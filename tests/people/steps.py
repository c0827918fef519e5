"""Small countries for tests: two provinces with a few places, and events between them."""

from datetime import UTC, date, datetime

from sangto.engine.unit_changes import Changes, Facts
from sangto.engine.unit_compare import Listed, Suggested
from sangto.people.actions import Document, Origin, State, apply_event, grant, propose, seed_units
from sangto.people.models import Member, Unit, UnitEvent
from sangto.people.queries import roles_in, unit_at
from sangto.people.rules import EDITOR, INTAKE

BEGIN, AT = date(2020, 1, 1), datetime(2020, 1, 2, tzinfo=UTC)
DECREE = Document("12/NQ", date(2020, 5, 1), "https://example.org/12", "ab" * 32)
LISTED = (
    Listed("1", "Province North", "province", 1),
    Listed("2", "Province South", "province", 1),
    Listed("11", "Hill", "commune", 2, (1, "1")),
    Listed("12", "Lake", "commune", 2, (1, "1")),
    Listed("13", "Mill", "commune", 2, (1, "1")),
    Listed("21", "Port", "commune", 2, (1, "2")),
)


def begin(listed=LISTED, *, on: date = BEGIN) -> None:
    state = State(Origin("a list", on, "0" * 64), {"": on}, {}, listed)
    seed_units([state], scheme="xx", now=AT)


def ref(code: str, *, on: date) -> str:
    return f"u{unit_at(code, on=on).unit}"


def event(kind: str, changes: Changes, *, on: date, by: Member, checked_by: Member) -> UnitEvent:
    made = propose(Suggested(kind, changes, "a test"), effective_on=on, scheme="xx", by=by, now=AT, document=DECREE)
    return apply_event(made, by=checked_by, now=AT)


def place(code: str, name: str, parent: str, *, kind: str = "commune") -> Facts:
    return Facts(code, name, kind, 2, parent)


def all_work_in(unit_id: int) -> None:
    """Every Member sorts and writes in this Unit too."""
    unit = Unit.objects.get(pk=unit_id)
    for member in Member.objects.all():
        for role in {INTAKE, EDITOR} - roles_in(member, unit_id):
            grant(member, unit=unit, role=role, by=None, now=AT)
