"""Units, and the members who work for them."""

from sangto.people.models.deeds import Deed
from sangto.people.models.invitations import Invitation
from sangto.people.models.members import Grant, Member, Token, User
from sangto.people.models.units import Unit

__all__ = ["Deed", "Grant", "Invitation", "Member", "Token", "Unit", "User"]
