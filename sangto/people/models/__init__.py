"""Units, and the members who work for them."""

from sangto.people.models.members import Member, Token, User
from sangto.people.models.units import Unit

__all__ = ["Member", "Token", "Unit", "User"]
