"""Units, and the members who work for them."""

from sangto.people.models.deeds import Deed
from sangto.people.models.invitations import Invitation
from sangto.people.models.members import Grant, Member, Token, User
from sangto.people.models.sign_ins import ProviderLink, SignIn
from sangto.people.models.unit_events import UnitEvent, UnitLink, UnitProposal
from sangto.people.models.units import Unit, UnitAlias, UnitPeriod, UnitSource

__all__ = [
    "Deed",
    "Grant",
    "Invitation",
    "Member",
    "ProviderLink",
    "SignIn",
    "Token",
    "Unit",
    "UnitAlias",
    "UnitEvent",
    "UnitLink",
    "UnitPeriod",
    "UnitProposal",
    "UnitSource",
    "User",
]
