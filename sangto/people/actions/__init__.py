"""What changes units, members and tokens."""

from sangto.people.actions.enrol import enrol, found_unit, issue_token, leave
from sangto.people.actions.sessions import forget_sessions

__all__ = ["enrol", "forget_sessions", "found_unit", "issue_token", "leave"]
