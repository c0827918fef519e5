"""Reads of members and units that more than one door needs."""

from sangto.people.queries.find_units import Found, Hit, find_unit
from sangto.people.queries.members import member_by_token, member_by_username, member_for
from sangto.people.queries.unit_events import (
    event_by_id,
    proposal_by_id,
    proposals_waiting,
    unit_events,
    unit_sources,
)
from sangto.people.queries.units import (
    Heir,
    UnitThen,
    first_code,
    first_unit,
    heirs,
    history_of,
    holders,
    last_known,
    name_at,
    predecessors,
    successors,
    top_units,
    unit_at,
    units_at,
    units_then,
)

__all__ = [
    "Found",
    "Heir",
    "Hit",
    "UnitThen",
    "event_by_id",
    "find_unit",
    "first_code",
    "first_unit",
    "heirs",
    "history_of",
    "holders",
    "last_known",
    "member_by_token",
    "member_by_username",
    "member_for",
    "name_at",
    "predecessors",
    "proposal_by_id",
    "proposals_waiting",
    "successors",
    "top_units",
    "unit_at",
    "unit_events",
    "unit_sources",
    "units_at",
    "units_then",
]
