"""Reads of members and units that more than one door needs."""

from sangto.people.queries.members import member_by_token, member_by_username, member_for
from sangto.people.queries.units import first_unit

__all__ = ["first_unit", "member_by_token", "member_by_username", "member_for"]
