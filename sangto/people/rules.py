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


AREA, DESK, DEPARTMENT = "area", "desk", "department"
UNIT_ROLES = (AREA, DESK, DEPARTMENT)
OWN_SCHEME = "own"  # of codes that this desk gives its own bodies
UNIT_EVENTS = ("rename", "recode", "upgrade", "move", "merge", "split", "transfer", "found", "close", "reverse")


def may_enter_units(role: str) -> bool:
    """Whether the role may propose a change of Units."""
    return role in ROLES


def may_apply_units(role: str) -> bool:
    """Whether the role may apply a change of Units that somebody else proposed."""
    return role == APPROVER
