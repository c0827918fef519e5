"""What changes units, members and tokens."""

from sangto.people.actions.enrol import enrol, issue_token, leave
from sangto.people.actions.found import found_unit
from sangto.people.actions.sessions import forget_sessions

__all__ = ["enrol", "forget_sessions", "found_unit", "issue_token", "leave"]
