"""What changes units, members, Grants and tokens."""

from sangto.people.actions.deeds import record_deed
from sangto.people.actions.enrol import enrol, found_unit, issue_token, leave
from sangto.people.actions.factors import forget_second_factors, use_factor
from sangto.people.actions.grants import CannotGrant, end_grant, grant
from sangto.people.actions.invitations import CannotAccept, accept, invite, renew_password
from sangto.people.actions.sessions import forget_sessions

__all__ = [
    "CannotAccept",
    "CannotGrant",
    "accept",
    "end_grant",
    "enrol",
    "forget_second_factors",
    "forget_sessions",
    "found_unit",
    "grant",
    "invite",
    "issue_token",
    "leave",
    "record_deed",
    "renew_password",
    "use_factor",
]
