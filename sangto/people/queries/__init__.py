"""Reads of members, their Grants and units that more than one door needs."""

from sangto.people.queries.deeds import deeds_of
from sangto.people.queries.grants import (
    grant_by_id,
    grants_in,
    held,
    may_anywhere,
    roles_by_unit,
    roles_in,
    units_held,
    units_where,
)
from sangto.people.queries.invitations import invitation_by_secret
from sangto.people.queries.members import member_by_token, member_by_username, member_for, token_may_approve
from sangto.people.queries.units import all_units, first_unit, unit_by_code

__all__ = [
    "all_units",
    "deeds_of",
    "first_unit",
    "grant_by_id",
    "grants_in",
    "held",
    "invitation_by_secret",
    "may_anywhere",
    "member_by_token",
    "member_by_username",
    "member_for",
    "roles_by_unit",
    "roles_in",
    "token_may_approve",
    "unit_by_code",
    "units_held",
    "units_where",
]
