"""What roles allow. Pure: no database. Roles are those that a Member holds in one Unit at a time; they add up."""

from collections.abc import Collection
from datetime import timedelta
from typing import TypeAlias

INTAKE, EDITOR, APPROVER, DISPATCHER = "intake", "editor", "approver", "dispatcher"
PRIVACY_OFFICER, AUDITOR, HEAD = "privacy_officer", "auditor", "head"
ROLES = (INTAKE, EDITOR, APPROVER, DISPATCHER, PRIVACY_OFFICER, AUDITOR, HEAD)
Roles: TypeAlias = Collection[str]

# Who publishes has shown so recently that it is they; the same for all desks.
CONFIRMED_WITHIN = timedelta(minutes=5)
INVITED_FOR = timedelta(hours=72)
# What is written down of the staff's work, and on what: decisions, never what somebody looked at or how long.
DEEDS = (
    "wrote", "submitted", "discarded", "decided", "sent_back", "published", "began_correction", "began_withdrawal",
    "split", "merged", "undid", "closed", "reopened", "assigned", "handed_over", "placed", "asked_back", "ruled",
    "set_term", "erased", "tried_again", "asked_copy", "uploaded_copy", "answered", "extended", "finished", "refused",
    "enrolled", "granted", "ended_grant", "left", "invited", "reset", "accepted", "issued_token",
    "tied_account", "untied_account", "ended_sign_ins", "made_template", "changed_template", "archived_template",
)  # fmt: skip
CONFIRMED_BY = ("password", "passkey", "app", "codes", "provider")  # what was shown last when signing in
LABEL_MAX_CHARS = 60
SUBJECT_MAX_CHARS = 255  # of OpenID Connect, for what a provider calls an account
CASE, REQUEST, MEMBER, WORK, TEMPLATE = "case", "request", "member", "work", "template"
DEED_KINDS = (CASE, REQUEST, MEMBER, WORK, TEMPLATE)

# What somebody is usually enrolled as; any other name is one role.
TOGETHER = {
    EDITOR: (INTAKE, EDITOR),
    APPROVER: (INTAKE, EDITOR, APPROVER, PRIVACY_OFFICER),
}
# Who gives roles must not be able to write with one hand and approve with another.
APART = {HEAD: (EDITOR, APPROVER), EDITOR: (HEAD,), APPROVER: (HEAD,)}


def roles_of(title: str) -> tuple[str, ...]:
    """The roles that somebody enrolled as `title` holds."""
    return TOGETHER.get(title, (title,))


def may_read_cases(roles: Roles) -> bool:
    """Whether the Unit's Cases may be read, with their Messages and versions."""
    return not {INTAKE, EDITOR, APPROVER, DISPATCHER, AUDITOR}.isdisjoint(roles)


WORKING = (INTAKE, EDITOR, APPROVER, DISPATCHER)  # whose work a Case can be


def may_work(roles: Roles) -> bool:
    """Whether something may be done on the Unit's Cases, so that one can be assigned to whoever holds the roles."""
    return not set(WORKING).isdisjoint(roles)


def may_sort(roles: Roles) -> bool:
    """Whether Messages may be grouped, and Cases closed as not checkable or opened again."""
    return INTAKE in roles


def may_write(roles: Roles) -> bool:
    """Whether Answers may be written."""
    return EDITOR in roles


def may_approve(roles: Roles) -> bool:
    """Whether an Answer that somebody else wrote may be approved."""
    return APPROVER in roles


def may_hand_over(roles: Roles) -> bool:
    """Whether a Case may be handed over to another Unit."""
    return DISPATCHER in roles


def may_place(roles: Roles) -> bool:
    """Whether it may be decided which Unit answers a Case whose own was divided or has ended."""
    return not {EDITOR, DISPATCHER}.isdisjoint(roles)


def may_read_requests(roles: Roles) -> bool:
    """Whether what senders ask about their own data may be read."""
    return not {PRIVACY_OFFICER, AUDITOR}.isdisjoint(roles)


def may_handle_requests(roles: Roles) -> bool:
    """Whether what senders ask about their own data may be answered."""
    return PRIVACY_OFFICER in roles


def may_erase(roles: Roles) -> bool:
    """Whether an erasure by law may be approved."""
    return PRIVACY_OFFICER in roles


def may_set_terms(roles: Roles) -> bool:
    """Whether it may be set how long an answer may take."""
    return not {APPROVER, HEAD}.isdisjoint(roles)


def may_keep_templates(roles: Roles) -> bool:
    """Whether the words that answers begin from may be kept."""
    return not {EDITOR, HEAD}.isdisjoint(roles)


def may_try_again(roles: Roles) -> bool:
    """Whether work that failed may be tried again."""
    return not {INTAKE, EDITOR, APPROVER, DISPATCHER, PRIVACY_OFFICER}.isdisjoint(roles)


def may_read_deeds(roles: Roles) -> bool:
    """Whether the Unit's audit trail may be read."""
    return AUDITOR in roles


def may_read_members(roles: Roles) -> bool:
    """Whether it may be read who holds which role in the Unit."""
    return not {HEAD, AUDITOR}.isdisjoint(roles)


def may_manage(roles: Roles) -> bool:
    """Whether people may be invited to the Unit, and their Grants ended."""
    return HEAD in roles


def may_hold(role: str, *, beside: Roles) -> bool:
    """Whether somebody who holds the roles `beside` in a Unit may be given this one there too."""
    return set(APART.get(role, ())).isdisjoint(beside)


def needs_second_factor(roles: Roles) -> bool:
    """Whether these roles publish, touch people's data or give roles: a password alone is too little for them."""
    return not {APPROVER, PRIVACY_OFFICER, HEAD}.isdisjoint(roles)


AREA, DESK, DEPARTMENT = "area", "desk", "department"
UNIT_ROLES = (AREA, DESK, DEPARTMENT)
OWN_SCHEME = "own"  # of codes that this desk gives its own bodies
UNIT_EVENTS = ("rename", "recode", "upgrade", "move", "merge", "split", "transfer", "found", "close", "reverse")


def may_enter_units(roles: Roles) -> bool:
    """Whether a change of Units may be proposed."""
    return not {EDITOR, APPROVER, HEAD}.isdisjoint(roles)


def may_apply_units(roles: Roles) -> bool:
    """Whether a change of Units that somebody else proposed may be applied."""
    return not {APPROVER, HEAD}.isdisjoint(roles)
