"""What changes units, members, Grants and tokens."""

from sangto.people.actions.deeds import record_deed
from sangto.people.actions.enrol import enrol, found_unit, issue_token, leave
from sangto.people.actions.grants import CannotGrant, end_grant, grant
from sangto.people.actions.sessions import forget_sessions

__all__ = [
    "CannotGrant",
    "end_grant",
    "enrol",
    "forget_sessions",
    "found_unit",
    "grant",
    "issue_token",
    "leave",
    "record_deed",
]
