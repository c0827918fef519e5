"""What changes units, members and tokens."""

from sangto.people.actions.enrol import enrol, issue_token, leave
from sangto.people.actions.found import found_unit
from sangto.people.actions.load_units import Loaded, Origin, State, load_units, seed_units
from sangto.people.actions.sessions import forget_sessions
from sangto.people.actions.unit_events import (
    Document,
    apply_event,
    changes_of,
    propose,
    refuse_proposal,
    reverse_event,
)
from sangto.people.actions.unit_periods import CannotChangeUnits

__all__ = [
    "CannotChangeUnits",
    "Document",
    "Loaded",
    "Origin",
    "State",
    "apply_event",
    "changes_of",
    "enrol",
    "forget_sessions",
    "found_unit",
    "issue_token",
    "leave",
    "load_units",
    "propose",
    "refuse_proposal",
    "reverse_event",
    "seed_units",
]
