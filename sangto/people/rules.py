"""What a role may do. Pure: no database."""

EDITOR, APPROVER = "editor", "approver"
ROLES = (EDITOR, APPROVER)


def may_write(role: str) -> bool:
    """Whether the role may group Messages and write Answers."""
    return role in ROLES


def may_handle_requests(role: str) -> bool:
    """Whether the role may answer what senders ask about their own data."""
    return role in ROLES


def may_approve(role: str) -> bool:
    """Whether the role may approve an Answer that somebody else wrote."""
    return role == APPROVER
