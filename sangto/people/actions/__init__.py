"""What changes units, members and tokens."""

from sangto.people.actions.enrol import enrol, found_unit, issue_token, leave

__all__ = ["enrol", "found_unit", "issue_token", "leave"]
