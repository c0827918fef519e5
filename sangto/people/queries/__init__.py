"""Reads of members, their Grants and units that more than one door needs."""

from sangto.people.queries.grants import (
    grants_in,
    held,
    may_anywhere,
    roles_by_unit,
    roles_in,
    units_held,
    units_where,
)
from sangto.people.queries.members import member_by_token, member_by_username, member_for
from sangto.people.queries.units import first_unit

__all__ = [
    "first_unit",
    "grants_in",
    "held",
    "may_anywhere",
    "member_by_token",
    "member_by_username",
    "member_for",
    "roles_by_unit",
    "roles_in",
    "units_held",
    "units_where",
]
